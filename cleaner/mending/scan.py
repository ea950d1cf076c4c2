"""One pass over a text that tells which steps of the repair could change it.

Every pattern here is a necessary condition: where it is not met, its step changes nothing. Those of
ftfy are made from ftfy's own tables and its own expression for mojibake, so that they cannot fall
behind them. All together are one automaton (google-re2), some hundred times as fast as the
expressions that they stand for.
"""

from collections.abc import Iterable, Mapping
from functools import cache

import re2
from ftfy import chardata
from ftfy.badness import BADNESS_RE

from cleaner.mending.invisible import shipped_kinds

ENTITY, MOJIBAKE, CONTROL, LIGATURE, QUOTE, WIDE, INVISIBLE, MARKS = (1 << bit for bit in range(8))
"""What a text may hold, as bits of a number: an enumeration costs more to combine than to find.

CONTROL is a line break other than a line feed, any other control, an escape, half of a pair; MARKS
are more combining marks in a row than a letter has in any language.
"""

EVERYTHING = (1 << 8) - 1
OF_LINES = ENTITY | MOJIBAKE | CONTROL
"""What must be seen line by line. The rest means the same in a whole page as in each line of it."""

AUTOMATON_BYTES = 1 << 24

SPACE_OF_PYTHON = (
    r"[\t-\r\x1c-\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
)
WORD_OR_BEYOND_ASCII = r"[0-9A-Z_a-z\x{80}-\x{10ffff}]"
IN_RE2: Mapping[str, str] = {r"\s": SPACE_OF_PYTHON, r"\w": WORD_OR_BEYOND_ASCII}
"""What Python's classes hold, and, where that depends on the version of Unicode, a bit more."""

MANY_MARKS = r"[\p{M}\x{ff9e}\x{ff9f}]{8}"
"""The half-width marks of Japanese are letters until they are made wide."""

CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\x{2028}\x{2029}"
"""Control characters but tab and line feed, and the separators of lines and paragraphs."""


def in_re2(pattern: str) -> str:
    """A verbose pattern of Python's in RE2's syntax; what it fits, this finds as well.

    RE2 has no verbose mode and its classes are of ASCII. The start of the text becomes that of any
    line, as many lines are looked at together.
    """
    parts, place, in_class = [], 0, False
    while place < len(pattern):
        part = pattern[place : place + 2] if pattern[place] == "\\" else pattern[place]
        place += len(part)
        if in_class or part.startswith("\\"):
            in_class = in_class and part != "]"
            parts.append(IN_RE2.get(part, part))
        elif part == "#":
            place = pattern.find("\n", place)
        elif not part.isspace():
            in_class = part == "["
            parts.append("(?m:^)" if part == "^" else part)
    return "".join(parts)


def _class_of(characters: Iterable[int | str]) -> str:
    points = (one if isinstance(one, int) else ord(one) for one in characters)
    return "".join(rf"\x{{{point:x}}}" for point in points)


def _patterns() -> list[tuple[int, str]]:
    quotes = (chardata.SINGLE_QUOTE_RE.pattern, chardata.DOUBLE_QUOTE_RE.pattern)
    invisible = "".join(kind.scan for kind in shipped_kinds())
    return [
        (ENTITY, chardata.HTML_ENTITY_RE.pattern),
        (MOJIBAKE, in_re2(BADNESS_RE.pattern)),
        (CONTROL, f"[{CONTROLS}{_class_of(chardata.CONTROL_CHARS)}]"),
        *((QUOTE, quote) for quote in quotes),
        (LIGATURE, f"[{_class_of(chardata.LIGATURES)}]"),
        (WIDE, f"[{_class_of(chardata.WIDTH_MAP)}]"),
        (INVISIBLE, f"[{invisible}]"),
        (MARKS, MANY_MARKS),
    ]


@cache
def _automaton() -> tuple[re2.Set, tuple[int, ...]]:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = AUTOMATON_BYTES
    patterns = _patterns()
    automaton = re2.Set.SearchSet(options)
    for _, pattern in patterns:
        automaton.Add(pattern)
    automaton.Compile()
    return automaton, tuple(trouble for trouble, _ in patterns)


def scan(text: str) -> int:
    """What a text of one or many lines may hold. Half of a surrogate pair may be anything."""
    automaton, troubles = _automaton()
    try:
        found = automaton.Match(text)
    except UnicodeEncodeError:
        return EVERYTHING
    trouble = 0
    for number in found or ():
        trouble |= troubles[number]
    return trouble
