"""How the program ends: its exit codes, and the one line that says why."""

import sys
from typing import NoReturn

import typer

from cleaner.pipe import while_read

DONE, FAILED, WRONG_USAGE, WARNED, INTERRUPTED = 0, 1, 2, 3, 130


def fail(message: str, code: int) -> NoReturn:
    """Say why on standard error, and leave."""
    is_help = message.startswith("Usage:")
    with while_read():
        typer.echo(message if is_help else f"cleaner: {message}", err=True)
    sys.exit(code)
