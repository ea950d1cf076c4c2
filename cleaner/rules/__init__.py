"""Boilerplate rules: the data (one TOML file a category) and the matcher that runs them."""

from cleaner.rules.context import ContextRule
from cleaner.rules.ruleset import (
    Rule,
    RulePlace,
    RuleSet,
    load_rules,
    month_numbers,
    ruleset_for,
)

__all__ = [
    "ContextRule",
    "Rule",
    "RulePlace",
    "RuleSet",
    "load_rules",
    "month_numbers",
    "ruleset_for",
]
