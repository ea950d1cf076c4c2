"""Paragraphs that share a bucket with another: all that is needed to compare them, side by side."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column, ColumnWriter, spans
from cleaner.duplicates.shingles import HashLists, as_sets
from cleaner.duplicates.store import Columns, Store

AT_ONCE = 1 << 14
"""Paragraphs whose shingles are sorted at once."""
PARITY_WORDS = 4
"""64-bit words of a parity sketch."""


class Contenders(Columns):
    """Columns over the contenders, in document order."""

    def __init__(self, folder: Path, store: Store) -> None:
        super().__init__(folder)
        self._store = store
        self.paragraphs = self.column("paragraphs", np.int64).array
        self.documents = self.column("documents", np.int64).array
        self.negations = self.column("negations", np.int64).array
        self.statements = self.column("statements", np.uint8).array
        self.parities = self.column("parities", np.uint64).array.reshape(-1, PARITY_WORDS)
        self.shingles = self.lists("shingles")
        self.numbers = self.lists("numbers")
        self.names = self.lists("names")

    def __len__(self) -> int:
        return len(self.paragraphs)

    def shingles_in_order(self, numbers: NDArray[np.int64]) -> HashLists:
        """The shingles of some contenders as the text has them."""
        return self._store.shingles.take(self.paragraphs[numbers])

    def release(self) -> None:
        """Give back the memory of what was looked at."""
        super().release()
        self._store.release()


def gather_contenders(store: Store, chosen: Column, folder: Path) -> Contenders:
    """Copy the chosen paragraphs' shingles, as sets, and their facts to files of their own."""
    totals = dict.fromkeys(("shingles", "numbers", "names"), 0)
    with ColumnWriter(folder) as columns:
        for name in totals:
            columns.append(f"{name}.starts", np.zeros(1, dtype=np.int64))
        for first, last in spans(len(store)):
            rows = first + np.flatnonzero(chosen.array[first:last])
            for some in np.array_split(rows, len(rows) // AT_ONCE + 1):
                store.release()
                shingles = as_sets(store.shingles.take(some))
                columns.append("paragraphs", some)
                columns.append("documents", store.documents.array[some])
                columns.append("negations", store.negations.array[some])
                columns.append("statements", store.statements.array[some])
                columns.append("parities", parity_sketches(shingles))
                lists = {
                    "shingles": shingles,
                    "numbers": store.numbers.take(some),
                    "names": store.names.take(some),
                }
                for name, values in lists.items():
                    columns.append(f"{name}.hashes", values.hashes)
                    columns.append(f"{name}.starts", values.offsets[1:] + totals[name])
                    totals[name] += len(values.hashes)
        store.release()
    return Contenders(folder, store)


def parity_sketches(sets: HashLists) -> NDArray[np.uint64]:
    """For each set 256 bits, each the parity of how many elements fall on it. Shape (sets, 4).

    Where two sketches differ in d bits, the sets differ in at least d elements, so a pair is ruled
    out without being looked at more closely, and never wrongly (Sandes, Teodoro, Melo: "Bitmap
    filter: speeding up exact set similarity joins with bitwise operations", 2020).
    """
    sketches = np.zeros((len(sets), PARITY_WORDS), dtype=np.uint64)
    filled = np.flatnonzero(sets.sizes())
    if len(filled):
        words = sets.hashes >> np.uint64(62)
        bits = np.uint64(1) << ((sets.hashes >> np.uint64(56)) & np.uint64(63))
        for word in range(PARITY_WORDS):
            of_word = np.where(words == np.uint64(word), bits, np.uint64(0))
            sketches[filled, word] = np.bitwise_xor.reduceat(of_word, sets.offsets[filled])
    return sketches
