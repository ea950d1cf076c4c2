"""Tables of narrow rows, as an engine for many machines moves them, and what steps do with rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Rows = Mapping[str, NDArray[Any]]
"""Columns of one length, by name: whole numbers, floats, or objects that are bytes."""
Columns = Mapping[str, str]
"""What each column holds: `int64`, `float64` or `binary`."""
Step = Callable[[Iterator[Rows]], Iterator[Rows]]
"""Works on a share of the rows. It may be done again, so it must do the same each time."""

TO = "to"
"""Name of the column with the number of the part or place that a row is for."""


class Table(Protocol):
    """Rows, spread over machines."""

    def mapped(self, step: Step, columns: Columns) -> Self:
        """What a step makes of each share of the rows."""
        ...

    def by(self, key: str, order: Sequence[str] = ()) -> Self:
        """The rows with all of one key in one share, by key and then in this order."""
        ...

    def joined_by(self, other: Self) -> Self:
        """The rows of both, which have the same columns."""
        ...

    def collected(self) -> Rows:
        """All rows, in the program. They must be few."""
        ...


class Tables(Protocol):
    """Makes tables."""

    @property
    def tasks(self) -> int:
        """How many shares are worked on at once."""
        ...

    def table(self, rows: Rows, columns: Columns) -> Table:
        """Make a table in which each row is a share of its own."""
        ...

    def spread(self, shares: int) -> None:
        """Bring rows that are brought together by a key into about so many shares."""
        ...


def filled(rows: Rows, columns: Columns) -> Rows:
    """The rows with all of these columns: what a row does not tell is -1, or no bytes."""
    size, absent = size_of(rows), {"int64": -1, "float64": -1.0, "binary": b""}
    kinds: Mapping[str, Any] = {"int64": np.int64, "float64": np.float64, "binary": object}
    return {
        name: rows[name] if name in rows else np.full(size, absent[kind], dtype=kinds[kind])
        for name, kind in columns.items()
    }


def nothing(columns: Columns) -> Rows:
    """No rows of these columns."""
    return filled({"": np.empty(0)}, columns)


def objects(values: Sequence[bytes]) -> NDArray[Any]:
    """A column of bytes."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def size_of(rows: Rows) -> int:
    """How many rows there are."""
    return len(next(iter(rows.values())))


def some(rows: Rows, which: Any) -> Rows:  # noqa: ANN401 - whatever chooses from an array
    """Some of the rows."""
    return {name: column[which] for name, column in rows.items()}


def together(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, one part after the other."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def begins(rows: Rows, *keys: str) -> NDArray[np.bool_]:
    """Whether each row has other keys than the one before it."""
    changed = np.zeros(size_of(rows), dtype=bool)
    changed[:1] = True
    for key in keys:
        changed[1:] |= rows[key][1:] != rows[key][:-1]
    return changed


def whole(parts: Iterator[Rows], *keys: str) -> Iterator[Rows]:
    """The rows, sorted by these keys, in pieces none of which ends within a group of equal keys."""
    held: list[Rows] = []
    for rows in parts:
        if not size_of(rows):
            continue
        starts = begins(rows, *keys)
        if held:
            starts[0] = any(rows[key][0] != held[-1][key][-1] for key in keys)
        cuts = np.flatnonzero(starts)
        if held and len(cuts):
            before = [some(rows, slice(0, int(cuts[-1])))]
            yield together([*held, *(before if cuts[-1] else [])])
            held = []
        elif len(cuts) and cuts[-1]:
            yield some(rows, slice(0, int(cuts[-1])))
        held.append(some(rows, slice(int(cuts[-1]) if len(cuts) else 0, None)))
    if held:
        yield together(held)


def by_value(parts: Iterator[Rows], key: str) -> Iterator[tuple[int, Rows]]:
    """The rows of each value of a key by which they are sorted."""
    for rows in whole(parts, key):
        starts = np.flatnonzero(begins(rows, key)).tolist()
        for first, last in pairwise([*starts, size_of(rows)]):
            yield int(rows[key][first]), some(rows, slice(first, last))


def addressed(parts: Iterator[Rows]) -> Iterator[tuple[int, Rows]]:
    """What came for each part or place."""
    return by_value(parts, TO)


def signed(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Keys as the signed numbers that engines know."""
    return np.ascontiguousarray(keys).view(np.int64)


def unsigned(keys: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The keys again."""
    return np.ascontiguousarray(keys).view(np.uint64)
