"""MinHash signatures of shingles, bit for bit those of datasketch.

datasketch's scheme "affine32": the hash is mixed once, then each permutation is
a * h + b modulo 2**32, and the signature keeps the least value of each.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.duplicates.shingles import HashLists

PERMUTATIONS = 128
SEED = 1
EMPTY = np.uint32(0xFFFFFFFF)


def minhash_signatures(shingles: HashLists) -> NDArray[np.uint32]:
    """Signatures, shape (paragraphs, 128), of the low 32 bits of the shingle hashes.

    Equal to `MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)` after an update
    with each of a paragraph's hashes modulo 2**32; an empty list keeps datasketch's initial values.
    """
    counts = np.diff(shingles.offsets)
    filled = np.flatnonzero(counts)
    signatures = np.full((len(counts), PERMUTATIONS), EMPTY, dtype=np.uint32)
    if len(filled):
        mixed = mix32(shingles.hashes.astype(np.uint32))
        permuted = np.empty_like(mixed)
        least = np.empty((PERMUTATIONS, len(filled)), dtype=np.uint32)
        firsts = shingles.offsets[filled]
        for row, factor, shift in zip(least, *_permutations(), strict=True):
            np.multiply(mixed, factor, out=permuted)
            np.add(permuted, shift, out=permuted)
            np.minimum.reduceat(permuted, firsts, out=row)
        signatures[filled] = least.T
    return signatures


def mix32(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The 32-bit finalizer of MurmurHash3 (Appleby, public domain), element by element."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The factors, odd, and the shifts that datasketch draws for the seed, each of shape (128,).

    Drawn here, as importing datasketch brings scipy with it and takes 0.4 seconds.
    """
    drawn = np.random.RandomState(SEED)
    halves = drawn.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32)
    return halves * np.uint32(2) + np.uint32(1), drawn.randint(
        0, 1 << 32, PERMUTATIONS, dtype=np.uint32
    )
