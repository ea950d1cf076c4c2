"""Write to the standard output, for people and for other programs.

A reader that leaves early, such as `head`, is no error: the command ends quietly and with 0, so
that a script that stops at the first error does not stop at that. One that has already found out
how it must end, as `verify` has, ends so.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from cleaner.errors import CleanerError


def print_bytes(parts: Iterable[bytes]) -> None:
    """Write bytes as they are, whatever the terminal's encoding.

    Raises:
        BrokenPipeError: nobody reads on.
        CleanerError: they cannot be written.

    """
    try:
        for part in parts:
            rest = memoryview(part)
            while rest:  # an unbuffered output (PYTHONUNBUFFERED) may take only some of it
                rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CleanerError(
            f"the standard output cannot be written: {error.strerror or error}"
        ) from error


@contextmanager
def while_read() -> Iterator[None]:
    """Print as long as somebody reads; what was to be printed after that is left out."""
    try:
        yield
    except BrokenPipeError:
        write_to_nobody()


def write_to_nobody() -> None:
    """Let what is still to be written go nowhere, that at the end of the program too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class QuietGroup(TyperGroup):
    """Commands that end quietly where nobody reads what they print."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - typer keeps its types private
        """Read the arguments; that may already print a help."""
        with _quiet_end():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """Run the command."""
        with _quiet_end():
            return super().invoke(ctx)


@contextmanager
def _quiet_end() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        write_to_nobody()
        raise typer.Exit from None
