"""All that the search needs to know of a batch of paragraphs, without their text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.duplicates.bands import band_keys, rows_per_band
from cleaner.duplicates.shingles import ShingleSets, shingle_sets
from cleaner.duplicates.signatures import minhash_signatures


@dataclass(frozen=True, slots=True)
class Sketches:
    """Paragraphs in document order, each by its place, its shingle set and its band keys."""

    documents: NDArray[np.int64]
    """Shape (paragraphs,): the document's number, counted from 0 in the order of the input."""
    positions: NDArray[np.int64]
    """Shape (paragraphs,): the paragraph's position in its document."""
    sets: ShingleSets
    bands: NDArray[np.uint64]
    """Shape (paragraphs, bands)."""

    def shingles_of(self, row: int) -> NDArray[np.uint64]:
        """The shingle set of one paragraph, by its place in these arrays."""
        return self.sets.hashes[self.sets.offsets[row] : self.sets.offsets[row + 1]]

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        with path.open("wb") as stream:
            np.savez(
                stream,
                documents=self.documents,
                positions=self.positions,
                hashes=self.sets.hashes,
                offsets=self.sets.offsets,
                bands=self.bands,
            )

    @classmethod
    def load(cls, path: Path) -> "Sketches":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            sets = ShingleSets(saved["hashes"], saved["offsets"])
            return cls(saved["documents"], saved["positions"], sets, saved["bands"])


def sketch_paragraphs(
    paragraphs: Sequence[str], places: Sequence[tuple[int, int]], config: Config
) -> Sketches:
    """Sketch paragraphs that stand at these places (document, position).

    A paragraph without a letter or digit is left out: there is nothing to compare.
    """
    sets = shingle_sets(paragraphs, config.shingle_size)
    keys = band_keys(minhash_signatures(sets), rows_per_band(config.threshold))
    filled = np.diff(sets.offsets) > 0
    offsets = np.concatenate((sets.offsets[:1], sets.offsets[1:][filled]))
    where = np.array(places, dtype=np.int64).reshape(-1, 2)[filled]
    return Sketches(where[:, 0], where[:, 1], ShingleSets(sets.hashes, offsets), keys[filled])
