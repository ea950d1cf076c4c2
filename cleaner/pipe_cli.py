"""What `cleaner run` does where its output, or its input, is a pipe."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from cleaner.config import Config
from cleaner.errors import UsageError
from cleaner.head_start import begin_early
from cleaner.pipe import print_bytes

PIPE = Path("-")
"""A RAW or CLEAN of this name is the standard input or output."""

Removed = Annotated[
    Path | None,
    typer.Option(
        "--removed",
        metavar="FILE",
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


def run_to_pipe(
    raw: Path, config: Config, *, overwrite: bool, removed: Path | None, scratch: Path | None
) -> bool:
    """Write the documents to the standard output once all are whole; whether there are warnings.

    Raises:
        CleanerError: the run cannot be made, and nothing has been written.

    """
    begin_early(raw)
    from cleaner.piped import check_new, made_in_scratch, write_whole
    from cleaner.terminal import print_piped_summary, progress_bar

    started = time.monotonic()
    if removed is not None:
        check_new(removed, overwrite=overwrite)
    source = standard_input() if raw == PIPE else raw
    with ExitStack() as stack:
        with progress_bar() as progress:
            made = stack.enter_context(made_in_scratch(source, config, scratch, progress))
        if removed is not None:
            write_whole(removed, made.rows("removed"))
        print_bytes(made.rows("documents"))
    print_piped_summary(made.summary, removed, time.monotonic() - started)
    return bool(made.summary.warnings)
