"""Match a line against many patterns at once, at a cost that grows with its length only.

Most patterns need some literal text ("newsletter", "photo by"). One automaton of all these literals
tells which patterns a line may fit, and only they are tried (Cox, "Regular Expression Matching in
the Wild", 2010). Those that need none form an automaton of their own.
"""

from collections.abc import Iterator, Sequence

import re2

AUTOMATON_BYTES = 1 << 24
"""The automaton is built as lines need it; when it outgrows this it is built anew from there, which
is slow and never wrong."""


AT_ONCE = 150
"""Patterns to one automaton of literals: that of twice as many outgrows the memory that the library
gives it, and a line then costs several times as much."""


def _caseless() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = AUTOMATON_BYTES
    return options


CASELESS = _caseless()
"""Options under which all patterns are read."""


class Matcher:
    """Patterns compiled for matching whole lines, whatever the case of their letters.

    Raises:
        re2.error: a pattern is not one of RE2's, or all together are too large.

    """

    def __init__(self, patterns: Sequence[str]) -> None:
        parts = [patterns[at : at + AT_ONCE] for at in range(0, len(patterns), AT_ONCE)]
        self._filters = [_filter_of(part) for part in parts]
        # What a filter lets pass even here needs no literal.
        self._free = [
            part * AT_ONCE + number
            for part, one in enumerate(self._filters)
            for number in one.Match("", potential=True) or ()
        ]
        self._is_free = frozenset(self._free)
        self._set = re2.Set.FullMatchSet(CASELESS)
        for number in self._free:
            self._set.Add(patterns[number])
        if self._free:
            self._set.Compile()

    def match(self, line: str) -> Iterator[int]:
        """The places of the patterns that a whole line fits."""
        if self._free:
            for index in self._set.Match(line) or ():
                yield self._free[index]
        folded = _folded(line).encode("utf-8", "surrogatepass")
        for part, one in enumerate(self._filters):
            for number in one.Match(folded, potential=True) or ():
                at = part * AT_ONCE + number
                if at not in self._is_free and one.re(number).fullmatch(line):
                    yield at


def _filter_of(patterns: Sequence[str]) -> re2.Filter:
    made = re2.Filter()
    for pattern in patterns:
        made.Add(pattern, CASELESS)
    made.Compile()
    return made


class Finder:
    """Patterns compiled for finding parts of a line: what their group `cut` holds.

    Raises:
        re2.error: a pattern is not one of RE2's.

    """

    def __init__(self, patterns: Sequence[str], literals: Sequence[str]) -> None:
        self._patterns = [re2.compile(pattern, CASELESS) for pattern in patterns]
        self._literals = re2.Set.SearchSet(CASELESS)
        for literal in literals:
            self._literals.Add(re2.escape(literal))
        self._literals.Compile()

    def may_fit(self, line: str) -> bool:
        """Whether a line holds one of the literals, without one of which it fits no pattern."""
        return bool(self._patterns and self._literals.Match(line))

    def parts(self, line: str) -> Iterator[tuple[int, int, int]]:
        """The place of each pattern that fits somewhere, and where its part begins and ends."""
        for number, pattern in enumerate(self._patterns):
            if match := pattern.search(line):
                yield number, *match.span(pattern.groupindex["cut"])


def _folded(line: str) -> str:
    """In lower case; Python makes two characters of the Turkish dotted capital I, RE2 one."""
    return line.lower().replace("i\u0307", "i")
