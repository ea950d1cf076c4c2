"""What changed between two outputs: two runs, or two sets of options, on the same input."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import orjson

from cleaner.document import CleanDocument
from cleaner.identity import OPTION, VERSION, changes
from cleaner.ids import as_bytes
from cleaner.output.machine import told_in_a_line
from cleaner.output.summary import read_summary
from cleaner.output.whole import documents_of
from cleaner.scratch import temporary_database

TABLE = "CREATE TABLE documents (id BLOB UNIQUE, held BLOB, is_seen INTEGER);"


class Change(StrEnum):
    """What the second output has otherwise."""

    REMOVED = "removed"
    """The first kept this paragraph, the second removed it."""
    KEPT = "kept"
    """The first removed this paragraph, the second kept it."""
    GONE = "gone"
    """The first kept this paragraph, and the second has none of these words."""
    NEW = "new"
    """The second keeps this paragraph, and the first has none of these words."""
    CAUSE = "other cause"
    """Both removed this paragraph, for another reason or by another rule."""
    ONLY_FIRST = "document only in the first"
    ONLY_SECOND = "document only in the second"


@dataclass(frozen=True, slots=True)
class Difference:
    """A paragraph or document of which the outputs have made something else."""

    change: Change
    id: str
    text: str
    """Of the paragraph; empty where the whole document is meant."""
    causes: tuple[str | None, str | None]
    """The rule or reason for which each output removed it; None: it did not."""

    def as_row(self) -> Mapping[str, str | None]:
        """As a row of JSON."""
        first, second = self.causes
        return {
            "change": self.change.value,
            "id": self.id,
            "text": self.text,
            "first": first,
            "second": second,
        }


def changed_settings(first: Path, second: Path) -> Sequence[str]:
    """The options and versions that differ, each in words.

    A library that only one of them needed was brought by its input or options, and is none.

    Raises:
        UsageError: one of them is no output of a finished run.
        CleanerError: the summary of one is damaged.

    """
    ours, theirs = read_summary(first), read_summary(second)
    options = [one.config.output_options() for one in (ours, theirs)]
    return [
        *changes(OPTION, options[0], options[1]),
        *changes(VERSION, ours.versions, theirs.versions),
    ]


def numbers_of_documents(first: Path, second: Path) -> tuple[int, int]:
    """How many documents each output tells of: those that were written, and those dropped.

    Raises:
        UsageError, CleanerError: as `changed_settings`.

    """
    ours, theirs = (read_summary(clean).counts for clean in (first, second))
    return ours["written"] + ours["dropped"], theirs["written"] + theirs["dropped"]


def differences(first: Path, second: Path) -> Iterator[Difference]:
    """All differences, in the order of the second output; what only the first has comes last.

    The first output is held in a database on disk, so the two may be in any order.

    Raises:
        CleanerError: one of the outputs was changed or is not complete.

    """
    with told_in_a_line(), _held(first) as database:
        for finished in documents_of(second):
            document = finished.document
            key = as_bytes(document.id)
            row = database.execute("SELECT held FROM documents WHERE id = ?", (key,)).fetchone()
            if row is None:
                yield Difference(Change.ONLY_SECOND, document.id, "", (None, None))
                continue
            database.execute("UPDATE documents SET is_seen = 1 WHERE id = ?", (key,))
            yield from _between(document.id, orjson.loads(row[0]), _row(document))
        for (key,) in database.execute("SELECT id FROM documents WHERE NOT is_seen ORDER BY rowid"):
            name = key.decode("utf-8", "surrogatepass")
            yield Difference(Change.ONLY_FIRST, name, "", (None, None))


@contextmanager
def _held(clean: Path) -> Iterator[sqlite3.Connection]:
    with temporary_database(TABLE) as database:
        database.executemany(
            "INSERT INTO documents VALUES (?, ?, 0)",
            (
                (as_bytes(one.document.id), orjson.dumps(_row(one.document)))
                for one in documents_of(clean)
            ),
        )
        yield database


Held = tuple[list[str], list[tuple[str, str]]]
"""Of one document: what was kept; and what was removed, each with its rule or reason."""


def _row(document: CleanDocument) -> Held:
    removed = [
        (_plain(one.text), one.mark.rule or one.mark.reason.value) for one in document.removed
    ]
    return [_plain(text) for text in document.kept], removed


def _plain(text: str) -> str:
    """Text without lone surrogates, which JSON cannot hold."""
    return text.encode("utf-8", "replace").decode()


def _between(name: str, first: Held, second: Held) -> Iterator[Difference]:
    if first == second:
        return
    kept_first, kept_second = Counter(first[0]), Counter(second[0])
    causes = _Causes(first), _Causes(second)
    for text in (kept_first - kept_second).elements():
        cause = causes[1].take(text)
        change = Change.REMOVED if cause else Change.GONE
        yield Difference(change, name, text, (None, cause))
    for text in (kept_second - kept_first).elements():
        cause = causes[0].take(text)
        change = Change.KEPT if cause else Change.NEW
        yield Difference(change, name, text, (cause, None))
    for text, cause in causes[0].rest():
        other = causes[1].take(text)
        if other and other != cause:
            yield Difference(Change.CAUSE, name, text, (cause, other))


class _Causes:
    """Why each of a document's paragraphs was removed; each is told once."""

    def __init__(self, held: Held) -> None:
        self._by_text: dict[str, list[str]] = {}
        for text, cause in reversed(held[1]):
            self._by_text.setdefault(text, []).append(cause)

    def take(self, text: str) -> str | None:
        left = self._by_text.get(text)
        return left.pop() if left else None

    def rest(self) -> Iterator[tuple[str, str]]:
        for text, causes in self._by_text.items():
            for cause in reversed(causes):
                yield text, cause
