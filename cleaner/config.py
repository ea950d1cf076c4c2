"""Every option of a run, its default, and why that default. `schema.py` says the rest of each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any, Literal, TypeVar

from cleaner.option_values import value_of
from cleaner.rule import NO_RULES, OwnRules
from cleaner.schema import OF_THE_RUN, OPTIONS

Action = Literal["drop", "mark", "keep"]
RiskyRules = Literal["news", "always", "never"]
Unescape = Literal["auto", "always", "never"]
Normalization = Literal["NFC", "NFD", "NFKC", "NFKD", "none"]
InputIdentity = Literal["stat", "content"]
OutputFormat = Literal["jsonl", "jsonl.gz", "jsonl.zst", "parquet"]

Made = TypeVar("Made")


def knows_its_names(made: type[Made]) -> type[Made]:
    """Have a class of options say, of an argument that is none of them, which was perhaps meant."""
    init = made.__init__

    @wraps(init)
    def checked(self: Made, *values: Any, **options: Any) -> None:  # noqa: ANN401 - whatever is given
        for name in options.keys() - OPTIONS.keys():
            from cleaner.settings import told_in_python

            raise TypeError(f"{made.__name__} has no option {name}{told_in_python(name)}")
        init(self, *values, **options)

    setattr(made, "__init__", checked)  # noqa: B010 - as an assignment, the type checker refuses it
    return made


@knows_its_names
@dataclass(frozen=True, slots=True)
class Config:
    """What a run does. Built once at the edge, checked there, and passed whole.

    Raises:
        TypeError: there is no such option; the message names the one that was perhaps meant.
        OptionError: a value is out of its range; the message names the option and the range.

    """

    text_field: str = "text,maintext,plaintext,raw_text"
    """Field of a row that holds plain text; of several names, parted by commas, the first that
    holds some. These are what trafilatura, news-please and fundus write, and most corpora do. The
    others are left out, as the same text again. One with dots leads into objects: `body.text`."""
    html_field: str = "html"
    """The same for HTML, which is read where no field holds text."""
    id_field: str = "id"
    """Field of a row that holds its id; a row without one is named by file and line."""

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
    """Lines, records or members of one file; the rest is not read. So many articles are 3 TB."""
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
    output_format: OutputFormat = "jsonl"
    """How documents and removed rows are written: as JSONL, which every tool reads and every eye,
    plain or packed, which takes 0.36 (zst) or 0.38 (gz) of the space; or as Parquet, which readers
    take without guessing at a schema."""
    metadata_as_text: bool = False
    """Write metadata as JSON in a text. An object is what Dolma and datatrove look for; but readers
    that guess a schema from the first rows stumble over fields that come later. Parquet has a text
    in any case."""
    shard_megabytes: int = 256
    """An output file is closed, and the next begun, once it has reached this size on the disk; a
    Parquet file, once its rows as `jsonl.zst` have."""

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
        for field in fields(self):
            checked = value_of(field.name, field.type, getattr(self, field.name))
            object.__setattr__(self, field.name, checked)

    @staticmethod
    def from_file(path: str | Path) -> "Config":
        """The configuration that a file such as `cleaner.toml` asks for; the rest are defaults.

        Raises:
            UsageError: an option may not be that, or is none; the message names file, line and key.

        """
        from cleaner.config_file import read_config_file
        from cleaner.settings import settle

        return settle(read_config_file(Path(path))).config

    def output_options(self) -> Mapping[str, Any]:
        """The options that decide what is written."""
        options = {name: value for name, value in asdict(self).items() if name not in OF_THE_RUN}
        options["own_rules"] = self.own_rules.as_row()
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in options.items()
        }
