"""Rows that share a key, found among more rows than fit in memory.

The keys are hashes, so a range of them holds a known share of the rows: each range is read and
sorted by itself. One key that has more rows than may be held is given out in pieces, unsorted, as
all of its rows belong together anyway.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import spans

KEY_BITS = 64
DIGIT_BITS = 16
BYTES_PER_ROW = 64
"""Memory that sorting takes for each row: key, row, both in one, and as much again."""
MOST_SIEVED, SLOTS_A_KEY = 1 << 18, 4
"""Keys of which it is counted beforehand how many may be alike, and counters for each: 16 MB."""

Reader = Callable[[int, int], tuple[NDArray[np.uint64], NDArray[np.int64]]]
"""Gives, for a stretch of places, keys and the rows that have them; rows ascend."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows of keys that more than one row has, by key, then row."""

    keys: NDArray[np.uint64]
    rows: NDArray[np.int64]
    is_piece: bool = False
    """Whether all rows have one key, of which there are more, before or after these."""

    def firsts(self) -> NDArray[np.int64]:
        """For each row, the place in these arrays where its key begins."""
        if not len(self.keys):
            return np.empty(0, dtype=np.int64)
        begins = np.concatenate(([True], self.keys[1:] != self.keys[:-1]))
        firsts: NDArray[np.int64] = np.flatnonzero(begins)[np.cumsum(begins) - 1]
        return firsts


@dataclass(frozen=True, slots=True)
class _Range:
    first: int
    bits: int
    """The keys that are `first` but for this many lowest bits."""
    rows: int

    @property
    def last(self) -> int:
        return self.first + (1 << self.bits) - 1


def repeated(read: Reader, total: int, memory: int) -> Iterator[Groups]:
    """Groups of rows that share a key, in not much more memory than asked for.

    Args:
        read: reads a stretch of the places.
        total: how many places there are.
        memory: bytes that may be used.

    """
    if not total:
        return
    most = max(memory // BYTES_PER_ROW, 1)
    pending: list[_Range] = []
    held = 0
    for part in _ranges(read, total, _Range(0, KEY_BITS, total), most):
        if pending and held + part.rows > most:
            yield _sorted(read, total, pending[0].first, pending[-1].last)
            pending, held = [], 0
        if part.rows > most:
            yield from _pieces(read, total, part.first)
        else:
            pending.append(part)
            held += part.rows
    if pending:
        yield _sorted(read, total, pending[0].first, pending[-1].last)


def _ranges(read: Reader, total: int, part: _Range, most: int) -> Iterator[_Range]:
    """Ranges of at most so many rows, or of one key, in ascending order."""
    if part.rows <= most or part.bits == 0:
        yield part
        return
    bits = part.bits - DIGIT_BITS
    counts = np.zeros(1 << DIGIT_BITS, dtype=np.int64)
    for first, last in spans(total):
        keys, _ = read(first, last)
        inside = keys[(keys >= np.uint64(part.first)) & (keys <= np.uint64(part.last))]
        digits = (inside - np.uint64(part.first)) >> np.uint64(bits)
        counts += np.bincount(digits.astype(np.int64), minlength=len(counts))
    for digit in np.flatnonzero(counts).tolist():
        narrower = _Range(part.first + (digit << bits), bits, int(counts[digit]))
        yield from _ranges(read, total, narrower, most)


def _sorted(read: Reader, total: int, first_key: int, last_key: int) -> Groups:
    """The repeated keys of a range."""
    everything = first_key == 0 and last_key == (1 << KEY_BITS) - 1
    parts = []
    for first, last in spans(total):
        keys, rows = read(first, last)
        if not everything:
            inside = (keys >= np.uint64(first_key)) & (keys <= np.uint64(last_key))
            keys, rows = keys[inside], rows[inside]
        parts.append((keys, rows))
    keys, rows = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
    least = keys - np.uint64(first_key) if first_key else keys
    places = _perhaps_repeated(least, last_key - first_key)
    keys, rows = keys[places], rows[places]
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    repeats = _repeats(keys)
    return Groups(keys[repeats], rows[repeats])


def _perhaps_repeated(keys: NDArray[np.uint64], greatest: int) -> NDArray[np.int64]:
    """The places of all keys that come again, and of few others.

    Few do, and to count how many keys have the same lowest bits takes a third of a sort's time, as
    long as the counts stay in the processor's cache.
    """
    if len(keys) <= MOST_SIEVED:
        places = _not_alone(keys)
        return places[_alike(keys[places], greatest)]
    return _alike(keys, greatest)


def _not_alone(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The places of keys of which another one shares the lowest bits: some fifth of them."""
    slots = 1 << (SLOTS_A_KEY * len(keys)).bit_length()
    slot = (keys & np.uint64(slots - 1)).astype(np.int64)
    return np.flatnonzero((np.bincount(slot, minlength=slots) > 1)[slot])


def _alike(keys: NDArray[np.uint64], greatest: int) -> NDArray[np.int64]:
    """The places of keys that agree with another in their upper bits.

    The place takes the lowest bits of its key, and one sort of plain numbers, several times as fast
    as one that gives the order, finds those that agree in what is left of the key.
    """
    place_bits = np.uint64(max(len(keys), 1).bit_length())
    unused_bits = np.uint64(KEY_BITS - max(greatest, 1).bit_length())
    numbers = np.arange(len(keys), dtype=np.uint64)
    packed = ((keys << unused_bits) >> place_bits << place_bits) | numbers
    packed.sort()
    found = packed[_repeats(packed >> place_bits)]
    return (found & ((np.uint64(1) << place_bits) - np.uint64(1))).astype(np.int64)


def _repeats(ascending: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each value is equal to the one before or after it."""
    same = np.zeros(len(ascending) + 1, dtype=bool)
    same[1:-1] = ascending[1:] == ascending[:-1]
    repeats: NDArray[np.bool_] = same[1:] | same[:-1]
    return repeats


def _pieces(read: Reader, total: int, key: int) -> Iterator[Groups]:
    """All rows of one key, a stretch at a time."""
    for first, last in spans(total):
        keys, rows = read(first, last)
        inside = keys == np.uint64(key)
        if inside.any():
            yield Groups(keys[inside], rows[inside], is_piece=True)
