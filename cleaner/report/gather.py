"""A finished output as a database on disk, so that the memory stays bounded however large it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from cleaner.document import CleanDocument, Removal
from cleaner.errors import CleanerError
from cleaner.ids import as_bytes
from cleaner.output.faults import Fault
from cleaner.output.index import Index
from cleaner.output.rows import Output
from cleaner.output.summary import read_summary
from cleaner.output.walk import FinishedDocument, walk
from cleaner.stages.site import site_of

CACHE_KILOBYTES = 1 << 16
LONGEST_TEXT = 2_000
"""Characters of a paragraph that the page shows."""

TABLES = """
    CREATE TABLE documents (
        number INTEGER PRIMARY KEY, id BLOB, site BLOB, reason TEXT,
        kept INTEGER, removed INTEGER, kept_characters INTEGER, removed_characters INTEGER
    );
    CREATE TABLE removals (
        document INTEGER, position INTEGER, reason TEXT, rule TEXT, text BLOB,
        characters INTEGER, of_id BLOB, of_position INTEGER, similarity REAL
    );
    CREATE TABLE originals (id BLOB, position INTEGER, text BLOB, PRIMARY KEY (id, position));
"""


@contextmanager
def gathered(clean: Path) -> Iterator[sqlite3.Connection]:
    """The documents and removals of an output in a database that is gone afterwards.

    Its columns of bytes are text in UTF-8 that may hold lone surrogates.

    Raises:
        CleanerError: the output was changed or is not complete.

    """
    with TemporaryDirectory(prefix="cleaner-") as folder:
        database = sqlite3.connect(Path(folder) / "report", isolation_level=None)
        try:
            for setting in ("journal_mode = OFF", "synchronous = OFF"):
                database.execute(f"PRAGMA {setting}")
            database.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
            database.executescript(TABLES)
            database.execute("BEGIN")
            for number, finished in enumerate(documents_of(clean)):
                _enter(database, number, finished)
            yield database
        finally:
            database.close()


def documents_of(clean: Path) -> Iterator[FinishedDocument]:
    """The documents of an output, in its order.

    Raises:
        UsageError: no run has finished there.
        CleanerError: the output was changed or is not complete.

    """
    output = Output(clean, read_summary(clean).config)
    with Index() as index:
        index.read_ids(output, _stop)
        yield from walk(output, index, _stop)


def enter_originals(
    database: sqlite3.Connection, clean: Path, wanted: set[tuple[bytes, int]]
) -> None:
    """Enter the texts of kept paragraphs, each named by its document's id and its position."""
    names = {name for name, _ in wanted}
    for finished in documents_of(clean):
        name = as_bytes(finished.document.id)
        if name not in names:
            continue
        positions = finished.kept_positions()
        for position, text in zip(positions, finished.document.kept, strict=True):
            if (name, position) in wanted:
                row = (name, position, as_bytes(text[:LONGEST_TEXT]))
                database.execute("INSERT OR IGNORE INTO originals VALUES (?, ?, ?)", row)


def _enter(database: sqlite3.Connection, number: int, finished: FinishedDocument) -> None:
    document = finished.document
    database.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(number, as_bytes(document.id), as_bytes(_site(document)), finished.reason),
            *(len(document.kept), len(document.removed)),
            *(sum(map(len, document.kept)), sum(len(one.text) for one in document.removed)),
        ),
    )
    database.executemany(
        "INSERT INTO removals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_row(number, removal) for removal in document.removed),
    )


def _site(document: CleanDocument) -> str:
    return site_of(document.source, document.metadata).removeprefix("folder ").removeprefix("file ")


def _row(number: int, removal: Removal) -> tuple[object, ...]:
    mark = removal.mark
    return (
        *(number, removal.position, mark.reason.value, mark.rule),
        *(as_bytes(removal.text[:LONGEST_TEXT]), len(removal.text)),
        *((as_bytes(mark.of.id), mark.of.position) if mark.of else (None, None)),
        mark.similarity,
    )


def _stop(fault: Fault) -> NoReturn:
    raise CleanerError(
        f"{fault.where}: {fault.told}; nothing can be shown of an output that was changed or is "
        "not complete: `cleaner verify` tells all that is wrong with it"
    )
