"""Read a pattern in RE2's syntax, as far as to tell what a line needs to fit it.

Whatever is not surely understood counts as fitting anything.
"""

import re
from dataclasses import dataclass

from cleaner.rules.needs import (
    ANYTHING,
    NOTHING,
    Needs,
    either,
    in_turn,
    literal,
    one_of,
    repeated,
)

PIECE = re.compile(
    r"""
    (?P<plain>[^\\.^$|?*+()\[{]+)
    |(?P<nothing>\^|\$|\\[AzbB])
    |(?P<any>\.|\\[DSwW]|\\[pP](?:\w|\{\^?\w+\}))
    |(?P<digit>\\d)
    |(?P<space>\\s)
    |(?P<escaped>\\(?P<mark>[^\w\s]))
    |(?P<code>\\x(?:\{(?P<long>[0-9A-Fa-f]+)\}|(?P<short>[0-9A-Fa-f]{2})))
    |(?P<class>\[)
    |(?P<flags>\(\?[imsU-]+\))
    |(?P<open>\((?:\?(?:P?<\w+>|[imsU-]*:))?)
    |(?P<brace>\{)
    """,
    re.VERBOSE,
)
COUNT = re.compile(r"(?:([*+?])|\{([0-9]+)(?:(,)([0-9]*))?\})\??")
CLASS = re.compile(r"\[(\^?)((?:\]|\\.|[^\]\\])(?:\\.|[^\]\\])*)\]", re.DOTALL)
MEMBER = re.compile(r"(?:\\([^\w\s])|([^\\]))(?:-(?:\\([^\w\s])|([^\\])))?", re.DOTALL)
MOST_MEMBERS = 40
"""Of a class of characters that is spelled out."""
COUNTS = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class _UnreadableError(Exception):
    """The pattern has something that is not known here, or is none."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What is read so far of a group that is open."""

    branches: list[Needs]
    parts: list[Needs]

    def closed(self) -> Needs:
        return either([*self.branches, in_turn(self.parts)])


def needs_of(pattern: str) -> Needs:
    """What a line needs that fits a pattern, which must be one that RE2 accepts."""
    try:
        return _read(pattern)
    except _UnreadableError:
        return ANYTHING


def _read(pattern: str) -> Needs:
    open_groups = [_Group([], [])]
    at = 0
    while at < len(pattern):
        group = open_groups[-1]
        if pattern[at] == "|":
            group.branches.append(in_turn(group.parts))
            group.parts.clear()
            at += 1
        elif pattern[at] == ")":
            open_groups.pop()
            if not open_groups:
                raise _UnreadableError
            at = _add(open_groups[-1].parts, group.closed(), pattern, at + 1)
        else:
            at = _read_piece(pattern, at, open_groups)
    if len(open_groups) > 1:
        raise _UnreadableError
    return open_groups[0].closed()


def _read_piece(pattern: str, at: int, open_groups: list[_Group]) -> int:
    """Read what stands there into the innermost group; gives back where it ends."""
    match = PIECE.match(pattern, at)
    if match is None:
        raise _UnreadableError
    parts = open_groups[-1].parts
    kind, text = match.lastgroup, match[0]
    if kind == "open":
        open_groups.append(_Group([], []))
        return match.end()
    if kind == "plain":
        if len(text) > 1 and COUNT.match(pattern, match.end()):
            parts.append(literal(text[:-1]))
            text = text[-1]
        return _add(parts, literal(text), pattern, match.end())
    if kind == "flags" and COUNT.match(pattern, match.end()):
        raise _UnreadableError  # RE2 counts what stands before the flags
    if kind == "class":
        return _read_class(pattern, at, parts)
    return _add(parts, _needs_of_piece(match), pattern, match.end())


def _needs_of_piece(match: re.Match[str]) -> Needs:
    kind, text = match.lastgroup, match[0]
    if kind in {"nothing", "flags"}:
        return NOTHING
    if kind == "digit":
        return one_of("0123456789")
    if kind == "space":
        return one_of("\t\n\f\r ")
    if kind == "escaped":
        return literal(match["mark"])
    if kind == "code":
        return literal(chr(int(match["long"] or match["short"], 16)))
    return literal(text) if kind == "brace" else ANYTHING


def _read_class(pattern: str, at: int, parts: list[Needs]) -> int:
    match = CLASS.match(pattern, at)
    if match is None or "[:" in match[2]:
        raise _UnreadableError
    return _add(parts, ANYTHING if match[1] else _needs_of_class(match[2]), pattern, match.end())


def _needs_of_class(body: str) -> Needs:
    members: list[str] = []
    at = 0
    while match := MEMBER.match(body, at):
        first, last = (match[1] or match[2]), (match[3] or match[4])
        at = match.end()
        codes = range(ord(first), ord(last or first) + 1)
        if len(members) + len(codes) > MOST_MEMBERS:
            return ANYTHING
        members += map(chr, codes)
    return one_of(members) if at == len(body) else ANYTHING


def _add(parts: list[Needs], needs: Needs, pattern: str, at: int) -> int:
    """Add what is read, as often as the counts after it say; gives back where they end."""
    while match := COUNT.match(pattern, at):
        sign, least, comma, most = match.groups()
        bounds = COUNTS[sign] if sign else (int(least), int(most) if most else None)
        if least and not comma:
            bounds = (int(least), int(least))
        needs = repeated(needs, *bounds)
        at = match.end()
    parts.append(needs)
    return at
