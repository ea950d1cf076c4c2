"""Rules that allow lines of about as many words, compiled together."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from cleaner.rule import MOST_WORDS, Rule, RulePlace
from cleaner.rules.matcher import Matcher

OTHER_LANGUAGES = frozenset({"ar", "bg", "el", "fa", "he", "hi", "ja", "ko", "ru", "uk", "zh"})
OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u2e80-\U0010ffff]")
"""Scripts other than Latin, without the punctuation that all use. A line without one is not tried
against rules that are for such languages alone."""


class Tier:
    """The rules that take lines of up to so many words, compiled when the first such line comes."""

    def __init__(self, rules: Sequence[Rule], least: int, end: int, own: Collection[str]) -> None:
        self.end = end
        fitting = [
            (number, rule)
            for number, rule in enumerate(rules)
            if least <= min(rule.max_words, MOST_WORDS) < end and rule.place is not RulePlace.INLINE
        ]

        def other(rule: Rule) -> bool:
            # What a user's rule fits is not known from its languages.
            return rule.id not in own and OTHER_LANGUAGES.issuperset(rule.languages)

        self._latin = _Patterns([one for one in fitting if not other(one[1])])
        self._other = _Patterns([one for one in fitting if other(one[1])])

    def match(self, line: str) -> Iterator[tuple[int, int]]:
        """The patterns that fit: the number of the rule, and the pattern's own in the rule."""
        yield from self._latin.match(line)
        if not line.isascii() and OTHER_SCRIPT.search(line):
            yield from self._other.match(line)

    def compile(self) -> None:
        """Compile all patterns."""
        for patterns in (self._latin, self._other):
            list(patterns.match(""))


class _Patterns:
    """The patterns of some rules, each rule with its number."""

    def __init__(self, rules: Sequence[tuple[int, Rule]]) -> None:
        self._rules = rules

    @cached_property
    def _places(self) -> Sequence[tuple[int, int]]:
        return [(number, at) for number, rule in self._rules for at in range(len(rule.patterns))]

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([pattern for _, rule in self._rules for pattern in rule.patterns])

    def match(self, line: str) -> Iterator[tuple[int, int]]:
        for index in self._matcher.match(line):
            yield self._places[index]
