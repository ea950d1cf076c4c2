"""The patterns of rules for parts of a line, and where in a line they fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaner.rule import Rule, RulePlace
from cleaner.rules.forms import plain
from cleaner.rules.keys import Key, Where, has_each, keys_of
from cleaner.rules.matcher import Finder, Literals


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line that a pattern finds, and where it begins and ends."""

    rule: Rule
    number: int
    """The place of the pattern in its rule, from 0."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    rule: Rule
    number: int
    needed: Sequence[Sequence[str]]
    """A line that holds such a part has, case-folded, one of each of these."""
    finder: Finder

    def may_fit(self, folded: str) -> bool:
        return has_each(folded, self.needed)


class Parts:
    """All patterns for parts of lines."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        inline = [rule for rule in rules if rule.place is RulePlace.INLINE]
        self.literals = sorted({literal for rule in inline for literal in rule.look_for})
        """Texts of which a line has one, whatever the case, or no part is looked for."""
        self._looked_for = Literals(self.literals)
        self._patterns = [
            _Pattern(rule, number, _needed(keys), Finder(rule.patterns[number]))
            for rule in inline
            for number, keys in enumerate(keys_of(rule.patterns))
        ]

    def may_be_in(self, line: str) -> bool:
        """Whether a line holds one of the texts that the rules look for."""
        return self._looked_for.is_one_in(line)

    def of_line(self, line: str) -> Iterator[Part]:
        """The part that each pattern finds, whatever the rules look for."""
        # Each character becomes one, so places hold for the line as it is.
        text = plain(line)
        folded = text.casefold()
        for pattern in self._patterns:
            if pattern.may_fit(folded) and (found := pattern.finder.part(text)):
                yield Part(pattern.rule, pattern.number, *found)


def _needed(keys: Sequence[Key]) -> Sequence[Sequence[str]]:
    """What a line must have somewhere: how it begins or ends is not said of a part."""
    return [tuple(key.texts) for key in keys if key.where is Where.ANYWHERE]
