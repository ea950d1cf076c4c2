"""Match a line against all rules at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Self

import re2

from cleaner.errors import UsageError
from cleaner.rule import (
    LONGEST_LINE,
    NO_RULES,
    TIERS,
    OwnRules,
    Risk,
    Rule,
    RulePlace,
    is_named,
)
from cleaner.rules.context import ContextRule
from cleaner.rules.matcher import CASELESS, Finder
from cleaner.rules.shipped import load_rules
from cleaner.rules.tiers import Tier
from cleaner.words import count_words

RULE_SETS_HELD = 4
"""Compiled, some 50 megabytes each; a process seldom needs a second."""
FANCY, PLAIN = "‘’‚‛′“”„‟″‐‑‒–—―−\u00a0\u202f", "'''''\"\"\"\"\"-------  "
DECORATION = " \t•*·▪■◆●-–—>»▶►→|#"
NAMED_GROUP = ("(?P<", "(?<")


@dataclass(frozen=True, slots=True)
class Fit:
    """A pattern that fits a line."""

    rule: Rule
    number: int
    """The place of the pattern in its rule, from 0."""
    guard: str | None
    """What keeps the rule from taking the line all the same, in a few words."""


class RuleSet:
    """Rules compiled for matching. Make one with `ruleset_for`."""

    def __init__(
        self,
        rules: Iterable[Rule],
        context: Collection[ContextRule],
        own: Collection[str] = (),
    ) -> None:
        self.rules = tuple(rules)
        self.context = tuple(context)
        self._by_id = {rule.id: rule for rule in self.rules}
        inline = [rule for rule in self.rules if rule.place is RulePlace.INLINE]
        self._inline = tuple((rule, pattern) for rule in inline for pattern in rule.patterns)
        self._tiers = tuple(
            Tier(self.rules, least, most, frozenset(own)) for least, most in pairwise(TIERS)
        )

    def __getitem__(self, rule_id: str) -> Rule:
        return self._by_id[rule_id]

    def __contains__(self, rule_id: str) -> bool:
        return rule_id in self._by_id

    def enables(self, rule: ContextRule) -> bool:
        """Whether neither a rule that is code nor its category is disabled."""
        return rule in self.context

    def without_risky_context(self) -> Self:
        """The same patterns, without the rules of high risk that look at a line's neighbours."""
        twin = copy(self)
        twin.context = tuple(rule for rule in self.context if rule.risk is Risk.LOW)
        return twin

    def match(self, line: str) -> tuple[Rule, ...]:
        """The rules whose pattern and length guard fit a line, in the order of the files."""
        if len(line) > LONGEST_LINE:
            return ()
        words = count_words(line)
        tiers = [tier for tier in self._tiers if words < tier.end]
        found = {number for form in forms(line) for tier in tiers for number, _ in tier.match(form)}
        return tuple(
            self.rules[number] for number in sorted(found) if words <= self.rules[number].max_words
        )

    def inline_parts(self, line: str) -> Iterator[tuple[Rule, int, int]]:
        """The parts of a line that rules for such take: the rule, and where the part is."""
        if self._finder.may_fit(line):
            # Each character becomes one, so places hold for the line as it is.
            for number, start, end in self._finder.parts(_plain(line)):
                if start < end:
                    yield self._inline[number][0], start, end

    @cached_property
    def _finder(self) -> Finder:
        literals = {literal for rule, _ in self._inline for literal in rule.look_for}
        return Finder([pattern for _, pattern in self._inline], sorted(literals))

    def taking(self, line: str) -> tuple[Rule, ...]:
        """The rules that take a line, or a part of it."""
        parts = {rule: None for rule, _, _ in self.inline_parts(line)}
        return (*self.match(line), *parts)

    def fits(self, line: str) -> tuple[Fit, ...]:
        """Every pattern that fits a line, those too whose rule a guard keeps from taking it."""
        found = {
            place for form in forms(line) for tier in self._tiers for place in tier.match(form)
        }
        whole = (
            Fit(self.rules[rule], number, _guard(self.rules[rule], line))
            for rule, number in sorted(found)
        )
        looked = self._finder.may_fit(line)
        parts = (
            Fit(rule, rule.patterns.index(pattern), None if looked else "look_for is not in it")
            for number, _, _ in self._finder.parts(_plain(line))
            for rule, pattern in [self._inline[number]]
        )
        return (*whole, *parts)

    def compile(self) -> None:
        """Compile the patterns now, which else waits for the first line.

        Raises:
            UsageError: together they are too large.

        """
        try:
            for tier in self._tiers:
                tier.compile()
        except re2.error:
            raise UsageError(
                "the patterns of all rules are too large together; write shorter ones, or such as "
                "need some literal word, or smaller counts than in {1,200}"
            ) from None

    def captured(self, rule_id: str, line: str) -> Mapping[str, str]:
        """What the named groups of a rule's patterns hold in a line."""
        for pattern in self._by_id[rule_id].patterns:
            if not any(group in pattern for group in NAMED_GROUP):
                continue
            compiled = re2.compile(pattern, CASELESS)
            for form in forms(line):
                if match := compiled.fullmatch(form):
                    return {name: value for name, value in match.groupdict().items() if value}
        return {}


