"""Patterns and lines as bytes: those of ASCII, and one that stands for every other character.

A class of all letters of Unicode becomes some hundred instructions, and a repeated one is written
out as often as it may come. In bytes it is a few, which are compiled in a third of the time. A line
of ASCII fits this form if it fits the pattern, and only then. Another line that fits the pattern
fits this form too, so that one that does not need not be tried further.
"""

import re
from collections.abc import Iterator

STAND_IN = "\xff"
WRITTEN = r"\xff"
"""The same, as a pattern has it."""
LAST_ASCII = 0x7F
LETTERS, CAPITALS, SMALL, DIGITS = "a-zA-Z", "A-Z", "a-z", "0-9"
IN_ASCII = {
    r"\pL": LETTERS,
    r"\p{L}": LETTERS,
    r"\p{Lu}": CAPITALS,
    r"\p{Ll}": SMALL,
    r"\pN": DIGITS,
    r"\p{N}": DIGITS,
    r"\p{Nd}": DIGITS,
    r"\pM": r"\xff-\xff",
    r"\p{M}": r"\xff-\xff",
}
"""What classes of Unicode have of ASCII; or, as each must be such that a hyphen after it is none of
a range, the stand-in."""
PIECE = re.compile(
    r"(?P<code>\\x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2}))|(?P<category>\\[pP](?:\{.*?\}|.))|\\."
    r"|\[:\^?\w+:\]|(?P<opening>\[\^?\]?)|(?P<closing>\])|(?P<other>[^\x00-\x7f])"
    r"|[^\\\[\]\x80-\U0010ffff]+",
    re.DOTALL,
)
OTHER = re.compile(r"[^\x00-\x7f]")
FOLDED = (0x17F, 0x212A)
"""The long s and the sign of the kelvin, which are an s and a k to who ignores the case."""
RANGE = re.compile(r"(?:\\x\{(\w+)\}|([^\\]))-(?:\\x\{(\w+)\}|([^\\]))", re.DOTALL)
UNREADABLE = re.compile(
    r"\\[0-7CQ]|\(\?P?<\w*[^\x00-\x7f]|[\u017f\u212a]|\\x\{0*(?:17[fF]|212[aA])\}"
)
"""Octal codes, single bytes of UTF-8, quoted stretches, names of other letters, and the folded."""


def line_bytes(line: str) -> bytes | None:
    """A line in bytes, or None where it may fit a pattern that these do not fit."""
    if line.isascii():
        return line.encode()
    if any(chr(code) in line for code in FOLDED):
        return None
    return OTHER.sub(STAND_IN, line).encode("latin-1")


def byte_form(pattern: str) -> bytes | None:
    """A pattern for lines in bytes, read as Latin-1; None where it cannot be put so."""
    if UNREADABLE.search(pattern) or any(map(_spans_folded, RANGE.finditer(pattern))):
        return None
    return "".join(_parts(pattern)).encode("ascii")


def _spans_folded(found: re.Match[str]) -> bool:
    low, first, high, last = found.groups()
    least = int(low, 16) if low else ord(first)
    most = int(high, 16) if high else ord(last)
    return any(least <= code <= most for code in FOLDED)


def _parts(pattern: str) -> Iterator[str]:
    """The pieces of a pattern, where a class of what is not named has the stand-in as well."""
    opening = ""
    for match in PIECE.finditer(pattern):
        kind, piece = match.lastgroup, match[0]
        if kind == "opening" and not opening:
            opening = piece
            yield f"(?:{piece}" if piece.startswith("[^") else piece
        elif kind == "closing" and opening:
            yield f"]|{WRITTEN})" if opening.startswith("[^") else "]"
            opening = ""
        elif kind == "category":
            members = WRITTEN + IN_ASCII.get(piece, piece)
            yield members if opening else f"[{members}]"
        else:
            is_code = kind == "code" and int(piece[2:].strip("{}"), 16) > LAST_ASCII
            yield WRITTEN if is_code or kind == "other" else piece
