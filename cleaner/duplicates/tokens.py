"""Paragraphs to hashed tokens, a whole batch at once.

Tokens are maximal runs of letters, marks and digits after Unicode case folding; in scripts written
without spaces each character is a token.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cleaner.words import UNSPACED_CHARACTER

SEPARATOR, PLAIN, IN_WORD, DIGIT, WHOLE_TOKEN, WHOLE_DIGIT = range(6)
"""Classes of characters. Words are runs of IN_WORD and DIGIT; PLAIN parts words of one sentence.
Each character of the last two is a token."""
PLAIN_SEPARATORS = " ,-/&'\u00a0\u2010\u2011\u2019"
CLASS_OF_CATEGORY = {"L": IN_WORD, "M": IN_WORD, "N": DIGIT}
"""By the first of the two letters that name a general category of Unicode."""
PLANE = 0x10000
LAST_ASCII, LAST_BYTE = 0x7F, 0xFF
LETTERS = np.uint32(26)
SEVERAL = np.uint32(0xFFFFFFFF)
SPREAD = np.uint64(0xBF58476D1CE4E5B9)
PLACE_STEP = np.uint64(0x9E3779B97F4A7C15)
"""Part the values of one character at different places, and of characters; odd."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the tokens of a batch stand in its joined text."""

    points: NDArray[np.uint32]
    """Code points; every paragraph ends with a line feed. Shape (characters,)."""
    classes: NDArray[np.uint8]
    """The class of each. Shape (characters,)."""
    starts: NDArray[np.int64]
    """Shape (tokens,)."""
    ends: NDArray[np.int64]
    """Shape (tokens,), each behind the token's last character."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch of paragraphs, in order."""

    hashes: NDArray[np.uint64]
    """Shape (tokens,)."""
    counts: NDArray[np.int64]
    """Tokens of each paragraph. Shape (paragraphs,)."""
    owners: NDArray[np.int64]
    """The number of the paragraph that each stands in. Shape (tokens,)."""
    places: NDArray[np.int64]
    """The place of each in its paragraph, from 0. Shape (tokens,)."""

    def of(self, chosen: NDArray[np.bool_]) -> "Tokens":
        """The tokens of some paragraphs, which are numbered anew. `chosen`: (paragraphs,)."""
        if chosen.all():
            return self
        theirs = chosen[self.owners]
        return _tokens(self.hashes[theirs], self.counts[chosen])


def tokens_of(paragraphs: Sequence[str]) -> tuple[Tokens, Spans]:
    """The tokens of some paragraphs, none of which holds a line feed, and where they stand."""
    text = "\n".join([*paragraphs, ""])
    spans = _spans(text)
    line_ends = np.cumsum(np.fromiter(map(len, paragraphs), np.int64, len(paragraphs)) + 1)
    counts = np.diff(np.searchsorted(spans.starts, line_ends), prepend=0)
    folded = _folded(spans.points)
    if folded is None:
        # Folding moves tokens, but changes neither their number nor their order.
        moved = _spans(text.casefold())
        return _tokens(_span_hashes(moved, moved.points), counts), spans
    return _tokens(_span_hashes(spans, folded), counts), spans


def _tokens(hashes: NDArray[np.uint64], counts: NDArray[np.int64]) -> Tokens:
    owners = np.repeat(np.arange(len(counts)), counts)
    firsts = np.cumsum(counts) - counts
    return Tokens(hashes, counts, owners, np.arange(len(hashes)) - np.repeat(firsts, counts))


