"""UTF-16 and UTF-32 without a byte-order mark."""

import sys

import numpy as np
from numpy.typing import NDArray

from cleaner.charsets.several_bytes import is_common_character

WIDE = {"utf-32le": "<u4", "utf-32be": ">u4", "utf-16le": "<u2", "utf-16be": ">u2"}
"""Encodings and how numpy calls their units."""

LOOKED_AT = 1 << 14
CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\x0b\x0c\r\x1b"))
LATIN = np.r_[9, 10, 13, 0x20:0x7F, 0xA0:0x250]
PUNCTUATION = 0x20
PAGES_OF_ALPHABETS = np.r_[0x01:0x30, 0xD8:0xE0, 0x100:0x1000]
"""With surrogates, and what they stand for; not the pages that bytes of older encodings make."""
PAGES_OF_CJK = np.r_[0x30:0xA0, 0xAC:0xD8, 0xFF]
LAST_PAGE = 0xFFF
LEAST_PLAUSIBLE = 0.8
"""Share of the characters that text is made of: of CJK text nine in ten are common ones, of units
by chance one in ten."""


def wide_encoding(data: bytes) -> str | None:
    """The encoding of bytes that are UTF-16 or UTF-32, by which reading looks like text.

    Only bytes with control characters can be: without a zero byte, or another of those that no
    text has, there is neither a space nor a line feed in them.
    """
    head = data[: LOOKED_AT // 4 * 4]
    if len(head.translate(None, CONTROLS)) == len(head):
        return None
    scores = {name: _plausible(head, name) for name in WIDE}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= LEAST_PLAUSIBLE else None


def _plausible(head: bytes, name: str) -> float:
    """The share of the units that could be text; for CJK in the wrong order it is some half."""
    size = np.dtype(WIDE[name]).itemsize
    units = np.frombuffer(head[: len(head) // size * size], WIDE[name]).astype(np.int64)
    if not len(units) or units.max() > sys.maxunicode:
        return 0.0
    return float(_looks_like_text(units).mean())


def _looks_like_text(units: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which characters are of the pages that the text keeps to.

    Latin letters and white space always are. An alphabet has one page of 256 or two. Han
    characters have eighty, but most of a text are of the commonest thousand.
    """
    pages = np.minimum(units >> 8, LAST_PAGE)
    is_common = np.bincount(pages, minlength=LAST_PAGE + 1)[pages] > max(1, len(units) // 10)
    return np.asarray(
        np.isin(units, LATIN)
        | (pages == PUNCTUATION)
        | (is_common & np.isin(pages, PAGES_OF_ALPHABETS))
        | (np.isin(pages, PAGES_OF_CJK) & is_common_character(units))
    )
