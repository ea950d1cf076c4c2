"""A pattern as lines of ASCII alone need it, which is compiled in a third of the time.

A class of all letters of Unicode becomes some hundred instructions, and a repeated one is written
out as often as it may come. Of such a class, a line of ASCII can have only these few characters.
"""

import re

LETTERS, CAPITALS, SMALL, DIGITS = "a-zA-Z", "A-Z", "a-z", "0-9"
MARKS = ""
IN_ASCII = {
    r"\pL": LETTERS,
    r"\p{L}": LETTERS,
    r"\p{Lu}": CAPITALS,
    r"\p{Ll}": SMALL,
    r"\pN": DIGITS,
    r"\p{N}": DIGITS,
    r"\p{Nd}": DIGITS,
    r"\pM": MARKS,
    r"\p{M}": MARKS,
}
"""What classes of Unicode have of ASCII."""
PIECE = re.compile(r"\\[pP](?:\{.*?\}|.)|\\.|\[:\^?\w+:\]|\[\^?\]?|\]|[^\\\[\]]+", re.DOTALL)
QUOTED = r"\Q"


def ascii_form(pattern: str) -> str:
    """A pattern that fits the same lines, of those that are ASCII alone."""
    if QUOTED in pattern:
        return pattern
    parts: list[str] = []
    in_class = False
    for piece in PIECE.findall(pattern):
        is_first = bool(parts) and parts[-1].startswith("[")
        parts.append(_in_ascii(piece, in_class=in_class, is_first=is_first))
        if piece == "]":
            in_class = False
        elif piece.startswith("[") and not piece.startswith("[:"):
            in_class = True
    return "".join(parts)


def _in_ascii(piece: str, *, in_class: bool, is_first: bool) -> str:
    known = IN_ASCII.get(piece)
    if known is None or (known == MARKS and (not in_class or is_first)):
        return piece  # an empty class is none of the library's
    return known if in_class else f"[{known}]"
