"""Options that more than one command has, and what the command line says as a Config."""

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
