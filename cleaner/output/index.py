"""What must be known of a whole output while its files are read in order: a database on disk.

It holds a digest of every id, and the copies with their texts. SQLite sorts on disk, too, so the
memory stays that of its cache.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from cleaner.ids import as_bytes
from cleaner.output.faults import Fault, FaultKind, Report
from cleaner.output.rows import Output, Row, read_rows
from cleaner.scratch import scratch_database

CACHE_KILOBYTES = 1 << 16
DOCUMENT_KINDS = ("documents", "dropped")

TABLES = """
    CREATE TABLE documents (kind TEXT, id BLOB, place TEXT);
    CREATE TABLE groups (number INTEGER PRIMARY KEY, id BLOB);
    CREATE TABLE walked (number INTEGER PRIMARY KEY, id BLOB);
    CREATE TABLE copies (
        place TEXT, number INTEGER, position INTEGER, text BLOB, is_marked INTEGER,
        of_id BLOB, of_name BLOB, of_position INTEGER, similarity REAL
    );
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph that is on record as a copy, removed or only marked."""

    where: str
    """The row that says so."""
    document: int
    """The number of its document in the order of the walk."""
    position: int
    text: str
    is_marked: bool
    of_id: str
    of_position: int
    similarity: float


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A copy as the database gives it back."""

    original: int | None
    """The number of the document that it copies; None where there is no such document."""
    copy: Copy


class Index:
    """The database of one output. Use it in a `with` statement; then it is gone."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="cleaner-")
        path = Path(self._folder.name) / "index"
        self._database = scratch_database(path, TABLES, CACHE_KILOBYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()
        self._folder.cleanup()

    def read_ids(self, output: Output, report: Report) -> None:
        """Enter the ids of all documents, and in which order the removed rows name them."""
        for kind in DOCUMENT_KINDS:
            self._database.executemany(
                "INSERT INTO documents VALUES (?, ?, ?)",
                (
                    (kind, _key(row.values["id"]), row.where)
                    for row in read_rows(output, kind, report)
                ),
            )
        removed = read_rows(output, "removed", report)
        self._database.executemany(
            "INSERT INTO groups VALUES (?, ?)",
            ((number, _key(name)) for number, (name, _) in enumerate(groups_of(removed))),
        )
        self._database.execute("CREATE INDEX groups_by_id ON groups (id, number)")
        self._database.execute("CREATE INDEX documents_by_id ON documents (id)")
        self._report_repeated(report)

    def _report_repeated(self, report: Report) -> None:
        repeated = self._database.execute(
            "SELECT min(rowid), max(rowid) FROM documents GROUP BY id HAVING count(*) > 1"
        )
        for first, last in repeated.fetchall():
            places = self._database.execute(
                "SELECT place FROM documents WHERE rowid IN (?, ?) ORDER BY rowid", (first, last)
            )
            (earlier,), (later,) = places
            report(Fault(FaultKind.REPEATED_ID, later, f"{earlier} has the same id"))

    def groups_of_documents(self, kind: str) -> Iterator[int | None]:
        """For each document of a kind, in order, which group of removed rows is its; None: none."""
        found = self._database.execute(
            "SELECT (SELECT min(number) FROM groups WHERE groups.id = documents.id) "
            "FROM documents WHERE kind = ? ORDER BY rowid",
            (kind,),
        )
        return (number for (number,) in found)

    def note_document(self, number: int, name: str) -> None:
        """Enter which number a document has in the order of the walk."""
        self._database.execute("INSERT INTO walked VALUES (?, ?)", (number, _key(name)))

    def note_copy(self, copy: Copy) -> None:
        """Enter a copy, to be found by what it copies."""
        self._database.execute(
            "INSERT INTO copies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(copy.where, copy.document, copy.position, as_bytes(copy.text), copy.is_marked),
                *(_key(copy.of_id), as_bytes(copy.of_id), copy.of_position, copy.similarity),
            ),
        )

    def copies(self) -> Iterator[FoundCopy]:
        """All copies in the order of what they copy; those that copy no document come first."""
        self._database.execute("CREATE INDEX walked_by_id ON walked (id, number)")
        found = self._database.execute(
            "SELECT (SELECT min(number) FROM walked WHERE walked.id = of_id) AS original, "
            "place, number, position, text, is_marked, of_name, of_position, similarity "
            "FROM copies ORDER BY original, of_position, copies.rowid"
        )
        for original, place, number, position, *texts, of_position, similarity in found:
            text, is_marked, name = texts
            words, of = (one.decode("utf-8", "surrogatepass") for one in (text, name))
            copy = Copy(
                place, number, position, words, bool(is_marked), of, of_position, similarity
            )
            yield FoundCopy(original, copy)


def groups_of(removed: Iterable[Row]) -> Iterator[tuple[str, Iterator[Row]]]:
    """The removed rows of one document after the other, with its id."""
    return groupby(removed, key=lambda row: str(row.values["id"]))


def _key(name: str) -> bytes:
    return blake2b(as_bytes(name), digest_size=16).digest()
