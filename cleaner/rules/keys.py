"""What is looked for in a line before a pattern is tried: the rarest that it needs, then others.

To find it takes some fifteen seconds for all shipped patterns, so theirs are in a file, which this
command writes anew when patterns have changed: `python -m cleaner.rules`. A pattern that is not in
the file gets its key when it is asked for, so that the file is only a matter of time.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from importlib.resources import files
from math import fsum

from cleaner.rules.frequency import BREAK, frequency
from cleaner.rules.needs import Texts, ends_of, holds_of, starts_of
from cleaner.rules.reading import needs_of

FILE = "keys.json"
MOST_TIMES, MOST_TIMES_CHECKED = 0.4, 1
"""Times a line that the first key of a pattern, and another, may come at most."""
LENGTHS = (1, 2, 3, 4, 6, 9)
"""Characters to which texts may be cut."""
PER_CHARACTER = 3e-7
"""Times a line that a key may come more often if it has a character less: all texts together make
a table, and the smaller it is, the more of it stays in the processor's cache."""


class Where(StrEnum):
    """Where in a line the texts of a key are looked for."""

    START = "start"
    END = "end"
    ANYWHERE = "anywhere"


BORDERED = {Where.START: f"{BREAK}%s", Where.END: f"%s{BREAK}", Where.ANYWHERE: "%s"}
"""What is looked for in lines that have a line break before and after them."""
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
    rare = {_shortened(key) for key in every if _times_a_line(key) < MOST_TIMES_CHECKED}
    first = min(rare, key=_cost, default=None)
    if first is None or _times_a_line(first) >= MOST_TIMES:
        return ()
    return first, *(
        key
        for key in sorted(rare - {first}, key=_rarity)
        if len(key.texts) <= MOST_CHECKED[key.where]
    )


def has_each(folded: str, needed: Iterable[Iterable[str]]) -> bool:
    """Whether a line, case-folded, has one text of each of some keys."""
    # Loops take half the time of `all` and `any`, which would make generators.
    for texts in needed:
        for text in texts:
            if text in folded:
                break
        else:
            return False
    return True


def _cost(key: Key) -> tuple[float, Where, Sequence[str]]:
    """Of looking for the key in all lines; and what it is, so that no two are alike."""
    cost = fsum(_cost_of_text(text, key.where) for text in key.texts)
    return cost, key.where, sorted(key.texts)


def _cost_of_text(text: str, where: Where) -> float:
    return frequency(BORDERED[where] % text) + PER_CHARACTER * len(text)


def _rarity(key: Key) -> tuple[float, Where, Sequence[str]]:
    return _times_a_line(key), key.where, sorted(key.texts)


def _times_a_line(key: Key) -> float:
    return fsum(frequency(BORDERED[key.where] % text) for text in key.texts)


def _shortened(key: Key) -> Key:
    """The key in short texts that are rare, or stand for many of its own.

    Of all pieces, again and again the one that costs least for each text that it stands for: the
    greedy cover of Chvatal, "A greedy heuristic for the set-covering problem" (1979).
    """
    having = defaultdict(set)
    for text in key.texts:
        for piece in _pieces(text, key.where):
            having[piece].add(text)
    costs = {piece: _cost_of_text(piece, key.where) for piece in having}
    cheapest = [(costs[piece] / len(texts), piece) for piece, texts in having.items()]
    heapify(cheapest)
    left, chosen = set(key.texts), set()
    while left:
        cost, piece = heappop(cheapest)
        texts = having[piece] & left
        if texts and costs[piece] / len(texts) > cost:
            heappush(cheapest, (costs[piece] / len(texts), piece))
        elif texts:
            chosen.add(piece)
            left -= texts
    return _bare(Key(key.where, frozenset(chosen)))


def _pieces(text: str, where: Where) -> Texts:
    """The texts, of some lengths, that a line has if it has the text there."""
    if where is Where.START:
        return frozenset(text[:length] for length in LENGTHS)
    if where is Where.END:
        return frozenset(text[-length:] for length in LENGTHS)
    return frozenset(
        text[at : at + length] for length in LENGTHS for at in range(max(len(text) - length, 0) + 1)
    )


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
