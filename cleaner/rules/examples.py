"""Why a line is taken or not: a rule's examples, and any line that a user asks about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import re2

from cleaner.rule import OwnRules, Rule, RulePlace
from cleaner.rules.forms import forms
from cleaner.rules.matcher import CASELESS
from cleaner.rules.patterns import quoted
from cleaner.rules.ruleset import Fit, RuleSet
from cleaner.rules.shipped import load_rules


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, or only worth knowing, with one example."""

    line: str
    told: str
    is_failure: bool


def deciding(found: Sequence[Rule]) -> Rule:
    """The rule that takes a line, as the stage decides it: one that holds anywhere comes first."""
    return min(found, key=lambda rule: _weight(rule.place))


def _weight(place: RulePlace) -> int:
    last = {RulePlace.BLOCK: 2, RulePlace.RUN: 2, RulePlace.INLINE: 3}
    return 0 if place is RulePlace.ANYWHERE else last.get(place, 1)


def findings(own: OwnRules, ruleset: RuleSet) -> Iterator[Finding]:
    """What the examples of a user's rules show, tried against all rules together."""
    for rule in own.rules:
        for line in rule.catches:
            yield from _of_caught(line, rule, ruleset)
        for line in rule.spares:
            yield from _of_spared(line, rule, ruleset)
    yield from _of_shipped(own, ruleset)


def _of_caught(line: str, rule: Rule, ruleset: RuleSet) -> Iterator[Finding]:
    found = ruleset.taking(line)
    if rule not in found:
        yield Finding(line, f"{rule.id} does not catch it: {_why_not(line, rule, ruleset)}", True)
    elif deciding(found) != rule:
        told = f"{deciding(found).id} takes it before {rule.id} does"
        yield Finding(line, told, False)


def _of_spared(line: str, rule: Rule, ruleset: RuleSet) -> Iterator[Finding]:
    found = ruleset.taking(line)
    if rule in found:
        fit = next(fit for fit in ruleset.fits(line) if fit.rule == rule)
        told = f"{rule.id} takes it, and should spare it: {pattern_of(fit)} fits"
        yield Finding(line, told, True)
    elif found:
        yield Finding(line, f"{rule.id} spares it, and {deciding(found).id} takes it", False)


def _of_shipped(own: OwnRules, ruleset: RuleSet) -> Iterator[Finding]:
    """What shipped rules spare is mostly text, and so no user's rule should take it anywhere."""
    spared = [(line, ruleset.taking(line)) for rule in load_rules() for line in rule.spares]
    for rule in own.rules:
        taken = [line for line, found in spared if rule in found]
        if taken and rule.place is RulePlace.ANYWHERE:
            told = (
                f"{rule.id} takes {len(taken)} of the {len(spared)} lines that shipped rules spare"
            )
            yield Finding(taken[0], f"{told}, mostly text such as this", False)


def _why_not(line: str, rule: Rule, ruleset: RuleSet) -> str:
    for fit in ruleset.fits(line):
        if fit.rule == rule:
            return f"{pattern_of(fit)} fits, but {fit.guard}"
    for number, pattern in enumerate(rule.patterns):
        compiled = re2.compile(pattern, CASELESS)
        if any(compiled.search(form) for form in forms(line)):
            part = pattern_of(Fit(rule, number, None))
            return f"{part} fits a part of it, and must fit the whole line"
    return "no pattern of the rule fits"


def pattern_of(fit: Fit) -> str:
    """Which pattern it is, as its file has it."""
    return (
        f"pattern {fit.number + 1} of {len(fit.rule.patterns)} "
        f"{quoted(fit.rule.written[fit.number])}"
    )
