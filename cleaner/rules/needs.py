"""What a line must have if a pattern is to fit it: how it begins and ends, and what it holds.

After the queries of Cox, "Regular Expression Matching with a Trigram Index" (2012), on sets of
texts. They are case-folded, as lines must be before they are compared. All is said of more lines
than the pattern fits, never of fewer, so what fails it need not be tried.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import fsum

from cleaner.rules.frequency import frequency

MOST_TEXTS = 400
"""Of one set; a larger one of beginnings or ends is cut to shorter texts, another is given up."""
MOST_HELD = 600
"""Of one set of which a text holds one."""
MOST_SETS = 4
"""Of those that a text holds."""
MOST_REPEATED = 3
"""Times that a repeated part is written out: more tell no more, and may be a thousand."""
LONGEST_EXACT = 200
"""Characters of a text that is known as a whole, and then joined with others: what a pattern of
many parts needs is read in the time of its length, not of the square of it."""
LONGEST = 12
"""Characters of a beginning or an end, before a set is cut."""
ANY = frozenset({""})
Texts = frozenset[str]


@dataclass(frozen=True, slots=True)
class Needs:
    """What every text that fits (a part of) a pattern has. An empty text stands for anything."""

    exact: Texts | None
    """It is one of these; None if there are too many, or no end of them."""
    starts: Texts = ANY
    """It begins with one of these."""
    ends: Texts = ANY
    holds: tuple[Texts, ...] = ()
    """It has one of each of these sets somewhere, the rarest set first."""


NOTHING = Needs(ANY)
ANYTHING = Needs(None)


def literal(text: str) -> Needs:
    """Of a text as it stands."""
    return Needs(frozenset({text.casefold()}))


def one_of(characters: Iterable[str]) -> Needs:
    """Of a class of few characters."""
    return Needs(frozenset(map(str.casefold, characters)))


def in_turn(parts: Sequence[Needs]) -> Needs:
    """Of one part after the other."""
    return reduce(_then, parts, NOTHING)


def either(parts: Sequence[Needs]) -> Needs:
    """Of any of the parts."""
    if len(parts) == 1:
        return parts[0]
    exact = _union([part.exact for part in parts], MOST_TEXTS)
    if exact is not None:
        return Needs(exact)
    return Needs(
        None,
        _cut(frozenset().union(*map(starts_of, parts)), from_end=False),
        _cut(frozenset().union(*map(ends_of, parts)), from_end=True),
        _held_by_all([holds_of(part) for part in parts]),
    )


def repeated(part: Needs, least: int, most: int | None) -> Needs:
    """Of a part so many times, or without end."""
    if least == 0:
        return either([NOTHING, part]) if most == 1 else ANYTHING if most != 0 else NOTHING
    few = in_turn([part] * min(least, MOST_REPEATED))
    if least == most and least <= MOST_REPEATED:
        return few
    return Needs(None, starts_of(few), ends_of(few), holds_of(few))


def starts_of(part: Needs) -> Texts:
    """How it begins, even where all of it is known."""
    return part.starts if part.exact is None else _cut(part.exact, from_end=False)


def ends_of(part: Needs) -> Texts:
    """How it ends."""
    return part.ends if part.exact is None else _cut(part.exact, from_end=True)


def holds_of(part: Needs) -> tuple[Texts, ...]:
    """What it holds."""
    return part.holds if part.exact is None else _rarest([part.exact])


def _then(first: Needs, second: Needs) -> Needs:
    if first.exact is not None and second.exact is not None:
        exact = _product(first.exact, second.exact)
        if exact is not None:
            return Needs(exact)
    starts, ends = starts_of(first), ends_of(second)
    if first.exact is not None:
        starts = _joined(first.exact, starts_of(second), from_end=False)
    if second.exact is not None:
        ends = _joined(second.exact, ends_of(first), from_end=True)
    between = _product(ends_of(first), starts_of(second)) or ANY
    return Needs(None, starts, ends, _rarest([*holds_of(first), *holds_of(second), between]))


def _joined(outer: Texts, inner: Texts, *, from_end: bool) -> Texts:
    """The beginnings (or ends) of a text and what follows it (or comes before it)."""
    for length in range(LONGEST, -1, -1):
        short = {
            text[max(len(text) - length, 0) :] if from_end else text[:length] for text in inner
        }
        if len(outer) * len(short) <= MOST_TEXTS:
            return _cut(
                frozenset([b + a if from_end else a + b for a in outer for b in short]),
                from_end=from_end,
            )
    return _cut(outer, from_end=from_end)


def _rarest(sets: Iterable[Texts]) -> tuple[Texts, ...]:
    known = {texts for texts in sets if "" not in texts and len(texts) <= MOST_HELD}
    return tuple(sorted(known, key=_rarity)[:MOST_SETS])


def _rarity(texts: Texts) -> tuple[float, Sequence[str]]:
    return fsum(map(frequency, texts)), sorted(texts)


def _held_by_all(held: Sequence[tuple[Texts, ...]]) -> tuple[Texts, ...]:
    """Sets of which each branch holds one: of its rarest, of its second, and so on."""
    return _rarest(frozenset().union(*sets) for sets in zip(*held, strict=False))


def _product(firsts: Texts, seconds: Texts) -> Texts | None:
    if (
        len(firsts) * len(seconds) > MOST_TEXTS
        or _longest(firsts) + _longest(seconds) > LONGEST_EXACT
    ):
        return None
    return frozenset([first + second for first in firsts for second in seconds])


def _longest(texts: Texts) -> int:
    return max(map(len, texts), default=0)


def _union(sets: Iterable[Texts | None], most: int) -> Texts | None:
    together: set[str] = set()
    for texts in sets:
        if texts is None:
            return None
        together |= texts
    return frozenset(together) if len(together) <= most else None


def _cut(texts: Texts, *, from_end: bool) -> Texts:
    """Few and short enough texts, of which each of those given begins, or ends, with one."""
    for length in range(LONGEST, 0, -1):
        texts = frozenset([text[-length:] if from_end else text[:length] for text in texts])
        if len(texts) <= MOST_TEXTS:
            return ANY if "" in texts else texts
    return ANY
