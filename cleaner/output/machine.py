"""Errors of the machine, told in one line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import gettempdir

from cleaner.errors import CleanerError


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Turn what the disk refuses into an error that says what to do.

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
        where = f": {error.filename}" if error.filename else ""
        raise CleanerError(
            f"it cannot go on: {error.strerror or error}{where}; "
            "see to it and give the same command again"
        ) from error
