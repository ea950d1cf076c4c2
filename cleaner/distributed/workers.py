"""The process that works on records, within a task of whatever engine there is."""

from functools import partial

from cleaner.config import Config
from cleaner.engines import LocalEngine, Preparation
from cleaner.head_start import PRELOADED
from cleaner.memory import limits_of
from cleaner.rules import ruleset_for


def one_worker(config: Config) -> LocalEngine:
    """One process that is replaced if a record is too much for it, as in a run on one machine."""
    rules = ruleset_for(config.disabled_rules, config.own_rules)
    preparation = Preparation(PRELOADED, partial(rules.match, "line"))
    return LocalEngine(1, preparation, limits_of(config))
