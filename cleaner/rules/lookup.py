"""Look in all lines of a document for all keys at once, with two automata of texts.

Aho and Corasick, "Efficient string matching: an aid to bibliographic search" (1975). A text that
must begin or end a line has the line break before or after it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, repeat
from operator import add

from ahocorasick_rs import BytesAhoCorasick, Implementation

from cleaner.rules.keys import Key, Where

BREAK = "\n"
FORMS = {Where.START: f"{BREAK}%s", Where.END: f"%s{BREAK}", Where.ANYWHERE: "%s"}


class Lookup:
    """What numbers go with the keys that lines have."""

    def __init__(self, keys: Iterable[tuple[Key, int]]) -> None:
        numbers: dict[str, set[int]] = defaultdict(set)
        for key, number in keys:
            # No line has a line break, which would be found between two.
            for text in (text for text in key.texts if BREAK not in text):
                numbers[FORMS[key.where] % text].add(number)
        # Few lines need the others, and with them the table would leave more often the cache.
        plain = {text: some for text, some in numbers.items() if text.isascii()}
        self._ascii = _Automaton(plain)
        others = {text: some for text, some in numbers.items() if not text.isascii()}
        self._others = _Automaton(others)

    def of_lines(self, folded: Sequence[str]) -> list[Collection[int]]:
        """For each line the numbers of all keys that it has.

        Args:
            folded: lines, case-folded, none with a line break.

        """
        found: list[Collection[int]] = [()] * len(folded)
        for place, numbers in self._ascii.of_lines(folded).items():
            found[place] = numbers
        odd = [place for place, line in enumerate(folded) if not line.isascii()]
        for at, numbers in self._others.of_lines([folded[place] for place in odd]).items():
            found[odd[at]] = numbers.union(found[odd[at]])
        return found


class _Automaton:
    """Some texts, each with the numbers that it stands for."""

    def __init__(self, numbers: Mapping[str, set[int]]) -> None:
        self._numbers = list(numbers.values())
        self._texts = list(map(_encoded, numbers))
        self._begins = [text.startswith(BREAK) for text in numbers]
        # The library's other form, a full table, is the faster only as long as nothing else runs.
        self._automaton = BytesAhoCorasick(self._texts, implementation=Implementation.ContiguousNFA)

    def of_lines(self, lines: Sequence[str]) -> defaultdict[int, set[int]]:
        joined = _encoded(BREAK.join(("", *lines, "")))
        found: defaultdict[int, set[int]] = defaultdict(set)
        hits = self._automaton.find_matches_as_indexes(joined, overlapping=True)
        if hits:
            # Where each line's break before it is.
            sizes = map(add, map(len, joined.split(b"\n")[1:-1]), repeat(1))
            breaks = list(accumulate(sizes))
            begins, numbers = self._begins, self._numbers
            for index, start, _ in hits:
                found[bisect_right(breaks, start - (not begins[index]))] |= numbers[index]
        return found


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
