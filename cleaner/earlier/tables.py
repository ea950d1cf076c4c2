"""Columns in the order of their keys, made a range of keys at a time, in little memory."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column

BYTES_PER_ROW = 64
"""Memory that sorting takes for each row: key, value, the order, and both once more."""

Rows = tuple[NDArray[Any], NDArray[Any]]
"""Keys, and of each a value."""
Reader = Callable[[int, int], Rows]
"""Gives the rows of which the key is at least the first number, and less than the second."""


def in_order(read: Reader, total: int, bits: int, memory: int) -> Iterator[Rows]:
    """Rows by key, and of one key as they are read, a bounded number at a time.

    Args:
        read: reads the rows of a range of keys.
        total: how many rows there are.
        bits: of a key. Keys are hashes, so a range of them holds its share of the rows.
        memory: bytes that may be used.

    """
    parts = max(-(-total * BYTES_PER_ROW // memory), 1)
    for first, last in pairwise((part << bits) // parts for part in range(parts + 1)):
        keys, values = read(first, last)
        order = np.argsort(keys, kind="stable")
        yield keys[order], values[order]


def is_inside(keys: NDArray[Any], first: int, last: int) -> NDArray[np.bool_]:
    """Whether each key is at least `first` and less than `last`, which may be beyond its type."""
    inside: NDArray[np.bool_] = (keys >= keys.dtype.type(first)) & (
        keys <= keys.dtype.type(last - 1)
    )
    return inside


def slice_of(keys: Column, first: int, last: int) -> slice:
    """Where ascending keys are at least `first` and less than `last`."""
    kind = keys.array.dtype.type
    start = int(np.searchsorted(keys.array, kind(first)))
    return slice(start, int(np.searchsorted(keys.array, kind(last - 1), side="right")))


def summed(keys: NDArray[Any], values: NDArray[Any]) -> Rows:
    """Each of some ascending keys once, with the sum of its values."""
    if not len(keys):
        return keys, values
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[begins], np.add.reduceat(values.astype(np.int64), begins)


def places_of(keys: Column, wanted: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each wanted key begins among ascending keys, and how many of them are equal to it."""
    firsts = np.searchsorted(keys.array, wanted)
    return firsts, np.searchsorted(keys.array, wanted, side="right") - firsts
