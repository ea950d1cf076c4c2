"""What the first phase makes of all batches: columns of sketches, of documents, of batches."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from cleaner.catalogue import CatalogueWriter, Entry
from cleaner.columns import Column, ColumnWriter, below
from cleaner.decided import Span
from cleaner.duplicates.sketch import Sketches
from cleaner.duplicates.store import StoreWriter

STORE, CATALOGUE, BATCHES = "store", "catalogue", "batches"
ENDS = "ends"
"""Column of batches: the documents, paragraphs, short lines and bytes of input up to their ends."""
NUMBERS, NUMBER_BYTES = 4, 8


class Intake:
    """Appends batches, in order. Use it in a `with` statement.

    With the sizes that its columns had, it goes on from there.
    """

    def __init__(self, work: Path, sizes: Mapping[str, int]) -> None:
        self._store = StoreWriter(work / STORE, below(STORE, sizes))
        self._catalogue = CatalogueWriter(work / CATALOGUE, below(CATALOGUE, sizes))
        self._batches = ColumnWriter(work / BATCHES, below(BATCHES, sizes))
        self._stack = ExitStack()
        self.batches, self.input_bytes = read_before(work, sizes)

    def __enter__(self) -> Self:
        self._stack.enter_context(self._store)
        self._stack.enter_context(self._catalogue)
        self._stack.enter_context(self._batches)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def append(self, sketches: Sketches, entries: Sequence[Entry], input_bytes: int) -> None:
        """Append a batch."""
        self._store.append(sketches, self._catalogue.documents)
        self._catalogue.append(entries)
        store, documents = self._store, self._catalogue.documents
        self.input_bytes += input_bytes
        ends = [documents, store.paragraphs, store.short_lines, self.input_bytes]
        self._batches.append(ENDS, np.array(ends, dtype=np.int64))
        self.batches += 1

    def flush(self) -> None:
        """Hand what buffers hold to the system."""
        for writer in self._writers():
            writer.flush()

    def sizes(self) -> Mapping[str, int]:
        """The bytes of each column, named from the work folder."""
        return {
            f"{writer.folder.name}/{name}": size
            for writer in self._writers()
            for name, size in writer.sizes.items()
        }

    def _writers(self) -> tuple[ColumnWriter, ...]:
        return self._store.columns, self._catalogue.columns, self._batches


def read_spans(work: Path) -> list[Span]:
    """What each batch holds of the whole run."""
    spans = []
    first = [0] * NUMBERS
    for last in _ends(work):
        documents, paragraphs, short_lines, _ = zip(first, last, strict=True)
        spans.append(Span(documents, paragraphs, short_lines))
        first = last
    return spans


def read_before(work: Path, sizes: Mapping[str, int]) -> tuple[int, int]:
    """How many batches columns of these sizes hold, and the bytes of input of these."""
    batches = sizes.get(f"{BATCHES}/{ENDS}", 0) // (NUMBERS * NUMBER_BYTES)
    return batches, _ends(work)[batches - 1][-1] if batches else 0


def _ends(work: Path) -> list[list[int]]:
    rows = Column(work / BATCHES / ENDS, np.int64).array.reshape(-1, NUMBERS)
    ends: list[list[int]] = rows.tolist()
    return ends
