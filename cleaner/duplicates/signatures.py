"""MinHash signatures of shingle sets, bit for bit those of datasketch.

datasketch's scheme "affine32": the hash is mixed once, then each permutation is
a * h + b modulo 2**32, and the signature keeps the least value of each.
"""

from functools import cache

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from cleaner.duplicates.shingles import ShingleSets

PERMUTATIONS = 128
SEED = 1
EMPTY = np.uint32(0xFFFFFFFF)


def minhash_signatures(sets: ShingleSets) -> NDArray[np.uint32]:
    """Signatures, shape (paragraphs, 128), of the low 32 bits of the shingle hashes.

    Equal to `MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)` after an update
    with each of a paragraph's hashes modulo 2**32; an empty set keeps datasketch's initial values.
    """
    counts = np.diff(sets.offsets)
    filled = np.flatnonzero(counts)
    signatures = np.full((len(counts), PERMUTATIONS), EMPTY, dtype=np.uint32)
    if not len(filled):
        return signatures
    mixed = mix32(sets.hashes.astype(np.uint32))
    firsts = sets.offsets[filled]
    factors, shifts = _permutations()
    for number, (factor, shift) in enumerate(zip(factors, shifts, strict=True)):
        signatures[filled, number] = np.minimum.reduceat(mixed * factor + shift, firsts)
    return signatures


def mix32(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The 32-bit finalizer of MurmurHash3 (Appleby, public domain), element by element."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The factors and shifts that datasketch draws for the seed, each of shape (128,)."""
    factors, shifts = MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme="affine32").permutations
    return factors.astype(np.uint32), shifts.astype(np.uint32)
