"""A finished output as a database on disk, so that the memory stays bounded however large it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cleaner.document import CleanDocument, Removal
from cleaner.ids import as_bytes
from cleaner.output.walk import FinishedDocument
from cleaner.output.whole import documents_of
from cleaner.scratch import temporary_database
from cleaner.stages.site import site_of

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
    with temporary_database(TABLES) as database:
        for number, finished in enumerate(documents_of(clean)):
            _enter(database, number, finished)
        database.execute(
            "CREATE INDEX copies ON removals (of_id, of_position) WHERE of_id IS NOT NULL"
        )
        yield database


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
    site = site_of(document.source, document.metadata).removeprefix("file ")
    return "(files of no site)" if site == "folder ." else site.removeprefix("folder ")


def _row(number: int, removal: Removal) -> tuple[object, ...]:
    mark = removal.mark
    return (
        *(number, removal.position, mark.reason.value, mark.rule),
        *(as_bytes(removal.text[:LONGEST_TEXT]), len(removal.text)),
        *((as_bytes(mark.of.id), mark.of.position) if mark.of else (None, None)),
        mark.similarity,
    )
