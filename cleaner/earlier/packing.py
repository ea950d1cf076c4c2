"""Hashes as an index holds them: 48 bits of each, in two columns.

Two different hashes are taken for the same once in 10**14 comparisons, and a quarter of the bytes
of an index is saved.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.duplicates.tokens import mix64

LOW_BITS, HELD_BITS = np.uint64(32), np.uint64(48)


def packed(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """The lowest 32 bits and the next 16 of each."""
    return hashes.astype(np.uint32), (hashes >> LOW_BITS).astype(np.uint16)


def unpacked(low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.uint64]:
    """The lowest 48 bits of each, as they were before `packed`."""
    hashes: NDArray[np.uint64] = low.astype(np.uint64) | (high.astype(np.uint64) << LOW_BITS)
    return hashes


def narrowed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes that are equal where their lowest 48 bits are, and random in all of their bits."""
    return mix64(hashes & ((np.uint64(1) << HELD_BITS) - np.uint64(1)))
