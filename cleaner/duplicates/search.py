"""Find the copies among all paragraphs of a run, in memory."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.duplicates.representatives import Copy, Representatives
from cleaner.duplicates.sketch import Sketches


def find_copies(batches: Sequence[Sketches], config: Config) -> Iterator[Copy]:
    """The copies, in document order. The batches are in document order, as they must be."""
    shared = _shared_keys(batches)
    representatives = Representatives(config)
    for batch in batches:
        in_shared = np.isin(batch.bands, shared)
        for row in np.flatnonzero(in_shared.any(axis=1)).tolist():
            copy = representatives.decide(
                (int(batch.documents[row]), int(batch.positions[row])),
                batch.shingles_of(row),
                batch.bands[row][in_shared[row]].tolist(),
            )
            if copy:
                yield copy


def _shared_keys(batches: Sequence[Sketches]) -> NDArray[np.uint64]:
    """The band keys that more than one paragraph has; the others can lead to no candidate."""
    if not batches:
        return np.empty(0, dtype=np.uint64)
    keys, counts = np.unique(
        np.concatenate([batch.bands.ravel() for batch in batches]), return_counts=True
    )
    return keys[counts > 1]
