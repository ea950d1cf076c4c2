"""The documents of a run, on disk: their ids, their sites, how many lines each may keep."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column, ColumnWriter, spans
from cleaner.duplicates.groups import repeated
from cleaner.ids import as_bytes, distinct_ids, hash_of

AT_ONCE = 1 << 12
HASH_BYTES = 8


class Entry(NamedTuple):
    """One document."""

    id: str
    site: str
    lines: int
    """Lines that no rule takes out wherever they stand."""


class CatalogueWriter:
    """Appends documents, in their order. Use it in a `with` statement.

    With the sizes that its columns had, it goes on from there.
    """

    def __init__(self, folder: Path, sizes: Mapping[str, int] | None = None) -> None:
        self.columns = ColumnWriter(folder, sizes)
        self._names = NamesWriter(self.columns, "ids")
        self.documents = self.columns.sizes.get("hashes", 0) // HASH_BYTES

    def __enter__(self) -> Self:
        self.columns.__enter__()
        self._names.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.columns.__exit__(kind, error, trace)

    def append(self, entries: Sequence[Entry]) -> None:
        """Append documents."""
        self._names.append([entry.id for entry in entries])
        hashes = [hash_of(entry.id) for entry in entries]
        self.columns.append("hashes", np.array(hashes, dtype=np.uint64))
        sites = [hash_of(entry.site) for entry in entries]
        self.columns.append("sites", np.array(sites, dtype=np.uint64))
        lines = [entry.lines for entry in entries]
        self.columns.append("lines", np.array(lines, dtype=np.int64))
        self.documents += len(entries)


class NamesWriter:
    """Appends texts to two columns: their bytes, and where each begins."""

    def __init__(self, columns: ColumnWriter, name: str) -> None:
        self._columns = columns
        self._name = name
        self._size = columns.sizes.get(name, 0)

    def begin(self) -> None:
        """Write where the first begins, if it is not there. Must come before anything else."""
        if f"{self._name}.starts" in self._columns.sizes:
            return
        self._columns.append(f"{self._name}.starts", np.zeros(1, dtype=np.int64))

    def append(self, names: Sequence[str]) -> None:
        """Append texts."""
        encoded = [as_bytes(name) for name in names]
        ends = self._size + np.cumsum([len(data) for data in encoded], dtype=np.int64)
        self._columns.append(self._name, np.frombuffer(b"".join(encoded), dtype=np.uint8))
        self._columns.append(f"{self._name}.starts", ends)
        self._size = int(ends[-1]) if len(ends) else self._size


class Names:
    """Texts by number, from the columns that `NamesWriter` wrote."""

    def __init__(self, folder: Path, name: str) -> None:
        self._bytes = Column(folder / name, np.uint8)
        self._starts = Column(folder / f"{name}.starts", np.int64)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        first, last = self._starts.array[number : number + 2].tolist()
        return self._bytes.array[first:last].tobytes().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        for first, last in spans(len(self), AT_ONCE):
            yield from (self[number] for number in range(first, last))
            self._bytes.release()
            self._starts.release()


class Catalogue:
    """What `CatalogueWriter` wrote."""

    def __init__(self, folder: Path) -> None:
        self.ids = Names(folder, "ids")
        self.hashes = Column(folder / "hashes", np.uint64)
        self.sites = Column(folder / "sites", np.uint64)
        self.lines = Column(folder / "lines", np.int64)

    def __len__(self) -> int:
        return len(self.hashes)


Taken = Callable[[NDArray[np.uint64]], NDArray[np.int64]]
"""For each hash of an id, how many documents before those of the run have it."""


def write_distinct_ids(
    catalogue: Catalogue, memory: int, folder: Path, taken: Taken | None = None
) -> Names:
    """The documents' ids as they are written: each its own, and none that is taken."""
    repeats = Column.filled(folder / "repeats", np.int64, len(catalogue), 0)
    _count_repeats(catalogue, memory, repeats.array)
    if taken:
        for first, last in spans(len(catalogue)):
            repeats.array[first:last] += taken(catalogue.hashes.array[first:last])
    own = np.sort(catalogue.hashes.array) if repeats.array.any() else catalogue.hashes.array

    def is_taken(name: str) -> bool:
        wanted = np.uint64(hash_of(name))
        if taken and taken(np.array([wanted])).any():
            return True
        at = int(np.searchsorted(own, wanted))
        return at < len(own) and own[at] == wanted

    with ColumnWriter(folder) as columns:
        names = NamesWriter(columns, "names")
        names.begin()
        made = distinct_ids(catalogue.ids, _values(repeats), is_taken)
        for first, last in spans(len(catalogue), AT_ONCE):
            names.append([next(made) for _ in range(first, last)])
    return Names(folder, "names")


def _values(column: Column) -> Iterator[int]:
    for first, last in spans(len(column), AT_ONCE):
        yield from column.array[first:last].tolist()


def _count_repeats(catalogue: Catalogue, memory: int, repeats: NDArray[np.int64]) -> None:
    """For each document, how many before it have its id."""

    def read(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        return catalogue.hashes.array[first:last], np.arange(first, last)

    key, seen = -1, 0
    for groups in repeated(read, len(catalogue), memory):
        if not groups.is_piece:
            repeats[groups.rows] = np.arange(len(groups.rows)) - groups.firsts()
            continue
        if int(groups.keys[0]) != key:
            key, seen = int(groups.keys[0]), 0
        repeats[groups.rows] = seen + np.arange(len(groups.rows))
        seen += len(groups.rows)
