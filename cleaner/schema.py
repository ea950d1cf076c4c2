"""Every option as its users meet it: where it is listed, its flag, what it does, what it may be.

The command line, `cleaner.toml` and the environment are made from this table, and `Config` is
checked by it. Type, default and the reason for the default are in `Config`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """What there is to know of a field of `Config` besides its type and default."""

    help: str
    """A line for `--help`. What the option may be and its default are added to it."""
    flag: str = ""
    """Its flag, where that is not made of the field's name."""
    off: str = ""
    """The flag that says no, of an option that is yes or no."""
    metavar: str = ""
    """What the flag's value is called; numbers and choices have a name without it."""
    between: tuple[float, float] | None = None
    """The least and the greatest value of a number; with points if it need not be whole."""
    what: str = "a text"
    """What a text must be."""
    default: str = ""
    """What the command line says of the default, where its own differs from that of `Config`."""


SCHEMA: Mapping[str, Mapping[str, Option]] = {
    "Input": {
        "text_field": Option(
            "Field of a row that holds text, or several, parted by commas.",
            metavar="NAMES",
            what="the name of a field",
        ),
        "html_field": Option(
            "Field of a row that holds HTML, or several.",
            metavar="NAMES",
            what="the name of a field",
        ),
        "id_field": Option(
            "Field of a row that holds its id.", metavar="NAME", what="the name of a field"
        ),
    },
    "Encoding and repair": {
        "straight_quotes": Option("Turn curly quotes into straight.", off="--keep-quotes"),
        "plain_widths": Option("Turn full-width characters into ASCII.", off="--keep-widths"),
        "unescape_html": Option(
            "When entities such as &eacute; become characters: auto is in lines without a <.",
            metavar="WHEN",
        ),
        "normalization": Option("Unicode form of the text.", metavar="FORM"),
        "repair_off": Option("Step of the repair to leave out, such as spaces.", metavar="STEP"),
        "max_decode_length": Option(
            "Longer lines are repaired in pieces of so many characters.", between=(1, 1_000_000_000)
        ),
        "damaged_share": Option(
            "A text that has lost this share of its characters is reported as damaged.",
            between=(0.0, 1.0),
        ),
    },
    "Boilerplate": {
        "disabled_rules": Option(
            "Boilerplate rule or category to leave out; cleaner rules list names them.",
            flag="--disable",
            metavar="RULE",
        ),
        "own_rules": Option("TOML file with rules of your own.", flag="--rules", metavar="FILE"),
        "risky_rules": Option(
            "When rules act that may take text of what is no news: where there are signs of news, "
            "or always or never.",
            metavar="WHEN",
        ),
        "template_documents": Option(
            "A short line that so many documents of a site hold is a template, and goes.",
            between=(2, 1_000_000_000),
        ),
        "template_share": Option(
            "The least share of its site's documents that a template is in.", between=(0.0, 1.0)
        ),
    },
    "Near-duplicates": {
        "threshold": Option(
            "Paragraphs as similar as this are copies (Jaccard similarity of shingles).",
            between=(0.1, 1.0),
        ),
        "shingle_size": Option("Words in a row that make a shingle.", between=(1, 16)),
        "min_words": Option("Paragraphs of fewer words are never copies.", between=(1, 10_000)),
        "numbers_agree": Option(
            "Two paragraphs each of which has a number that the other lacks are no copies.",
            off="--any-numbers",
        ),
        "names_agree": Option("The same for names.", off="--any-names"),
        "negations_agree": Option("The same if one negates more often.", off="--any-negations"),
        "added_shingles": Option(
            "Within a document, a paragraph that adds more shingles in a row than this is no copy.",
            between=(0, 1_000_000),
        ),
        "within_documents": Option(
            "What to do with copies of a paragraph of the same document; mark leaves them in.",
            metavar="ACTION",
        ),
        "across_documents": Option(
            "The same for copies of a paragraph of another document.", metavar="ACTION"
        ),
    },
    "Output": {
        "signatures": Option(
            "Write MinHash signatures of the kept paragraphs.", off="--no-signatures"
        ),
        "output_format": Option("How documents and removed rows are written.", metavar="FORMAT"),
        "metadata_as_text": Option(
            "Write metadata as JSON in a text, so that all rows have one schema.",
            off="--metadata-as-object",
        ),
        "shard_megabytes": Option(
            "Size at which an output file is closed and the next begun.",
            metavar="MEGABYTES",
            between=(1, 1_000_000),
        ),
    },
    "Warnings": {
        "warn_share": Option(
            "Warn where a site, file or folder loses this share of what is typically kept.",
            between=(0.0, 1.0),
        ),
        "warn_rule_share": Option(
            "Warn of a rule that takes this share of all text.", between=(0.0, 1.0)
        ),
    },
    "Limits": {
        "max_record_megabytes": Option(
            "Larger files and rows, once unpacked, are rejected.",
            metavar="MEGABYTES",
            between=(1, 2_000),
        ),
        "max_record_seconds": Option(
            "A record that takes longer than this is rejected.",
            metavar="SECONDS",
            between=(1, 1_000_000),
        ),
        "max_record_memory": Option(
            "A record that needs more, beyond what articles do, is rejected.",
            metavar="MEGABYTES",
            between=(1, 10_000_000),
        ),
        "max_expansion": Option(
            "A packed file is read until it has unpacked to so many times its size, and 8 MB.",
            between=(1, 1_000_000),
        ),
        "max_rows": Option(
            "A file is read up to so many lines, records or members.",
            between=(1, 1_000_000_000_000),
        ),
        "max_depth": Option(
            "Pages and rows that are nested deeper are rejected.", between=(10, 250)
        ),
        "max_tags": Option(
            "Pages with more tags, begin and end tags together, are rejected.",
            between=(100, 1_000_000_000),
        ),
        "max_lines": Option(
            "Documents with more lines are rejected.", between=(100, 1_000_000_000)
        ),
        "max_line_length": Option(
            "Documents with a line of more characters are rejected.",
            between=(1_000, 2_000_000_000),
        ),
    },
    "The run": {
        "memory_megabytes": Option(
            "Memory for all processes together.",
            flag="--memory",
            metavar="MEGABYTES",
            between=(512, 10_000_000),
        ),
        "workers": Option("Processes to use.", between=(1, 1_024), default="all usable cores"),
        "input_identity": Option(
            "How it is told that the input is the same: by sizes and times (stat), or by content.",
            metavar="WAY",
        ),
    },
}
"""The options by the heading under which `--help` lists them."""

OPTIONS: Mapping[str, Option] = {
    name: option for group in SCHEMA.values() for name, option in group.items()
}
OF_THE_RUN = tuple(SCHEMA["The run"])
"""Options that decide nothing of what is written."""


def flag_of(name: str) -> str:
    """The flag that sets the field of `Config` of this name."""
    return OPTIONS[name].flag or "--" + name.replace("_", "-")
