"""Tokens to hashed word shingles, a whole batch at once.

A shingle is `size` consecutive tokens (Broder, "On the resemblance and containment of documents",
1997), hashed to 64 bits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.duplicates.tokens import Tokens, mix64


@dataclass(frozen=True, slots=True)
class HashLists:
    """Lists of hashes: list i is `hashes[offsets[i]:offsets[i + 1]]`."""

    hashes: NDArray[np.uint64]
    """Shape (elements,)."""
    offsets: NDArray[np.int64]
    """Shape (lists + 1,)."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def sizes(self) -> NDArray[np.int64]:
        """Elements of each list. Shape (lists,)."""
        return np.diff(self.offsets)

    def take(self, rows: NDArray[np.int64]) -> "HashLists":
        """Some of the lists, in the order asked for."""
        firsts = self.offsets[rows]
        sizes = self.offsets[rows + 1] - firsts
        return HashLists(self.hashes[ranges(firsts, sizes)], bounds(sizes))


def bounds(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of some lists begins when they stand one behind the other, and where all end."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)))


def ranges(firsts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """`first, first + 1, ...` for each first, as many as its size says, one after another."""
    starts = bounds(sizes)
    return np.arange(starts[-1]) + np.repeat(firsts - starts[:-1], sizes)


def set_hashes(sets: HashLists) -> NDArray[np.uint64]:
    """One hash for all that a set holds. Shape (sets,)."""
    running = np.zeros(len(sets.hashes) + 1, dtype=np.uint64)
    np.cumsum(mix64(sets.hashes), out=running[1:])
    return running[sets.offsets[1:]] - running[sets.offsets[:-1]]


def shingle_lists(tokens: Tokens, size: int) -> HashLists:
    """The shingles of each paragraph in the order of the text; one may come more than once.

    A paragraph of fewer tokens than `size` is one shingle; one without any token has none.
    """
    hashed, owners = tokens.hashes, tokens.owners
    hashes = np.zeros(len(hashed), dtype=np.uint64)
    for step in range(size):
        # The token `step` further on, or 0 where that is another paragraph's.
        ahead = np.zeros(len(hashed), dtype=np.uint64)
        reach = max(len(hashed) - step, 0)
        ahead[:reach] = hashed[step:] * (owners[step:] == owners[:reach])
        hashes = mix64(hashes + ahead)
    wanted = np.where(tokens.counts > 0, np.maximum(tokens.counts - size + 1, 1), 0)
    starts_shingle = tokens.places < wanted[owners]
    return HashLists(hashes[starts_shingle], bounds(wanted))


def as_sets(lists: HashLists) -> HashLists:
    """Each list ascending, and every hash of it once."""
    owners = np.repeat(np.arange(len(lists)), lists.sizes())
    order = _order(lists.hashes, owners, len(lists))
    hashes, owners = lists.hashes[order], owners[order]
    is_new = np.ones(len(hashes), dtype=bool)
    is_new[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    return HashLists(hashes[is_new], bounds(np.bincount(owners[is_new], minlength=len(lists))))


def _order(hashes: NDArray[np.uint64], owners: NDArray[np.int64], lists: int) -> NDArray[np.intp]:
    """The order by owner, then hash.

    One sort of the owner and the hash's upper bits in one number is several times as fast as
    a sort by two keys; where upper bits are equal and the rest is not, two keys it must be.
    """
    bits = np.uint64(max(lists, 1).bit_length())
    packed = (owners.astype(np.uint64) << (np.uint64(64) - bits)) | (hashes >> bits)
    order = np.argsort(packed)
    packed, ordered = packed[order], hashes[order]
    if ((packed[1:] == packed[:-1]) & (ordered[1:] < ordered[:-1])).any():
        return np.lexsort((hashes, owners))
    return order
