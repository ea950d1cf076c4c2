"""The patterns that lines may fit, by what a line must have for each."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from itertools import compress

from cleaner.rules.forms import DECORATION, plain, plain_lines, single_spaced
from cleaner.rules.keys import Key, Where, has_each, keys_of
from cleaner.rules.lookup import Lookup
from cleaner.stretches import stretches

ODD_SPACES = frozenset(
    {"  "} | {chr(code) for code in range(0x3001) if chr(code).isspace() and chr(code) != " "}
) - {"\n"}
"""What a line with single spaces has not."""
UNEVEN, MAY_BE_CUT = -1, -2
"""Stand among the numbers of patterns: the line has odd spaces or bullets; it has a literal."""
CHARACTERS_AT_ONCE = 1 << 18
"""Of lines that are looked through together. What is found takes many times their memory."""

MOST_USUAL = 30
"""Words that most rules allow. Keys of their patterns, two thirds of all, are not looked for in
longer lines: the less is looked for, the more of it stays in the processor's cache."""

Seen = tuple[str, str, int, Collection[int]]
"""What is known of a line before any pattern is tried: the line as patterns see it, the same
case-folded, how many spaces it has, the patterns of which it has the first key, and perhaps
`MAY_BE_CUT`. A tuple without names, as these take five times as long to make."""

Checks = tuple[
    Sequence[tuple[Callable[[str, tuple[str, ...]], bool], tuple[str, ...]]],
    Sequence[Sequence[str]],
]
"""Of a pattern's other keys: with what a line begins or ends, and what it holds."""


class Candidates:
    """Finds which of some patterns lines may fit, and which lines hold one of some literals."""

    def __init__(
        self, patterns: Sequence[str], most_words: Sequence[int], literals: Collection[str]
    ) -> None:
        keys = keys_of(patterns)
        self.free = [number for number, some in enumerate(keys) if not some]
        """The patterns that must be tried on every line."""
        self._checks = [_checks(some[1:]) for some in keys]
        bullets = frozenset(DECORATION)
        self._of_patterns = [(some[0], number) for number, some in enumerate(keys) if some]
        self._of_all = [
            (Key(Where.ANYWHERE, ODD_SPACES), UNEVEN),
            (Key(Where.START, bullets), UNEVEN),
            (Key(Where.END, bullets), UNEVEN),
            (Key(Where.ANYWHERE, frozenset(map(_comparable, literals))), MAY_BE_CUT),
        ]
        self._most_words = most_words

    def of_lines(self, lines: Sequence[str], *, guarded: bool = True) -> Iterator[Seen]:
        """What is known of each of some lines.

        Args:
            lines: any.
            guarded: of long lines, only the patterns whose rules allow more words than most do.

        """
        for some in stretches(lines, map(len, lines), CHARACTERS_AT_ONCE):
            yield from self._of_some(some, guarded=guarded)

    # Both are made for the first line, as not every process of a run looks at lines.
    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup([*self._of_patterns, *self._of_all])

    @cached_property
    def _lookup_in_long(self) -> Lookup:
        long = [one for one in self._of_patterns if self._most_words[one[1]] > MOST_USUAL]
        return Lookup([*long, *self._of_all])

    def has_the_rest(self, folded: str, number: int) -> bool:
        """Whether a line has the other keys too of a pattern that it may fit by the first."""
        at_edges, anywhere = self._checks[number]
        for at_edge, edges in at_edges:
            if not (at_edge(folded, edges) or at_edge(folded.strip(DECORATION), edges)):
                return False
        return has_each(folded, anywhere)

    def _of_some(self, lines: Sequence[str], *, guarded: bool) -> Iterator[Seen]:
        forms = plain_lines(lines)
        folded = list(map(str.casefold, forms))
        spaces = [form.count(" ") for form in forms]
        # Two words in a row may count as one, in scripts without spaces.
        is_long = [
            guarded and count >= (MOST_USUAL if form.isascii() else 2 * MOST_USUAL)
            for form, count in zip(forms, spaces, strict=True)
        ]
        found = self._found(folded, is_long)
        for seen in zip(forms, folded, spaces, found, strict=True):
            yield self._looked_at_closely(seen[0]) if UNEVEN in seen[3] else seen

    def _found(self, folded: Sequence[str], is_long: Sequence[bool]) -> Iterator[Collection[int]]:
        """The numbers of the keys that each line has."""
        in_long = iter(self._lookup_in_long.of_lines(list(compress(folded, is_long))))
        short = [line for line, long in zip(folded, is_long, strict=True) if not long]
        in_short = iter(self._lookup.of_lines(short))
        return (next(in_long if long else in_short) for long in is_long)

    def _looked_at_closely(self, form: str) -> Seen:
        """What is known of a line whose spaces are made single, with and without its bullets."""
        single = single_spaced(form)
        folded = single.casefold()
        found = self._lookup.of_lines([folded, folded.strip(DECORATION)])
        return single, folded, single.count(" "), frozenset().union(*found) - {UNEVEN}


def _checks(keys: Sequence[Key]) -> Checks:
    edges = {Where.START: str.startswith, Where.END: str.endswith}
    return (
        tuple((edges[key.where], tuple(key.texts)) for key in keys if key.where in edges),
        tuple(tuple(key.texts) for key in keys if key.where is Where.ANYWHERE),
    )


def _comparable(literal: str) -> str:
    return single_spaced(plain(literal)).casefold()
