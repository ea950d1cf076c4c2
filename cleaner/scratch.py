"""A database of SQLite for the time of one task, which sorts and groups on the disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

CACHE_KILOBYTES = 1 << 16


def scratch_database(path: Path, tables: str, cache_kilobytes: int) -> sqlite3.Connection:
    """A new database in the stead of whatever the file held, in one long transaction.

    Nothing is waited for, as nobody will read it after a crash. To close and delete it is for who
    asked for it.

    Args:
        path: its file.
        tables: the SQL that makes its tables.
        cache_kilobytes: the memory that it may take.

    Raises:
        sqlite3.Error: it cannot be written.

    """
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{cache_kilobytes}"):
        database.execute(f"PRAGMA {setting}")
    database.executescript(tables)
    database.execute("BEGIN")
    return database


@contextmanager
def temporary_database(tables: str) -> Iterator[sqlite3.Connection]:
    """A new database among the temporary files, which is gone afterwards."""
    with (
        TemporaryDirectory(prefix="cleaner-") as folder,
        closing(scratch_database(Path(folder) / "scratch", tables, CACHE_KILOBYTES)) as database,
    ):
        yield database
