"""Boilerplate rules: the data (one TOML file a category) and the matcher that runs them."""

from cleaner.rule import OwnRules, Rule, RulePlace
from cleaner.rules.context import ContextRule
from cleaner.rules.own import read_rules
from cleaner.rules.ruleset import UNKNOWN, Reading, RuleSet, ruleset_for
from cleaner.rules.shipped import load_rules, month_numbers

__all__ = [
    "UNKNOWN",
    "ContextRule",
    "OwnRules",
    "Reading",
    "Rule",
    "RulePlace",
    "RuleSet",
    "load_rules",
    "month_numbers",
    "read_rules",
    "ruleset_for",
]
