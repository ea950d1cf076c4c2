"""What `cleaner run` does where another engine than processes of this machine is asked for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cleaner.errors import UsageError

if TYPE_CHECKING:
    from cleaner.job import Elsewhere

LOCAL: Literal["local"] = "local"

Engine = Annotated[
    Literal["local", "spark"],
    typer.Option(
        help="What does the work: processes of this machine, or Apache Spark.",
        rich_help_panel="The run",
    ),
]
Master = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Spark's master, as spark://host:7077 or local[2].  [default: as Spark is configured]",
        show_default=False,
        rich_help_panel="The run",
    ),
]


def elsewhere_of(
    engine: Literal["local", "spark"],
    master: str | None,
    folders: tuple[Path, ...],
    indexes: tuple[Path | None, ...],
) -> "Elsewhere | None":
    """Who does the work in place of processes of this machine.

    Args:
        engine: its name.
        master: the address of Spark's master.
        folders: those of the input and the output.
        indexes: those that are to be compared with, or made.

    Raises:
        UsageError: what else was asked for is not done on this engine.

    """
    if engine == LOCAL:
        if master is not None:
            raise UsageError("--master is for --engine spark")
        return None
    if any(indexes):
        raise UsageError("--against and --save-index are not for --engine spark; leave them out")
    for folder in folders:
        if folder == Path("-"):
            raise UsageError("--engine spark takes folders, and not -; name folders")
        if ":/" in str(folder):  # a Path has one slash of two
            raise UsageError(
                f"{folder} is an address: --engine spark takes folders that all machines share, "
                "such as a mounted bucket"
            )
    from cleaner.distributed.spark import OnSpark

    return OnSpark(master)
