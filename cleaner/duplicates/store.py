"""The sketches of a whole run, on disk: what the search goes through without holding it."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from cleaner.columns import Column, ColumnWriter
from cleaner.duplicates.shingles import HashLists
from cleaner.duplicates.sketch import Sketches

LISTS = ("shingles", "numbers", "names")
VALUE_BYTES = 8


class StoreWriter:
    """Appends the sketches of batches, in document order. Use it in a `with` statement.

    With the sizes that its columns had, it goes on from there.
    """

    def __init__(self, folder: Path, sizes: Mapping[str, int] | None = None) -> None:
        self.columns = ColumnWriter(folder, sizes)
        self._starts = {name: self._values(f"{name}.hashes") for name in LISTS}
        self.paragraphs = self._values("documents")
        self.short_lines = self._values("short.documents")

    def _values(self, column: str) -> int:
        return self.columns.sizes.get(column, 0) // VALUE_BYTES

    def __enter__(self) -> Self:
        is_new = not self.columns.sizes
        self.columns.__enter__()
        for name in LISTS if is_new else ():
            self.columns.append(f"{name}.starts", np.zeros(1, dtype=np.int64))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.columns.__exit__(kind, error, trace)

    def append(self, sketches: Sketches, first_document: int) -> None:
        """Append a batch whose documents are counted from `first_document`."""
        append = self.columns.append
        append("documents", sketches.documents + first_document)
        append("positions", sketches.positions)
        append("keys.0", sketches.keys[:, 0])
        append("keys.1", sketches.keys[:, 1])
        append("negations", sketches.negations)
        append("statements", sketches.statements)
        for band in range(sketches.bands.shape[1]):
            append(f"bands.{band}", sketches.bands[:, band])
        for name in LISTS:
            lists: HashLists = getattr(sketches, name)
            append(f"{name}.hashes", lists.hashes)
            append(f"{name}.starts", lists.offsets[1:] + self._starts[name])
            self._starts[name] += len(lists.hashes)
        append("short.documents", sketches.short_documents + first_document)
        append("short.positions", sketches.short_positions)
        append("short.keys.0", sketches.short_keys[:, 0])
        append("short.keys.1", sketches.short_keys[:, 1])
        is_paragraph = sketches.short_paragraphs >= 0
        append(
            "short.paragraphs",
            np.where(is_paragraph, sketches.short_paragraphs + self.paragraphs, -1),
        )
        self.paragraphs += len(sketches.documents)
        self.short_lines += len(sketches.short_documents)


class Columns:
    """The columns of a folder, opened one after the other and given back together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[Column] = []

    def column(self, name: str, dtype: type) -> Column:
        """Open the column of that name."""
        column = Column(self._folder / name, dtype)
        self._opened.append(column)
        return column

    def lists(self, name: str) -> HashLists:
        """Open the two columns of lists of hashes."""
        hashes = self.column(f"{name}.hashes", np.uint64)
        starts = self.column(f"{name}.starts", np.int64)
        return HashLists(hashes.array, starts.array)

    def release(self) -> None:
        """Give back the memory of what was looked at."""
        for column in self._opened:
            column.release()


class Places(Columns):
    """Of what `StoreWriter` wrote, where the paragraphs and the short lines stand."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.documents = self.column("documents", np.int64)
        self.positions = self.column("positions", np.int64)
        self.short_documents = self.column("short.documents", np.int64)
        self.short_positions = self.column("short.positions", np.int64)

    def __len__(self) -> int:
        return len(self.documents)


class Store(Places):
    """What `StoreWriter` wrote, as columns over the paragraphs and over the short lines."""

    def __init__(self, folder: Path, bands: int) -> None:
        super().__init__(folder)
        self.keys = (self.column("keys.0", np.uint64), self.column("keys.1", np.uint64))
        self.negations = self.column("negations", np.int64)
        self.statements = self.column("statements", np.uint8)
        self.bands = tuple(self.column(f"bands.{band}", np.uint64) for band in range(bands))
        self.shingles = self.lists("shingles")
        self.numbers = self.lists("numbers")
        self.names = self.lists("names")
        self.short_keys = (
            self.column("short.keys.0", np.uint64),
            self.column("short.keys.1", np.uint64),
        )
        self.short_paragraphs = self.column("short.paragraphs", np.int64)
