"""What is looked for in a line before a pattern is tried: the rarest that it needs, then others.

To find it takes a second for all shipped patterns, so theirs are in a file, which this command
writes anew when patterns have changed: `python -m cleaner.rules`. A pattern that is not in the
file gets its key when it is asked for, so that the file is only a matter of time.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from cleaner.rules.frequency import frequency
from cleaner.rules.needs import ANY, Texts, ends_of, holds_of, starts_of
from cleaner.rules.reading import needs_of

FILE = "keys.json"
PLACES_IN_A_LINE = 200
FULL_STOPS = frozenset(".!?\"')")
LINES_WITHOUT = 0.3
"""Share of lines that end with none of these."""
MOST_LINES = 0.4
"""A key that this share of lines or more would have is none."""
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10)
"""Characters to which texts may be cut."""
LITTLE = 0.0002
"""Share of lines by which a key may become less rare when its texts are cut."""


class Where(StrEnum):
    """Where in a line the texts of a key are looked for."""

    START = "start"
    END = "end"
    ANYWHERE = "anywhere"


MOST_CHECKED = {Where.START: 60, Where.END: 60, Where.ANYWHERE: 12}
"""Texts of keys that are checked one after the other."""


@dataclass(frozen=True, slots=True)
class Key:
    """Texts of which a line, case-folded, has one there if it fits."""

    where: Where
    texts: Texts


def keys_of(patterns: Iterable[str]) -> list[tuple[Key, ...]]:
    """The keys of each pattern, the rarest first; none if it must be tried on every line."""
    known = _known()
    return [
        known[name] if (name := _name(pattern)) in known else keys_of_one(pattern)
        for pattern in patterns
    ]


def keys_of_one(pattern: str) -> tuple[Key, ...]:
    """What a line needs to fit the pattern: first what is looked for, then what is checked."""
    needs = needs_of(pattern)
    every = [
        Key(Where.START, starts_of(needs)),
        Key(Where.END, ends_of(needs)),
        *(Key(Where.ANYWHERE, texts) for texts in holds_of(needs)),
    ]
    rare = [_shortened(key) for key in every if _share_of_lines(key) < MOST_LINES]
    return tuple(
        key
        for number, key in enumerate(dict.fromkeys(sorted(rare, key=_share_of_lines)))
        if number == 0 or len(key.texts) <= MOST_CHECKED[key.where]
    )


def _share_of_lines(key: Key) -> float:
    if key.texts == ANY:
        return 1
    if key.where is Where.ANYWHERE:
        return PLACES_IN_A_LINE * frequency(key.texts)
    if key.where is Where.START:
        return frequency(key.texts)
    stops = key.texts & FULL_STOPS
    others = LINES_WITHOUT * min(1, frequency(key.texts - stops))
    return others + (1 - LINES_WITHOUT) * bool(stops)


def _shortened(key: Key) -> Key:
    """The key in texts as short as they can be at little loss, of which none holds another."""
    share = _share_of_lines(key) + LITTLE
    for length in LENGTHS:
        shorter = Key(key.where, frozenset(_piece(text, length, key.where) for text in key.texts))
        if _share_of_lines(shorter) <= share:
            return _bare(shorter)
    return _bare(key)


def _piece(text: str, length: int, where: Where) -> str:
    """So many characters of a text, the rarest where they may be any."""
    if where is Where.ANYWHERE:
        last = max(len(text) - length, 0)
        pieces = (text[at : at + length] for at in range(last + 1))
        return min(pieces, key=lambda piece: frequency([piece]))
    return text[:length] if where is Where.START else text[-length:]


def _bare(key: Key) -> Key:
    """The key without texts that have another of its texts where it is looked for."""
    has = {Where.START: str.startswith, Where.END: str.endswith, Where.ANYWHERE: str.__contains__}
    texts = (
        text
        for text in key.texts
        if not any(has[key.where](text, other) for other in key.texts - {text})
    )
    return Key(key.where, frozenset(texts))


def _name(pattern: str) -> str:
    return blake2b(pattern.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@cache
def _known() -> Mapping[str, tuple[Key, ...]]:
    rows = json.loads((files("cleaner.rules") / FILE).read_bytes())
    return {
        name: tuple(Key(Where(row[0]), frozenset(row[1:])) for row in keys)
        for name, keys in rows.items()
    }


def as_file(patterns: Iterable[str]) -> str:
    """What the file must hold for some patterns."""
    named = {_name(pattern): pattern for pattern in patterns}
    lines = (f"{json.dumps(name)}: {_as_row(named[name])}" for name in sorted(named))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _as_row(pattern: str) -> str:
    rows = [[key.where, *sorted(key.texts)] for key in keys_of_one(pattern)]
    return json.dumps(rows, ensure_ascii=False)