def forms(line: str) -> Iterator[str]:
    """The line as patterns see it: plain punctuation, single spaces; with and without bullets."""
    plain = " ".join(_plain(line).split())
    yield plain
    bare = plain.strip(DECORATION)
    if bare and bare != plain:
        yield bare


def _plain(line: str) -> str:
    """A line with plain quotes, dashes and spaces, as many characters as before."""
    if not line.isascii():
        # Ten times as fast as str.translate, as few of these are in any one line.
        for fancy, plain in zip(FANCY, PLAIN, strict=True):
            if fancy in line:
                line = line.replace(fancy, plain)
    return line


def _guard(rule: Rule, line: str) -> str | None:
    """Which length guard a line does not pass, as `RuleSet.match` asks it."""
    words = count_words(line)
    if len(line) > LONGEST_LINE:
        return f"the line has {len(line):,} characters, and no rule takes more than {LONGEST_LINE}"
    if words > rule.max_words:
        return f"the line has {words} words, and max_words of the rule is {rule.max_words}"
    return None


@lru_cache(maxsize=RULE_SETS_HELD)
def ruleset_for(disabled: tuple[str, ...], own: OwnRules = NO_RULES) -> RuleSet:
    """The shipped rules and the user's own, less the ids and categories named.

    Raises:
        UsageError: a name is neither, or the user's patterns are too large beside the others.

    """
    check_names(disabled, (*load_rules(), *own.rules))
    rules = [rule for rule in _merged(own) if not is_named(rule.id, disabled)]
    names = {*disabled, *own.disabled}
    context = [rule for rule in ContextRule if not is_named(rule, names)]
    ruleset = RuleSet(rules, context, {rule.id for rule in own.rules})
    if own.rules:
        ruleset.compile()
    return ruleset


def _merged(own: OwnRules) -> Iterator[Rule]:
    """The shipped rules, each with what replaces it in its place, and then the user's others."""
    others = {rule.id: rule for rule in own.rules}
    for rule in load_rules():
        if rule.id in others:
            yield others.pop(rule.id)
        elif not is_named(rule.id, own.disabled):
            yield rule
    yield from others.values()


def check_names(names: Iterable[str], rules: Iterable[Rule]) -> None:
    """Refuse to disable what does not exist.

    Raises:
        UsageError: a name is neither of one of the rules, nor of one that is code.

    """
    ids = {rule.id for rule in rules} | set(ContextRule)
    categories = {known.partition(".")[0] for known in ids}
    for name in names:
        if name not in ids | categories:
            raise UsageError(
                f"there is no rule or category {name!r} to disable; categories are "
                + ", ".join(sorted(categories))
            )
