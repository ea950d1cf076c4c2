"""What the page shows, as numbers and texts: asked of the database, and of the summary."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.output.faults import ignore
from cleaner.output.rows import Output, read_rows
from cleaner.report.differences import Piece, differing
from cleaner.report.gather import enter_originals

MOST_BARS = 25
MOST_GROUPS = 40
MOST_MEMBERS = 8
MOST_LINES = 200
MOST_DOCUMENTS = 100
MOST_REJECTED = 1_000
LEAST_CHARACTERS = 200
"""A document with less text than this may lose most of it by one line."""


def share_of(part: int, whole: int) -> float:
    """A part of a whole, from 0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart."""

    name: str
    paragraphs: int
    characters: int
    of: int
    """Characters of which these were taken."""

    @property
    def share(self) -> float:
        """Characters taken of all, from 0 to 1."""
        return share_of(self.characters, self.of)


@dataclass(frozen=True, slots=True)
class Member:
    """A copy, word by word against its original."""

    id: str
    position: int
    similarity: float
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Group:
    """A paragraph that stays and the copies of it that went."""

    id: str
    position: int
    text: str | None
    """None where the original is not in this output."""
    copies: int
    members: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was removed many times."""

    text: str
    cause: str
    times: int
    documents: int


@dataclass(frozen=True, slots=True)
class Loser:
    """A document, and what it lost."""

    id: str
    removed: int
    characters: int
    of: int

    @property
    def share(self) -> float:
        """Characters taken of all, from 0 to 1."""
        return share_of(self.characters, self.of)


def characters_of(database: sqlite3.Connection) -> tuple[int, int]:
    """Characters kept and removed in all documents."""
    asked = "SELECT total(kept_characters), total(removed_characters) FROM documents"
    kept, removed = database.execute(asked).fetchone()
    return int(kept), int(removed)


def by_reason(database: sqlite3.Connection, of: int) -> list[Bar]:
    """What each reason took."""
    return _bars(database, "SELECT reason, count(*), sum(characters) FROM removals GROUP BY 1", of)


def by_category(database: sqlite3.Connection, of: int) -> list[Bar]:
    """What each category of rules took; copies and templates are categories of their own."""
    category = "CASE WHEN rule IS NULL THEN reason ELSE substr(rule, 1, instr(rule, '.') - 1) END"
    asked = f"SELECT {category}, count(*), sum(characters) FROM removals GROUP BY 1"  # noqa: S608
    return _bars(database, asked, of)


def by_rule(database: sqlite3.Connection, of: int) -> list[Bar]:
    """What each rule took."""
    asked = "SELECT rule, count(*), sum(characters) FROM removals WHERE rule IS NOT NULL GROUP BY 1"
    return _bars(database, asked, of)


def by_site(database: sqlite3.Connection) -> list[Bar]:
    """What the sites, folders or files of rows lost, those that lost most first."""
    asked = (
        "SELECT site, sum(removed), sum(removed_characters), "
        "sum(kept_characters + removed_characters) FROM documents GROUP BY 1 "
        "ORDER BY 3 DESC, 1 LIMIT ?"
    )
    rows = database.execute(asked, (MOST_BARS,))
    return [Bar(_text(site), *numbers) for site, *numbers in rows]


def frequent_lines(database: sqlite3.Connection) -> list[Line]:
    """The lines that were removed most often."""
    asked = (
        "SELECT text, coalesce(rule, reason), count(*), count(DISTINCT document) FROM removals "
        "GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 3 DESC, 1 LIMIT ?"
    )
    rows = database.execute(asked, (MOST_LINES,))
    return [Line(_text(text), *rest) for text, *rest in rows]


def losers(database: sqlite3.Connection) -> list[Loser]:
    """The documents that lost the largest share of their text."""
    asked = (
        "SELECT id, removed, removed_characters, kept_characters + removed_characters "
        "FROM documents WHERE removed AND kept_characters + removed_characters >= ? "
        "ORDER BY removed_characters * 1.0 / (kept_characters + removed_characters) DESC, number "
        "LIMIT ?"
    )
    rows = database.execute(asked, (LEAST_CHARACTERS, MOST_DOCUMENTS))
    return [Loser(_text(name), *numbers) for name, *numbers in rows]


