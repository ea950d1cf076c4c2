"""Every option of a run, its default, and why that default."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from cleaner.errors import UsageError
from cleaner.mending.steps import ELSEWHERE, STEPS
from cleaner.rule import NO_RULES, OwnRules

RANGES = {
    "max_decode_length": (1, 1_000_000_000),
    "damaged_share": (0.0, 1.0),
    "threshold": (0.1, 1.0),
    "shingle_size": (1, 16),
    "min_words": (1, 10_000),
    "added_shingles": (0, 1_000_000),
    "template_documents": (2, 1_000_000_000),
    "template_share": (0.0, 1.0),
    "warn_share": (0.0, 1.0),
    "warn_rule_share": (0.0, 1.0),
    "max_record_megabytes": (1, 2_000),
    "max_record_seconds": (1, 1_000_000),
    "max_record_memory": (1, 10_000_000),
    "max_expansion": (1, 1_000_000),
    "max_rows": (1, 1_000_000_000_000),
    "max_depth": (10, 250),
    "max_tags": (100, 1_000_000_000),
    "max_lines": (100, 1_000_000_000),
    "max_line_length": (1_000, 2_000_000_000),
    "shard_megabytes": (1, 1_000_000),
    "memory_megabytes": (512, 10_000_000),
    "workers": (1, 1_024),
}
"""The least and the greatest value of each option that is a number."""

Action = Literal["drop", "mark", "keep"]
ACTIONS: tuple[Action, ...] = get_args(Action)
RiskyRules = Literal["news", "always", "never"]
Unescape = Literal["auto", "always", "never"]
Normalization = Literal["NFC", "NFD", "NFKC", "NFKD", "none"]
InputIdentity = Literal["stat", "content"]
CHOICES: Mapping[str, tuple[str, ...]] = {
    "within_documents": ACTIONS,
    "across_documents": ACTIONS,
    "risky_rules": get_args(RiskyRules),
    "unescape_html": get_args(Unescape),
    "normalization": get_args(Normalization),
    "input_identity": get_args(InputIdentity),
}
"""What each option that is one of a few words may be."""

OF_THE_RUN = ("workers", "memory_megabytes", "input_identity")
"""Options that decide nothing of what is written."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a run does. Built once at the edge, checked there, and passed whole.

    Raises:
        UsageError: a value is out of its range; the message names the option and the range.

    """

    text_field: str = "text"
    """Field of a JSONL row that holds plain text."""
    html_field: str = "html"
    """Field of a JSONL row that holds HTML; read where the text field is absent or empty."""
    id_field: str = "id"
    """Field of a JSONL row that holds its id; a row without one is named by file and line."""

    straight_quotes: bool = True
    """Turn curly quotes into straight ones, as ftfy does unless told otherwise. The same sentence
    is set with either, and words, copies and boilerplate are told apart by what it says."""

    plain_widths: bool = False
    """Turn full-width letters and punctuation into ASCII. Off, unlike in ftfy: Chinese and
    Japanese text is full of commas and brackets that are rightly wide."""

    unescape_html: Unescape = "auto"
    """Turn entities such as `&eacute;` into what they stand for: `auto` does it in lines without a
    `<`, as a line with one may be an example of HTML; `always` or `never`. Each line is asked by
    itself, where ftfy stops for good after the first line with a `<`."""
    normalization: Normalization = "NFC"
    """The form of Unicode that text is brought into, or `none`. NFC looks the same and loses
    nothing; NFKC makes 103 of 10 to the third."""
    repair_off: tuple[str, ...] = ()
    """Steps of the repair to leave out, by name (`cleaner.mending.steps.STEPS`). All are on: each
    mends what somebody's software broke, and none takes out what can be seen."""
    max_decode_length: int = 1_000_000
    """A longer line is mended in pieces of so many characters."""
    damaged_share: float = 0.001
    """A document is reported as damaged when more of the characters of its kept text than this are
    lost: U+FFFD, or for private use. One in a thousand is a few to a page."""

    disabled_rules: tuple[str, ...] = ()
    """Ids or categories of boilerplate rules that must not be applied."""
    own_rules: OwnRules = NO_RULES
    """Rules of one's own, as `read_rules` gives them: the rules and not the files, so that a run is
    the same whatever becomes of those, and its summary says what they were."""

    risky_rules: RiskyRules = "news"
    """When rules of high risk act, such as those for an author's note below an article: in
    documents with signs of `news`, `always`, or `never`. Poems, plays and manuals have lines of the
    same form that are text."""

    threshold: float = 0.8
    """Jaccard similarity of word shingles from which two paragraphs are near-duplicates.

    At 0.8 with 3-word shingles, one changed word in a paragraph of 40 still counts as a copy.
    """
    shingle_size: int = 3
    """Words to a shingle."""
    min_words: int = 10
    """Shorter paragraphs are never duplicates: answers and recipe headings rightly repeat.

    A character of a script written without spaces counts as half a word.
    """
    numbers_agree: bool = True
    """Not copies: two paragraphs each of which has a number that the other lacks. Few near-copies
    in news text differ so, and those are other statements: "15 people", "nine people"."""
    names_agree: bool = True
    """Nor two each of which names what the other does not, inside a sentence: "North", "South"."""
    negations_agree: bool = True
    """Nor two of which one negates more often: "was charged", "was not charged"."""
    added_shingles: int = 4
    """Nor, within one document, what has more shingles in a row than this that the earlier one
    lacks: a quotation set apart comes before the passage that goes on from it. A changed word makes
    three. Of 74 near-copies in news text 15 had more, four of them a sentence of their own."""
    within_documents: Action = "drop"
    """What to do with a copy of a paragraph of the same document: `drop` it; `mark` it, which keeps
    it in the text and names in the metadata what it copies; or `keep` it and not look for it. Only
    sentences count here: of 59 copies within real pages 58 were questions put to several people,
    and items of lists."""
    across_documents: Action = "drop"
    """What to do with a copy of a paragraph of another document."""

    template_documents: int = 5
    """A short line that so many documents of one site hold is a template, not text: boilerplate in
    all of them, if they are also so large a share of the site's documents as the next option says.
    Measured on 491 news sites: at five documents and three in ten, one of 16 lines was text."""
    template_share: float = 0.3
    """The least share of a site's documents that hold a template, from 0 to 1. At 0.2, names under
    quotations in press reviews begin to count as templates."""

    warn_share: float = 0.2
    """The share that a site, a file or a folder may lose of what the typical one keeps, from which
    the run warns. Of 87 news sites with text enough none lost more than 0.16; of 179 others, with a
    page or two each, three lost more than 0.2. Of the whole corpus it is half, or this if more."""
    warn_rule_share: float = 0.02
    """The share of all text that one rule may take, from which the run warns. In news text of many
    sites the largest took 0.003, in what other tools had extracted, menus and all, 0.012."""

    signatures: bool = False
    """Write the MinHash signatures of the kept paragraphs, for a search with datasketch."""

    max_record_megabytes: int = 64
    """A text or HTML file, or a row, that is larger once unpacked is rejected: no article is, and
    a few packed kilobytes can unpack to more than the memory."""
    max_record_seconds: int = 60
    """A record that takes a run longer is rejected: an article takes some milliseconds, a text of
    60 megabytes half of this. Which it is depends on the machine, but the option decides the output
    all the same: whoever raises it must get the record."""
    max_record_memory: int = 1024
    """Megabytes. A record that a run's worker needs so much more for than articles take is
    rejected. A text of 60 megabytes, in lines, needs 900; in a single line three times as much."""
    max_expansion: int = 1000
    """A packed file that unpacks to more than so many times its size, and to more than 8 MB, is
    not read on. Articles pack to a fifth, pages of one site to a thirtieth, the same row again and
    again to a hundredth; gzip reaches a thousandth at most, and zstd is what this is for."""
    max_rows: int = 1_000_000_000
    """Lines of one JSONL file; the rest is not read. So many articles are 3 TB."""
    max_depth: int = 200
    """Elements of a page, or objects and lists of a row, that stand in one another. The deepest of
    224 news pages has 51. The library that parses pages drops what is deeper than 255."""
    max_tags: int = 100_000
    """Opening and closing tags of a page. Of 224 news pages none has 9,000. The time for a page
    grows with them, on some pages with their square."""
    max_lines: int = 200_000
    """Lines of a document; a long novel has 20,000. Each takes 350 bytes."""
    max_line_length: int = 10_000_000
    """Characters of a line. A long novel has three million; each takes 50 bytes or so."""
    shard_megabytes: int = 256
    """An output file is closed, and the next begun, once it has reached this size."""

    memory_megabytes: int = 4096
    """Memory for the whole run, all processes together. What does not fit waits on the disk, and
    fewer workers than asked for are used where they would need more. Half of a small laptop's."""
    workers: int = 1
    """Processes to use. The output depends neither on it nor on the memory."""
    input_identity: InputIdentity = "stat"
    """What tells a run that a file is the one that an earlier run read: `stat`, its size and time
    of change, which costs nothing; or `content`, its SHA-256, for which all input is read once
    more, and after which a file that was only copied or touched is the same."""

    def __post_init__(self) -> None:
        for option, (least, most) in RANGES.items():
            value = getattr(self, option)
            kind = "a number" if isinstance(least, float) else "a whole number"
            types = (int, float) if isinstance(least, float) else (int,)
            is_number = isinstance(value, types) and not isinstance(value, bool)
            if not is_number or not least <= value <= most:
                raise UsageError(
                    f"option {option} is {value!r}; it must be {kind} from {least} to {most}"
                )
        for option, choices in CHOICES.items():
            if getattr(self, option) not in choices:
                raise UsageError(
                    f"option {option} is {getattr(self, option)!r}; it must be one of "
                    + ", ".join(choices)
                )
        self._check_repair()
        names = self.disabled_rules
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise UsageError(f"option disabled_rules is {names!r}; it must be a list of names")
        object.__setattr__(self, "disabled_rules", tuple(sorted(set(names))))
        if not isinstance(self.own_rules, OwnRules):
            raise UsageError(
                f"option own_rules is {self.own_rules!r}; it must be what read_rules() gives back"
            )
        for option in ("text_field", "html_field", "id_field"):
            if not isinstance(getattr(self, option), str) or not getattr(self, option):
                raise UsageError(f"option {option} must be the name of a field")

    def _check_repair(self) -> None:
        names = self.repair_off
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise UsageError(f"option repair_off is {names!r}; it must be a list of names")
        for name in names:
            if name not in STEPS:
                told = ELSEWHERE.get(name) or "the steps are " + ", ".join(STEPS)
                raise UsageError(f"option repair_off is {name!r}, which is no step: {told}")
        object.__setattr__(self, "repair_off", tuple(sorted(set(names))))

    def output_options(self) -> Mapping[str, Any]:
        """The options that decide what is written."""
        options = {name: value for name, value in asdict(self).items() if name not in OF_THE_RUN}
        for name in ("disabled_rules", "repair_off"):
            options[name] = list(options[name])
        options["own_rules"] = self.own_rules.as_row()
        return options
