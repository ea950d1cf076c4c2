"""Buckets: paragraphs that share a band key. Pairs within one are the candidates.

A bucket of more than CROWD members is not kept: its members are marked as crowded, and joined by
the methods of `crowds`, whose cost does not grow with the square of a bucket.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column, ColumnWriter
from cleaner.duplicates.groups import BYTES_PER_ROW, Groups, Reader, repeated
from cleaner.duplicates.store import Store
from cleaner.duplicates.terms import Relation, Terms, key_within

CROWD = 200
"""Members of the largest bucket that is kept. Honest near-copies come in dozens."""

FULL = 7
"""The role of a member that meets all others. Of others two meet if their roles' bits make this."""


class MemberWriter:
    """Writes the members of buckets. Use it in a `with` statement."""

    def __init__(self, folder: Path) -> None:
        self._columns = ColumnWriter(folder)
        self._bucket = 0
        self._key: int | None = None

    def __enter__(self) -> Self:
        self._columns.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._columns.__exit__(None, None, None)

    def append(
        self, keys: NDArray[np.uint64], members: NDArray[np.int64], roles: NDArray[np.uint8]
    ) -> None:
        """Append members, those of one key side by side and in document order, over all calls."""
        if not len(keys):
            return
        is_new = np.concatenate(([int(keys[0]) != self._key], keys[1:] != keys[:-1]))
        buckets = self._bucket + np.cumsum(is_new)
        self._bucket, self._key = int(buckets[-1]), int(keys[-1])
        self._columns.append("buckets", buckets)
        self._columns.append("members", members)
        self._columns.append("roles", roles)


class Members:
    """The members of buckets as columns, with a scratch column in a folder of its own if asked."""

    def __init__(self, folder: Path, scratch: Path | None = None) -> None:
        self.buckets = Column(folder / "buckets", np.int64)
        self.members = Column(folder / "members", np.int64)
        self.roles = Column(folder / "roles", np.uint8)
        self.led = Column.filled((scratch or folder) / "led", np.uint8, len(self.members), 0)
        """Whether all followers of its bucket have been compared with a member."""

    def release(self) -> None:
        """Give back the memory of what was looked at."""
        for column in (self.buckets, self.members, self.roles, self.led):
            column.release()

    def __len__(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Marks:
    """Of each paragraph, whether it may be similar to another. Columns of bytes."""

    candidate: Column
    crowded: Column


def fill_buckets(
    store: Store, alive: Column, terms: Terms, marks: Marks, writer: MemberWriter
) -> None:
    """Write the members of all buckets that hold two or more, and mark these paragraphs."""
    # What is a crowd must not depend on how much memory there is.
    memory = max(terms.memory, (CROWD + 1) * BYTES_PER_ROW)
    for band in store.bands:
        read = band_reader(store, band, alive, within=terms.relation is Relation.WITHIN)
        for groups in repeated(read, len(store), memory):
            _fill(groups, marks, writer)
        store.release()


def _fill(groups: Groups, marks: Marks, writer: MemberWriter) -> None:
    if not len(groups.rows):
        return
    marks.candidate.array[groups.rows] = 1
    firsts = groups.firsts()
    sizes = np.bincount(firsts, minlength=len(firsts))[firsts]
    is_crowd = (sizes > CROWD) | groups.is_piece
    marks.crowded.array[groups.rows[is_crowd]] = 1
    keys, rows = groups.keys[~is_crowd], groups.rows[~is_crowd]
    writer.append(keys, rows, np.full(len(rows), FULL, dtype=np.uint8))


def band_reader(store: Store, band: Column, alive: Column, *, within: bool) -> Reader:
    """Reads the keys of a band, and the paragraphs alive that have them."""

    def read(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        rows = first + np.flatnonzero(alive.array[first:last])
        keys = band.array[rows]
        return (key_within(keys, store.documents.array[rows]) if within else keys), rows

    return read
