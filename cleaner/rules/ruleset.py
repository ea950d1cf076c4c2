"""Match a line against all rules at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Self

import re2

from cleaner.errors import UsageError
from cleaner.rule import (
    LONGEST_LINE,
    NO_RULES,
    OwnRules,
    Risk,
    Rule,
    is_named,
)
from cleaner.rules.candidates import MAY_BE_CUT, Seen
from cleaner.rules.context import ContextRule
from cleaner.rules.forms import forms
from cleaner.rules.matcher import Finder
from cleaner.rules.parts import Parts
from cleaner.rules.shipped import load_rules
from cleaner.rules.whole import WholeLines
from cleaner.words import count_words

RULE_SETS_HELD = 4
"""Some 20 megabytes each, and what is compiled of them; a process seldom needs a second."""
NAMED_GROUP = ("(?P<", "(?<")


@dataclass(frozen=True, slots=True)
class Fit:
    """A pattern that fits a line."""

    rule: Rule
    number: int
    """The place of the pattern in its rule, from 0."""
    guard: str | None
    """What keeps the rule from taking the line all the same, in a few words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules make of a line."""

    rules: tuple[Rule, ...]
    """Those that fit the whole of it, in the order of the files."""
    may_be_cut: bool
    """Whether it has a text that rules for parts of a line look for."""


UNKNOWN = Reading((), may_be_cut=False)
"""Of most lines: no rule has anything to do with them."""
CUTTABLE = Reading((), may_be_cut=True)


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
        self._finders: dict[str, Sequence[Finder]] = {}
        self._parts = Parts(self.rules)
        self._whole = WholeLines(self.rules, frozenset(own), self._parts.literals)

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
        return self.read([line])[0].rules

    def read(self, lines: Sequence[str]) -> list[Reading]:
        """What the rules make of each of some lines, which costs less than line by line."""
        short = [line for line in lines if len(line) <= LONGEST_LINE]
        readings = map(self._reading, self._whole.see(short))
        return [next(readings) if len(line) <= LONGEST_LINE else CUTTABLE for line in lines]

    def _reading(self, seen: Seen) -> Reading:
        fits = self._whole.fitting(seen)
        if not fits:
            return CUTTABLE if MAY_BE_CUT in seen[3] else UNKNOWN
        # A pattern may fit the line with its bullets and without.
        rules = dict.fromkeys(self._whole.places[number][0] for number in sorted(fits))
        return Reading(tuple(map(self.rules.__getitem__, rules)), MAY_BE_CUT in seen[3])

    def inline_parts(self, line: str) -> Iterator[tuple[Rule, int, int]]:
        """The parts of a line that rules for such take: the rule, and where the part is."""
        if self._parts.may_be_in(line):
            for part in self._parts.of_line(line):
                if part.start < part.end:
                    yield part.rule, part.start, part.end

    def taking(self, line: str) -> tuple[Rule, ...]:
        """The rules that take a line, or a part of it."""
        parts = {rule: None for rule, _, _ in self.inline_parts(line)}
        return (*self.match(line), *parts)

    def fits(self, line: str) -> tuple[Fit, ...]:
        """Every pattern that fits a line, those too whose rule a guard keeps from taking it."""
        (seen,) = self._whole.see([line], guarded=False)
        found = self._whole.fitting(seen, guarded=False)
        whole = (
            Fit(self.rules[rule], number, _guard(self.rules[rule], line))
            for rule, number in (self._whole.places[place] for place in sorted(set(found)))
        )
        guard = None if self._parts.may_be_in(line) else "look_for is not in it"
        parts = (Fit(part.rule, part.number, guard) for part in self._parts.of_line(line))
        return (*whole, *parts)

    def compile(self) -> None:
        """Compile the patterns now, which else waits for the first line.

        Raises:
            UsageError: together they are too large.

        """
        try:
            self._whole.compile()
        except re2.error:
            raise UsageError(
                "the patterns of all rules are too large together; write shorter ones, or such as "
                "need some literal word, or smaller counts than in {1,200}"
            ) from None

    def captured(self, rule_id: str, line: str) -> Mapping[str, str]:
        """What the named groups of a rule's patterns hold in a line."""
        for finder in self._with_groups(rule_id):
            for form in forms(line):
                if match := finder.compiled_for(form).fullmatch(form):
                    return {name: value for name, value in match.groupdict().items() if value}
        return {}

    def _with_groups(self, rule_id: str) -> Sequence[Finder]:
        """The patterns of a rule that have named groups."""
        if rule_id not in self._finders:
            patterns = self._by_id[rule_id].patterns
            self._finders[rule_id] = [
                Finder(pattern)
                for pattern in patterns
                if any(group in pattern for group in NAMED_GROUP)
            ]
        return self._finders[rule_id]


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
            near = get_close_matches(name, sorted(ids | categories), n=1)
            raise UsageError(
                f"there is no rule or category {name!r} to disable"
                + (f", perhaps {near[0]!r} is meant" if near else "")
                + f"; categories are {', '.join(sorted(categories))}"
            )
