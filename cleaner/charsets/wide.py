"""UTF-16 and UTF-32 without a byte-order mark."""

import sys

import numpy as np
from numpy.typing import NDArray

WIDE = {"utf-32le": "<u4", "utf-32be": ">u4", "utf-16le": "<u2", "utf-16be": ">u2"}
"""Encodings and how numpy calls their units."""

LOOKED_AT = 1 << 14
CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\x0b\x0c\r\x1b"))
PLAIN = bytes(range(0x20, 0x7F))
MOST_PLAIN, LEAST_CONTROLS = 0.85, 0.25
"""Text in ASCII letters with a stray NUL is none. Of UTF-16 nearly each second byte is a control
character (NUL in Latin text, 03 in Greek, 04 in Cyrillic), or it is in a script of thousands of
characters, whose bytes are of all kinds."""
MARKS = (0x0A, 0x20, 0x3000, 0x3001, 0x3002, 0xFF0C)
LEAST_MARKS = 0.02
"""Share of spaces, line feeds, commas and full stops in CJK text; by chance there is hardly one."""
LEAST_PLAUSIBLE = 0.95
"""Share of the characters that text is made of; of random units some two thirds are."""


def wide_encoding(data: bytes) -> str | None:
    """The encoding of bytes that are UTF-16 or UTF-32, by which reading looks like text.

    Only bytes with control characters can be: without a zero byte, or another of those that no
    text has, there is neither a space nor a line feed in them.
    """
    head = data[: LOOKED_AT // 4 * 4]
    controls = len(head) - len(head.translate(None, CONTROLS))
    plain = len(head) - len(head.translate(None, PLAIN))
    if not controls or (plain > len(head) * MOST_PLAIN and controls < len(head) * LEAST_CONTROLS):
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
    """Characters of the pages that the text keeps to.

    ASCII and white space always do. Others do if their page of 256 is a common one: alphabets have
    one or two; Han characters have eighty, side by side and with the marks of their own script.
    """
    pages = units >> 8
    counts = np.bincount(np.minimum(pages, 0xFFF), minlength=0x1000)
    is_plain = ((units >= 0x20) & (units < 0x7F)) | np.isin(units, (9, 10, 13))
    common = counts[np.minimum(pages, 0xFFF)] > max(1, len(units) // 10)
    has_marks = np.isin(units, MARKS).sum() >= LEAST_MARKS * len(units)
    is_han = (pages >= 0x30) & (pages <= 0x9F) | (pages >= 0xAC) & (pages <= 0xD7) | (pages == 0xFF)
    is_text = is_plain | (common & (pages > 0) & ~is_han) | (is_han & has_marks)
    # The same in Latin-1, and punctuation.
    return np.asarray(is_text | ((units >= 0xA0) & (units < 0x250)) | (pages == 0x20))
