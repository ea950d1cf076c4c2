"""The patterns that lines may fit, by what a line must have for each."""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from cleaner.rules.forms import DECORATION, plain, single_spaced
from cleaner.rules.keys import Key, Where, keys_of
from cleaner.rules.lookup import Lookup

ODD_SPACES = frozenset(
    {"  "} | {chr(code) for code in range(0x3001) if chr(code).isspace() and chr(code) != " "}
) - {"\n"}
"""What a line with single spaces has not."""
UNEVEN, MAY_BE_CUT = -1, -2
"""Stand among the numbers of patterns: the line has odd spaces or bullets; it has a literal."""
LINES_AT_ONCE = 200
"""Lines that are looked through together. What is found takes many times a line's memory."""

Seen = tuple[str, str, Collection[int]]
"""What is known of a line before any pattern is tried: the line as patterns see it, the same
case-folded, the patterns of which it has the first key, and perhaps `MAY_BE_CUT`."""


class Candidates:
    """Finds which of some patterns lines may fit, and which lines hold one of some literals."""

    def __init__(self, patterns: Sequence[str], literals: Collection[str]) -> None:
        keys = keys_of(patterns)
        self.free = [number for number, some in enumerate(keys) if not some]
        """The patterns that must be tried on every line."""
        self._checks = [tuple((key.where, tuple(key.texts)) for key in some[1:]) for some in keys]
        bullets = frozenset(DECORATION)
        self._looked_up = [
            *((some[0], number) for number, some in enumerate(keys) if some),
            (Key(Where.ANYWHERE, ODD_SPACES), UNEVEN),
            (Key(Where.START, bullets), UNEVEN),
            (Key(Where.END, bullets), UNEVEN),
            (Key(Where.ANYWHERE, frozenset(map(_comparable, literals))), MAY_BE_CUT),
        ]

    def of_lines(self, lines: Sequence[str]) -> Iterator[Seen]:
        """What is known of each line of a document."""
        for first in range(0, len(lines), LINES_AT_ONCE):
            yield from self._of_some(lines[first : first + LINES_AT_ONCE])

    @cached_property
    def _lookup(self) -> Lookup:
        """Made for the first line, as not every process of a run looks at lines."""
        return Lookup(self._looked_up)

    def has_the_rest(self, folded: str, number: int) -> bool:
        """Whether a line has the other keys too of a pattern that it may fit by the first."""
        for where, texts in self._checks[number]:
            if where is Where.ANYWHERE:
                has = _is_one_in(texts, folded)
            else:
                at_edge = str.startswith if where is Where.START else str.endswith
                has = at_edge(folded, texts) or at_edge(folded.strip(DECORATION), texts)
            if not has:
                return False
        return True

    def _of_some(self, lines: Sequence[str]) -> Iterator[Seen]:
        forms = [line if line.isascii() else plain(line) for line in lines]
        if any("\n" in form for form in forms):
            forms = list(map(single_spaced, forms))
        folded = list(map(str.casefold, forms))
        found = self._lookup.of_lines(folded)
        for form, fold, numbers in zip(forms, folded, found, strict=True):
            yield self._looked_at_closely(form) if UNEVEN in numbers else (form, fold, numbers)

    def _looked_at_closely(self, form: str) -> Seen:
        """What is known of a line whose spaces are made single, with and without its bullets."""
        single = single_spaced(form)
        folded = single.casefold()
        found = self._lookup.of_lines([folded, folded.strip(DECORATION)])
        return single, folded, frozenset().union(*found) - {UNEVEN}


def _is_one_in(texts: Collection[str], line: str) -> bool:
    # Half the time of `any`, which would make a generator.
    for text in texts:  # noqa: SIM110
        if text in line:
            return True
    return False


def _comparable(literal: str) -> str:
    return single_spaced(plain(literal)).casefold()
