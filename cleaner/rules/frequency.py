"""How rare a piece of text is, to choose what is looked for in lines: a matter of time alone."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from math import fsum, prod

PIECE = re.compile(r"[a-z']+|.", re.DOTALL)
FREQUENT = frozenset("0123456789.,'\"-():;!?")
SPACE, LETTER, SIGN, OTHER = 1 / 6, 1 / 14, 1 / 60, 1 / 10_000
"""Shares of all characters: a space, a letter, a sign or digit of the frequent, any else."""
COMMONEST = 0.06 / 5
"""Words, of the characters of a text, that are the commonest; the tenth has a tenth of it."""


def frequency(texts: Iterable[str]) -> float:
    """In what share of the places of an English text one of some texts stands, roughly."""
    return fsum(map(_of_text, texts))  # whatever their order


@cache
def _of_text(text: str) -> float:
    return prod(map(_of_piece, PIECE.findall(text)))


@cache
def _of_piece(piece: str) -> float:
    """Of letters in a row, or of one other character; words by their rank (Zipf)."""
    if piece[0].isascii() and piece[0].isalpha():
        words = (rank for rank, word in enumerate(_common_words(), start=1) if piece in word)
        return max(LETTER ** len(piece), sum(COMMONEST / rank for rank in words))
    if piece == " ":
        return SPACE
    return SIGN if piece in FREQUENT else OTHER


@cache
def _common_words() -> Sequence[str]:
    """The commonest words of English news, the commonest first."""
    return (files("cleaner.rules") / "common_words.txt").read_text("utf-8").split()
