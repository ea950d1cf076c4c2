"""Write to the standard output, for people and for other programs."""

import os
import sys
from collections.abc import Iterable

import typer

from cleaner.errors import CleanerError


def print_bytes(parts: Iterable[bytes]) -> None:
    """Write bytes as they are, whatever the terminal's encoding; leave quietly if nobody reads."""
    try:
        for part in parts:
            rest = memoryview(part)
            while rest:  # an unbuffered output (PYTHONUNBUFFERED) may take only some of it
                rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None
    except OSError as error:
        raise CleanerError(
            f"the standard output cannot be written: {error.strerror or error}"
        ) from error
