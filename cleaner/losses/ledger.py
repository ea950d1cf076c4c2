"""The losses of all batches added up, in a database on disk: a corpus may have a million hosts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from cleaner.ids import as_bytes
from cleaner.losses.tally import BY_ID, DROPPED, READ, REJECTED, UNREAD
from cleaner.scratch import scratch_database

CACHE_KILOBYTES = 1 << 15

TABLE = """
    CREATE TABLE losses (
        kind TEXT, name BLOB, cause TEXT, records INTEGER, characters INTEGER,
        PRIMARY KEY (kind, name, cause)
    ) WITHOUT ROWID
"""
ADD = """
    INSERT INTO losses VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
        records = records + excluded.records, characters = characters + excluded.characters
"""


@dataclass(slots=True)
class Source:
    """What a site, a file, a folder or the corpus lost."""

    kind: str
    name: str
    records: int = 0
    """Read."""
    characters: int = 0
    """Of all paragraphs that were read, after the repair."""
    lost_records: Counter[str] = field(default_factory=Counter)
    """Rejected and dropped."""
    unread: int = 0
    """Of the rejected, those that stand for a lost part of which nobody knows the size."""
    why_unread: str = ""
    """The reason of one of them."""
    lost_characters: Counter[str] = field(default_factory=Counter)
    """By rule or reason."""
    by_id: Counter[str] = field(default_factory=Counter)
    """Of the corpus: its documents by where their ids are from."""


class Ledger:
    """The database. Use it in a `with` statement; then it is gone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = scratch_database(path, TABLE, CACHE_KILOBYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()
        self._path.unlink()

    def add(self, rows: Iterable[tuple[str, str, str, int, int]]) -> None:
        """Add rows such as those of `Losses`."""
        self._database.executemany(
            ADD, ((kind, as_bytes(name), *others) for kind, name, *others in rows)
        )

    def sources(self) -> Iterator[Source]:
        """Every source, in the order of kinds and names."""
        found = self._database.execute("SELECT * FROM losses ORDER BY kind, name, cause")
        for (kind, name), rows in groupby(found, key=lambda row: row[:2]):
            source = Source(kind, name.decode("utf-8", "replace"))
            for _, _, cause, records, characters in rows:
                if cause == READ:
                    source.records, source.characters = records, characters
                elif cause.startswith(f"{UNREAD}: "):
                    source.unread += records
                    source.why_unread = source.why_unread or cause.removeprefix(f"{UNREAD}: ")
                elif cause in BY_ID:
                    source.by_id[cause] = records
                elif cause in {REJECTED, DROPPED}:
                    source.lost_records[cause] = records
                else:
                    source.lost_characters[cause] = characters
            yield source
