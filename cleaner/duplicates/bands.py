"""Locality-sensitive hashing: cut signatures into bands; pairs that share a band are candidates.

Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4: two paragraphs of Jaccard
similarity s share one of b bands of r rows with probability 1 - (1 - s**r)**b.
"""

import numpy as np
from numpy.typing import NDArray

from cleaner.duplicates.signatures import PERMUTATIONS
from cleaner.duplicates.tokens import mix64

WANTED_AT_THRESHOLD = 0.99
"""The least probability that a pair exactly at the threshold is a candidate. False candidates
cost a verification; a missed pair cannot be made good."""


def candidate_probability(similarity: float, bands: int, rows: int) -> float:
    """How likely a pair of some Jaccard similarity shares at least one band."""
    return 1 - (1 - similarity**rows) ** bands


def rows_per_band(threshold: float) -> int:
    """The most rows, so the fewest false candidates, that still find pairs at the threshold."""
    fitting = [
        rows
        for rows in range(1, PERMUTATIONS + 1)
        if candidate_probability(threshold, PERMUTATIONS // rows, rows) >= WANTED_AT_THRESHOLD
    ]
    return max(fitting)


def bands_for(threshold: float) -> int:
    """How many bands the signatures are cut into."""
    return PERMUTATIONS // rows_per_band(threshold)


def band_keys(signatures: NDArray[np.uint32], rows: int) -> NDArray[np.uint64]:
    """A 64-bit key for each band, its number mixed in. Shape (paragraphs, 128 // rows)."""
    bands = PERMUTATIONS // rows
    used = signatures[:, : bands * rows].reshape(len(signatures), bands, rows)
    keys = np.broadcast_to(np.arange(1, bands + 1, dtype=np.uint64), (len(signatures), bands))
    for row in range(rows):
        keys = mix64(keys + used[:, :, row].astype(np.uint64))
    return keys