def groups_of_copies(database: sqlite3.Connection, clean: Path) -> list[Group]:
    """The largest groups of near-duplicates."""
    asked = (
        "SELECT of_id, of_position, count(*) FROM removals WHERE of_id IS NOT NULL "
        "GROUP BY 1, 2 ORDER BY 3 DESC, min(rowid) LIMIT ?"
    )
    largest = database.execute(asked, (MOST_GROUPS,)).fetchall()
    enter_originals(database, clean, {(name, position) for name, position, _ in largest})
    return [_group(database, *row) for row in largest]


def _group(database: sqlite3.Connection, name: bytes, position: int, copies: int) -> Group:
    asked = "SELECT text FROM originals WHERE id = ? AND position = ?"
    found = database.execute(asked, (name, position)).fetchone()
    original = _text(found[0]) if found else None
    rows = database.execute(
        "SELECT documents.id, removals.position, similarity, text FROM removals "
        "JOIN documents ON number = document WHERE of_id = ? AND of_position = ? "
        "ORDER BY similarity, removals.rowid LIMIT ?",
        (name, position, MOST_MEMBERS),
    )
    members = [
        Member(_text(one), at, similarity, differing(_text(text), original))
        for one, at, similarity, text in rows
    ]
    return Group(_text(name), position, original, copies, members)


def shown_removals(database: sqlite3.Connection, most: int) -> Iterator[tuple[Any, ...]]:
    """Removed paragraphs for the page to look through.

    Each is the number of its document, position, cause, text, and for a copy the id and position of
    its original and the similarity. Where there are more than `most`, the first of each cause, as
    many of one as of another.
    """
    counts = [
        number
        for (number,) in database.execute(
            "SELECT count(*) FROM removals GROUP BY coalesce(rule, reason)"
        )
    ]
    rows = database.execute(
        "SELECT document, position, cause, text, of_id, of_position, similarity FROM ("
        "SELECT rowid AS place, *, coalesce(rule, reason) AS cause, row_number() OVER "
        "(PARTITION BY coalesce(rule, reason) ORDER BY rowid) AS number FROM removals"
        ") WHERE number <= ? ORDER BY place",
        (_fair_share(counts, most),),
    )
    for document, position, cause, text, of_id, of_position, similarity in rows:
        of = None if of_id is None else _text(of_id)
        yield document, position, cause, _text(text), of, of_position, similarity


def _fair_share(counts: Sequence[int], most: int) -> int:
    """The largest number of each kind, so that all kinds together are not more than `most`."""
    low, high = 1, max(counts, default=1)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(count, middle) for count in counts) <= most:
            low = middle
        else:
            high = middle - 1
    return low


def names_of(database: sqlite3.Connection) -> Mapping[int, tuple[str, str]]:
    """Id and site of each document that lost something, by its number."""
    rows = database.execute("SELECT number, id, site FROM documents WHERE removed")
    return {number: (_text(name), _text(site)) for number, name, site in rows}


def rejected(output: Output) -> list[Mapping[str, Any]]:
    """The first rejected records."""
    rows = read_rows(output, "rejected", ignore)
    return [row.values for row, _ in zip(rows, range(MOST_REJECTED), strict=False)]


def _bars(database: sqlite3.Connection, asked: str, of: int) -> list[Bar]:
    bars = [Bar(name, number, taken, of) for name, number, taken in database.execute(asked)]
    return sorted(bars, key=lambda bar: (-bar.characters, bar.name))


def _text(held: bytes) -> str:
    """Text to be shown: a lone surrogate becomes U+FFFD, as no page can hold it."""
    return held.decode("utf-8", "surrogatepass").encode("utf-8", "replace").decode()
