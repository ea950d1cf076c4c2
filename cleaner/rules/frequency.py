"""How rare a text is, to choose what is looked for in lines: a matter of time alone.

After Krishnan, Vitter and Iyer, "Estimating alphanumeric selectivity in the presence of wildcards"
(1996), in the form of Jagadish, Ng and Srivastava, "Substring selectivity estimation" (1999): how
often the frequent pieces of text come is known, and that of others is reckoned from the two pieces
that overlap most in them.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FILE = "pieces.json"
"""Made by `benchmarks/pieces.py`."""
BREAK = "\n"
"""Stands for the beginning and the end of a line."""
LONGEST = 6
"""Characters of a piece that may be known. What comes before has no weight for what comes next."""
UNKNOWN = 1 / 4000
"""Times a line of a character that is in none of the known pieces."""
CHARACTERS = 200
"""Of a line."""
SEPARATOR = "|"
"""Stands between the pieces in the file, and so in none of them."""
DIGIT = re.compile("[0-9]")


@cache
def frequency(text: str) -> float:
    """How many times a line a text comes, roughly; a line break is where lines begin and end.

    Of each character of it that follows the first piece, that is the share of those that follow
    what stands before.
    """
    text = DIGIT.sub("0", text)
    times = _of_piece(text[:LONGEST])
    for at in range(1, len(text) - LONGEST + 1):
        piece = text[at : at + LONGEST]
        times *= min(1, _of_piece(piece) / _of_piece(piece[:-1]))
    return times


@cache
def _of_piece(piece: str) -> float:
    known = _known_pieces().get(piece)
    if known is not None:
        return known
    if len(piece) < len("ab"):
        return UNKNOWN if piece else CHARACTERS
    first, last, between = _of_piece(piece[:-1]), _of_piece(piece[1:]), _of_piece(piece[1:-1])
    return min(first, last, first * last / between)


@cache
def _known_pieces() -> Mapping[str, float]:
    """How many times a line each of the frequent pieces comes, from half bits of rarity."""
    levels = json.loads((files("cleaner.rules") / FILE).read_bytes())
    return {
        piece: 2 ** (-int(half_bits) / 2)
        for half_bits, pieces in levels.items()
        for piece in pieces.split(SEPARATOR)
    }
