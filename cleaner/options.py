"""Options apart from the commands that have them, and what the command line says as a Config."""

from typing import Annotated, Any

import typer

from cleaner.config import Config
from cleaner.errors import UsageError

FLAGS = {"memory_megabytes": "--memory", "disabled_rules": "--disable", "own_rules": "--rules"}
"""Options that are called otherwise in `Config`."""

StraightQuotes = Annotated[
    bool, typer.Option("--straight-quotes/--keep-quotes", help="Turn curly quotes into straight.")
]
PlainWidths = Annotated[
    bool,
    typer.Option("--plain-widths/--keep-widths", help="Turn full-width characters into ASCII."),
]
UnescapeHtml = Annotated[
    str, typer.Option(metavar="WHEN", help="Entities to characters: auto, always or never.")
]
NormalForm = Annotated[
    str, typer.Option(metavar="FORM", help="Unicode form: NFC, NFD, NFKC, NFKD or none.")
]
RepairOff = Annotated[
    list[str] | None,
    typer.Option(metavar="STEP", help="Step of the repair to leave out; may be repeated."),
]
MaxDecodeLength = Annotated[
    int, typer.Option(help="Longer lines are repaired in pieces of so many characters.")
]
MaxRecordMegabytes = Annotated[
    int, typer.Option(help="Larger files and rows, once unpacked, are rejected.")
]
MaxRecordSeconds = Annotated[
    int, typer.Option(help="A record that takes longer than this is rejected.")
]
MaxRecordMemory = Annotated[
    int,
    typer.Option(
        metavar="MEGABYTES", help="A record that needs more, beyond what articles do, is rejected."
    ),
]

DamagedShare = Annotated[
    float, typer.Option(help="Share of lost characters from which a text is damaged, 0 to 1.")
]
Threshold = Annotated[
    float, typer.Option(help="Jaccard similarity that makes a paragraph a copy, 0.1 to 1.")
]
AddedShingles = Annotated[
    int,
    typer.Option(help="No copy in one document: more new shingles in a row than this."),
]
TemplateDocuments = Annotated[
    int,
    typer.Option(help="Documents of a site that make a short line in all of them a template."),
]
TemplateShare = Annotated[
    float, typer.Option(help="Share of its site's documents that a template is in, 0 to 1.")
]
WarnShare = Annotated[
    float,
    typer.Option(
        help="Warn where a site, file or folder loses this share of what is typically kept, 0 to 1."
    ),
]
WarnRuleShare = Annotated[
    float, typer.Option(help="Warn of a rule that takes this share of all text, 0 to 1.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="End with exit code 3 if there are warnings.")
]

MaxExpansion = Annotated[
    int, typer.Option(help="A packed file is read up to so many times its size, or 8 MB.")
]
MaxRows = Annotated[int, typer.Option(help="A JSONL file is read up to so many lines.")]
MaxDepth = Annotated[
    int, typer.Option(help="Pages and rows that are nested deeper are rejected, 10 to 250.")
]
MaxTags = Annotated[int, typer.Option(help="Pages with more tags are rejected.")]
MaxLines = Annotated[int, typer.Option(help="Documents with more lines are rejected.")]
MaxLineLength = Annotated[
    int, typer.Option(help="Documents with a line of more characters are rejected.")
]
InputIdentity = Annotated[
    str, typer.Option(metavar="WAY", help="Know a file again by its stat or its content.")
]


def config_of(**options: Any) -> Config:  # noqa: ANN401 - Config checks what it is given
    """The configuration; an error names the option as the command line has it."""
    try:
        return Config(**options)
    except UsageError as error:
        name = next((name for name in options if f"option {name} " in str(error)), "")
        flag = FLAGS.get(name, "--" + name.replace("_", "-"))
        raise UsageError(str(error).replace(f"option {name} ", f"option {flag} ")) from None