def _spans(text: str) -> Spans:
    """Find the tokens of a text that ends with a line feed."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    # The lowest byte of each, looked up by the fastest loop there is; what has more than one is
    # looked up by its code point.
    data = points.astype(np.uint8).tobytes().translate(_class_of_byte())
    classes = np.frombuffer(bytearray(data), dtype=np.uint8)
    wide = np.flatnonzero(points > LAST_BYTE)
    classes[wide] = _looked_up(points[wide], lambda table: table.classes)
    in_word = (classes == IN_WORD) | (classes == DIGIT)
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    edges = np.concatenate(([0], edges)) if in_word[:1].any() else edges
    starts, ends = edges[::2], edges[1::2]
    whole = wide[classes[wide] >= WHOLE_TOKEN]
    if len(whole):
        starts, ends = (
            np.sort(np.concatenate((starts, whole))),
            np.sort(np.concatenate((ends, whole + 1))),
        )
    return Spans(points, classes, starts, ends)


def _folded(points: NDArray[np.uint32]) -> NDArray[np.uint32] | None:
    """The code points after case folding, or None where one becomes several."""
    folded = points + ((points - np.uint32(ord("A")) < LETTERS).astype(np.uint32) << np.uint32(5))
    wide = np.flatnonzero(points > LAST_ASCII)
    theirs = _looked_up(points[wide], lambda table: table.folded)
    folded[wide] = theirs
    return None if (theirs == SEVERAL).any() else folded


def mix64(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The 64-bit finalizer of MurmurHash3 (Appleby, public domain), element by element."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def sequence_keys(tokens: Tokens) -> NDArray[np.uint64]:
    """A 128-bit key of each paragraph's sequence of tokens. Shape (paragraphs, 2).

    Each half sums the hashes of (token, place), so that no algebra of repeated words cancels out.
    """
    places = mix64(tokens.places.astype(np.uint64) * PLACE_STEP)
    bounds = np.concatenate(([0], np.cumsum(tokens.counts)))
    halves = []
    for half in (1, 2):
        values = mix64((tokens.hashes + np.uint64(half)) * PLACE_STEP ^ places)
        sums = _running_sums(values)
        halves.append(mix64(sums[bounds[1:]] - sums[bounds[:-1]]))
    return np.stack(halves, axis=1)


def token_hash(word: str) -> int:
    """The hash that a word, given as one token, has in every paragraph.

    Raises:
        ValueError: it is not one token.

    """
    hashes = tokens_of([word])[0].hashes.tolist()
    if len(hashes) != 1:
        raise ValueError(f"{word!r} is not one token but {len(hashes)}")
    return int(hashes[0])


def _span_hashes(spans: Spans, points: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Hashes of spans of characters, the same wherever a span stands.

    The hashes of (character, place in the span) are summed, by differences of running sums.
    """
    # Places count on through what parts the tokens: nobody looks at those.
    steps = np.full(len(spans.points), PLACE_STEP)
    steps[spans.starts] -= np.diff(spans.starts, prepend=-1).astype(np.uint64) * PLACE_STEP
    values = np.cumsum(steps, out=steps)
    values += points
    values *= SPREAD
    values ^= values >> np.uint64(32)
    values *= PLACE_STEP
    # Without it, the last product would be one of the sum: anagrams would be hard to tell apart.
    values ^= values >> np.uint64(32)
    sums = _running_sums(values)
    return mix64(sums[spans.ends] - sums[spans.starts])


def _running_sums(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The sum, modulo 2**64, of the values before each place, and of all."""
    sums = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values, out=sums[1:])
    return sums


@dataclass(frozen=True, slots=True)
class Characters:
    """Tables over the code points of one plane of Unicode. Shape (65536,)."""

    classes: NDArray[np.uint8]
    capital: NDArray[np.bool_]
    """Whether it is an upper-case or title-case letter."""
    folded: NDArray[np.uint32]
    """The code point that case folding makes of it, or SEVERAL."""


@cache
def _plane(number: int) -> Characters:
    folded = np.arange(number * PLANE, (number + 1) * PLANE, dtype="<u4")
    text = folded.tobytes().decode("utf-32-le", "surrogatepass")
    names = "".join(map(unicodedata.category, text)).encode()
    first, second = np.frombuffer(names, dtype=np.uint8).reshape(-1, 2).T
    classes = np.full(PLANE, SEPARATOR, dtype=np.uint8)
    for category, kind in CLASS_OF_CATEGORY.items():
        classes[first == ord(category)] = kind
    for run in re.finditer(f"(?:{UNSPACED_CHARACTER.pattern})+", text):
        of_run = classes[run.start() : run.end()]
        of_run[of_run == IN_WORD] = WHOLE_TOKEN
        of_run[of_run == DIGIT] = WHOLE_DIGIT
    for character in PLAIN_SEPARATORS if number == 0 else "":
        classes[ord(character)] = PLAIN
    for point in _folding(text):
        fold = text[point].casefold()
        folded[point] = ord(fold) if len(fold) == 1 else SEVERAL
    capital = (first == ord("L")) & ((second == ord("u")) | (second == ord("t")))
    return Characters(classes, capital, folded)


def _folding(text: str) -> Iterator[int]:
    """The places of the characters that case folding changes. Most stretches of 256 have none."""
    for first in range(0, len(text), 256):
        some = text[first : first + 256]
        if some.casefold() != some:
            for place, character in enumerate(some, first):
                if character.casefold() != character:
                    yield place


Value = TypeVar("Value", bound=np.generic)


def _looked_up(
    points: NDArray[np.uint32], table: Callable[[Characters], NDArray[Value]]
) -> NDArray[Value]:
    """What a table says of each code point."""
    planes = points >> np.uint32(16)
    if not planes.any():
        return table(_plane(0))[points]
    found = np.empty(len(points), dtype=table(_plane(0)).dtype)
    for number in np.unique(planes).tolist():
        here = planes == number
        found[here] = table(_plane(number))[points[here] & np.uint32(PLANE - 1)]
    return found


def is_capital(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each code point is an upper-case or title-case letter."""
    return _looked_up(points, lambda table: table.capital)


@cache
def _class_of_byte() -> bytes:
    return _plane(0).classes[: LAST_BYTE + 1].tobytes()
