"""The patterns of rules that take whole lines, and which of them fit a line."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleaner.rule import MOST_WORDS, TIERS, Rule, RulePlace
from cleaner.rules.candidates import MAY_BE_CUT, Candidates, Seen
from cleaner.rules.forms import DECORATION, without_bullets
from cleaner.rules.matcher import Together
from cleaner.words import count_words

OTHER_LANGUAGES = frozenset({"ar", "bg", "el", "fa", "he", "hi", "ja", "ko", "ru", "uk", "zh"})
OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u2e80-\U0010ffff]")
"""Scripts other than Latin, without the punctuation that all use. A line without one is not tried
against rules that are for such languages alone."""


@dataclass(frozen=True, slots=True)
class _Tier:
    """Patterns without a key, of rules that allow lines of about as many words."""

    end: int
    """Words from which none of the rules allows a line."""
    other_script: bool
    numbers: Sequence[int]
    together: Together


class WholeLines:
    """All patterns for whole lines, numbered in the order of the rules."""

    def __init__(
        self, rules: Sequence[Rule], own: Collection[str], literals: Collection[str]
    ) -> None:
        listed = [
            (number, at, rule)
            for number, rule in enumerate(rules)
            if rule.place is not RulePlace.INLINE
            for at in range(len(rule.patterns))
        ]
        texts = [rule.patterns[at] for _, at, rule in listed]
        self.places = [(number, at) for number, at, _ in listed]
        """Of each pattern: the number of its rule, and its own in the rule."""
        most_words = [min(rule.max_words, MOST_WORDS) for _, _, rule in listed]
        self._most_words = {MAY_BE_CUT: -1} | dict(enumerate(most_words))
        # What a user's rule fits is not known from its languages.
        self._other_script = frozenset(
            number
            for number, (_, _, rule) in enumerate(listed)
            if rule.id not in own and OTHER_LANGUAGES.issuperset(rule.languages)
        )
        self._patterns = [Together([text]) for text in texts]
        self._candidates = Candidates(texts, most_words, literals)
        self._tiers = tuple(self._made_tiers(texts))
        self._end = max((tier.end for tier in self._tiers), default=0)

    def see(self, lines: Sequence[str], *, guarded: bool = True) -> Iterator[Seen]:
        """What is known of each of some lines before any pattern is tried."""
        return self._candidates.of_lines(lines, guarded=guarded)

    def fitting(self, seen: Seen, *, guarded: bool = True) -> Collection[int]:
        """The patterns that fit a line.

        Args:
            seen: what `see` gave back for the line.
            guarded: leave out patterns of rules that allow no line of so many words.

        Raises:
            re2.error: patterns that are tried together are too large.

        """
        form, folded, spaces, found = seen
        # Two words in a row may count as one, in scripts without spaces.
        most_spaces = self._end if form.isascii() else 2 * self._end
        if not found and guarded and spaces >= most_spaces:
            return ()
        words = _words(form, spaces) if guarded else 0
        most, has_the_rest = self._most_words, self._candidates.has_the_rest
        allowed = [
            number for number in found if words <= most[number] and has_the_rest(folded, number)
        ]
        if words >= self._end and not allowed:
            return ()
        fitting = self._fitting(form, allowed, words)
        if form[:1] in DECORATION or form[-1:] in DECORATION:
            for bare in without_bullets(form):
                fitting += self._fitting(bare, allowed, words)
        return fitting

    def compile(self) -> None:
        """Compile what is tried together now, which else waits for the first line.

        Raises:
            re2.error: it is too large.

        """
        for tier in self._tiers:
            tier.together.compile()

    def _fitting(self, form: str, allowed: Sequence[int], words: int) -> list[int]:
        has_other = not form.isascii() and OTHER_SCRIPT.search(form) is not None
        fitting = [
            number
            for number in allowed
            if (has_other or number not in self._other_script)
            and self._patterns[number].match(form)
        ]
        for tier in self._tiers:
            if words < tier.end and (has_other or not tier.other_script):
                numbers = map(tier.numbers.__getitem__, tier.together.match(form))
                fitting += [number for number in numbers if words <= self._most_words[number]]
        return fitting

    def _made_tiers(self, texts: Sequence[str]) -> Iterator[_Tier]:
        for least, most in pairwise(TIERS):
            for other in (False, True):
                numbers = [
                    number
                    for number in self._candidates.free
                    if least <= self._most_words[number] < most
                    and (number in self._other_script) is other
                ]
                if numbers:
                    end = 1 + max(self._most_words[number] for number in numbers)
                    together = Together([texts[number] for number in numbers])
                    yield _Tier(end, other, numbers, together)


def _words(form: str, spaces: int) -> int:
    """What `count_words` counts, sooner, as spaces are single."""
    return spaces + 1 if form.isascii() else count_words(form)
