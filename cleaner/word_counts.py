"""The words of many lines at once, as `words.count_words` counts those of one."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.words import UNSPACED_CHARACTER

BREAK = ord("\n")
TAB, LINE_BREAKS = np.uint8(ord("\t")), np.uint8(5)
"""Where the white space of ASCII begins, and how many characters that is with the line breaks."""
SEPARATORS, WITH_SPACE = np.uint8(0x1C), np.uint8(5)
"""Where the rest of it begins: four separators, and the space."""
OTHER, SPACE, UNSPACED = range(3)
PLANE = 0x10000
IDEOGRAPHIC = range(0x20000, 0x40000)
"""The planes whose characters are written without spaces."""


def word_counts(lines: Sequence[str]) -> NDArray[np.int64]:
    """The words of each line, none of which holds a line feed. Shape (lines,)."""
    is_ascii = np.fromiter(map(str.isascii, lines), dtype=bool, count=len(lines))
    counts = np.zeros(len(lines), dtype=np.int64)
    counts[is_ascii] = _of_ascii([line for line in lines if line.isascii()])
    counts[~is_ascii] = _of_any([line for line in lines if not line.isascii()])
    return counts


def _of_ascii(lines: Sequence[str]) -> NDArray[np.int64]:
    points = np.frombuffer(_joined(lines).encode(), dtype=np.uint8)
    # What is less than the beginning of a range wraps around and is greater than its length.
    is_space = (points - TAB < LINE_BREAKS) | (points - SEPARATORS < WITH_SPACE)
    return _runs(is_space, np.flatnonzero(points == BREAK))


def _of_any(lines: Sequence[str]) -> NDArray[np.int64]:
    points = np.frombuffer(_joined(lines).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = _kinds()[np.minimum(points, PLANE - 1)]
    kinds[(points >= IDEOGRAPHIC.start) & (points < IDEOGRAPHIC.stop)] = UNSPACED
    unspaced = np.flatnonzero(kinds == UNSPACED)
    breaks = np.flatnonzero(points == BREAK)
    before = np.searchsorted(unspaced, breaks)
    left = kinds[kinds != UNSPACED]
    halves: NDArray[np.int64] = (np.diff(before) + 1) // 2
    return _runs(left == SPACE, breaks - before) + halves


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(("", *lines, ""))


def _runs(is_space: NDArray[np.bool_], breaks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The runs without white space between each line break and the next."""
    starts = np.flatnonzero(is_space[:-1] & ~is_space[1:])
    runs: NDArray[np.int64] = np.diff(np.searchsorted(starts, breaks))
    return runs


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each character of the first plane is. Shape (65536,)."""
    points = np.arange(PLANE, dtype="<u4")
    characters = points.tobytes().decode("utf-32-le", "surrogatepass")
    kinds = np.full(PLANE, OTHER, dtype=np.uint8)
    for kind, pattern in ((SPACE, r"\s"), (UNSPACED, UNSPACED_CHARACTER.pattern)):
        for run in re.finditer(f"{pattern}+", characters):
            kinds[run.start() : run.end()] = kind
    return kinds
