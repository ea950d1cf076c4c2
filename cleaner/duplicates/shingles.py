"""Paragraphs to sets of hashed word shingles, a whole batch at once.

Tokens are maximal runs of letters, marks and digits after case folding; in scripts written
without spaces each character is a token. A shingle is `size` consecutive tokens (Broder, "On the
resemblance and containment of documents", 1997), hashed to 64 bits.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.words import UNSPACED_CHARACTER

SEPARATOR, IN_WORD, WHOLE_TOKEN = 0, 1, 2
BASE = 0x9E3779B97F4A7C15
"""Base of the polynomial that hashes a token's characters; odd, so that it has an inverse."""


@dataclass(frozen=True, slots=True)
class ShingleSets:
    """The set of paragraph i is `hashes[offsets[i]:offsets[i + 1]]`, ascending and distinct."""

    hashes: NDArray[np.uint64]
    """Shape (shingles,)."""
    offsets: NDArray[np.int64]
    """Shape (paragraphs + 1,)."""


def shingle_sets(paragraphs: Sequence[str], size: int) -> ShingleSets:
    """The shingle sets of some paragraphs, none of which holds a line feed.

    A paragraph of fewer tokens than `size` is one shingle; one without any token has an empty set.
    """
    tokens, owners = _tokens(paragraphs)
    counts = np.bincount(owners, minlength=len(paragraphs))
    firsts = np.cumsum(counts) - counts
    place_in_paragraph = np.arange(len(tokens)) - firsts[owners]
    starts_shingle = place_in_paragraph <= np.maximum(counts[owners] - size, 0)

    hashes = np.zeros(len(tokens), dtype=np.uint64)
    for step in range(size):
        # The token `step` further on, or 0 where that is another paragraph's.
        ahead = np.zeros(len(tokens), dtype=np.uint64)
        reach = max(len(tokens) - step, 0)
        ahead[:reach] = tokens[step:] * (owners[step:] == owners[:reach])
        hashes = mix64(hashes + ahead)
    return _distinct(hashes[starts_shingle], owners[starts_shingle], len(paragraphs))


def mix64(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The 64-bit finalizer of MurmurHash3 (Appleby, public domain), element by element."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def _tokens(paragraphs: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hash of every token, and the number of the paragraph that it stands in."""
    joined = "\n".join(paragraph.casefold() for paragraph in paragraphs) + "\n"
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    classes = _character_classes()[points]
    in_word = classes == IN_WORD
    whole = classes == WHOLE_TOKEN
    before = np.concatenate(([False], in_word[:-1]))
    after = np.concatenate((in_word[1:], [False]))
    starts = np.flatnonzero((in_word & ~before) | whole)
    ends = np.flatnonzero((in_word & ~after) | whole) + 1
    owners = np.searchsorted(np.flatnonzero(points == ord("\n")), starts)
    return _span_hashes(points, starts, ends), owners


def _span_hashes(
    points: NDArray[np.uint32], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.uint64]:
    """Hashes of spans of characters, the same wherever a span stands.

    Each character is weighed with a power of BASE modulo 2**64; a span's sum is a difference of
    running sums, and multiplying by the inverse power takes out where it began.
    """
    powers = _powers(BASE, len(points) + 1)
    inverse_powers = _powers(pow(BASE, -1, 1 << 64), len(points) + 1)
    weighed = mix64(points.astype(np.uint64) + np.uint64(1)) * powers[:-1]
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(weighed, dtype=np.uint64)))
    return mix64((sums[ends] - sums[starts]) * inverse_powers[starts])


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    factors = np.full(count, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


@cache
def _character_classes() -> NDArray[np.uint8]:
    """The class of every code point. Shape (0x110000,)."""
    classes = np.zeros(0x110000, dtype=np.uint8)
    for point in range(0x110000):
        if unicodedata.category(chr(point))[0] in "LMN":
            classes[point] = IN_WORD
    every = "".join(map(chr, np.flatnonzero(classes)))
    for match in re.finditer(UNSPACED_CHARACTER, every):
        classes[ord(match[0])] = WHOLE_TOKEN
    return classes


def _distinct(
    hashes: NDArray[np.uint64], owners: NDArray[np.int64], paragraphs: int
) -> ShingleSets:
    order = np.lexsort((hashes, owners))
    hashes, owners = hashes[order], owners[order]
    is_new = np.ones(len(hashes), dtype=bool)
    is_new[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    counts = np.bincount(owners[is_new], minlength=paragraphs)
    return ShingleSets(hashes[is_new], np.concatenate(([0], np.cumsum(counts))))
