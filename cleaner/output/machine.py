"""Errors of the machine, told in one line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from cleaner import disk
from cleaner.errors import CleanerError


@contextmanager
def told_in_a_line(folder: Path | None = None) -> Iterator[None]:
    """Turn what the disk refuses into an error that says what to do.

    Args:
        folder: what is written to; the folder for temporary files if None.

    Raises:
        CleanerError: in place of an error of a file or of the database.

    """
    try:
        yield
    except sqlite3.Error as error:
        raise CleanerError(
            f"the index in {gettempdir()} cannot be written ({error}); free some space there, or "
            "name another folder in TMPDIR"
        ) from error
    except OSError as error:
        what = disk.told(error, folder or gettempdir())
        to_do = " and" if disk.is_full(error) else "; see to it and"
        raise CleanerError(f"it cannot go on: {what}{to_do} give the same command again") from error
