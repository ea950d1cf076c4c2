"""What `cleaner run` does where its output, or its input, is a pipe."""

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from cleaner.config import Config
from cleaner.errors import UsageError
from cleaner.named_path import path_for
from cleaner.pipe import print_bytes

if TYPE_CHECKING:
    from cleaner.telling import Telling

PIPE = Path("-")
"""A RAW or CLEAN of this name is the standard input or output."""

Removed = Annotated[
    Path | None,
    typer.Option(
        "--removed",
        metavar="FILE",
        parser=path_for("--removed"),
        help="Write what was removed to a file, as JSONL, where CLEAN is -.",
        show_default=False,
        rich_help_panel="Output",
    ),
]
Scratch = Annotated[
    Path | None,
    typer.Option(
        "--scratch",
        metavar="FOLDER",
        parser=path_for("--scratch"),
        help="Folder for work files where CLEAN is -.  [default: that for temporary files]",
        show_default=False,
        rich_help_panel="The run",
    ),
]


def standard_input() -> BinaryIO:
    """The bytes of the standard input.

    Raises:
        UsageError: there is none.

    """
    if sys.stdin is None:
        raise UsageError("there is no standard input to be read; pipe rows of JSON into it")
    return sys.stdin.buffer


def check_no_pipe(removed: Path | None, scratch: Path | None) -> None:
    """Refuse what only makes sense where the output is a pipe.

    Raises:
        UsageError: it was asked for.

    """
    if removed is not None:
        raise UsageError("--removed is for an output to -; a folder holds what was removed anyway")
    if scratch is not None:
        raise UsageError("--scratch is for an output to -; else work files are in CLEAN/.cleaner")


def check_no_index(against: Path | None, save_index: Path | None) -> None:
    """Refuse what takes a folder for the output.

    Raises:
        UsageError: it was asked for.

    """
    for flag, index in {"--against": against, "--save-index": save_index}.items():
        if index is not None:
            raise UsageError(f"{flag} is for an output to a folder, and not to -; name a folder")


@dataclass(frozen=True, slots=True)
class Piped:
    """What a command line asks for where the output is a pipe."""

    overwrite: bool
    """A file for what was removed may be replaced."""
    removed: Path | None
    scratch: Path | None


def run_to_pipe(raw: Path, config: Config, asked: Piped, telling: "Telling") -> bool:
    """Write the documents to the standard output once all are whole; whether there are warnings.

    Raises:
        CleanerError: the run cannot be made, and nothing has been written.

    """
    from cleaner.durable import write_whole
    from cleaner.piped import check_new, made_in_scratch

    started = time.monotonic()
    source = standard_input() if raw == PIPE else raw
    if asked.removed is not None:
        check_new(asked.removed, source, overwrite=asked.overwrite)
    with ExitStack() as stack:
        with telling.progress() as progress:
            made = stack.enter_context(made_in_scratch(source, config, asked.scratch, progress))
        if asked.removed is not None:
            write_whole(asked.removed, made.rows("removed"))
        print_bytes(made.rows("documents"))
    telling.piped(made.summary, asked.removed, time.monotonic() - started)
    return bool(made.summary.warnings)
