"""Every rule's own examples, against the whole rule set."""

import pytest

from cleaner import Config, UsageError, clean_text
from cleaner.rules import RulePlace, load_rules, ruleset_for

ALL = ruleset_for(())
CATCHES = [(rule.id, line) for rule in load_rules() for line in rule.catches]
SPARES = [(rule.id, line) for rule in load_rules() for line in rule.spares]


@pytest.mark.parametrize(("rule", "line"), CATCHES)
def test_rule_catches(rule, line):
    assert rule in [found.id for found in ALL.taking(line)]


@pytest.mark.parametrize(("rule", "line"), SPARES)
def test_no_rule_takes_what_a_rule_spares(rule, line):
    found = ALL.taking(line)
    assert rule not in [match.id for match in found]
    takers = (RulePlace.ANYWHERE, RulePlace.INLINE)
    assert [match.id for match in found if match.place in takers] == []


def test_every_rule_has_a_name_of_its_own_and_examples_of_both_kinds():
    rules = load_rules()
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert len(rule.catches) >= 1, rule.id
        assert len(rule.spares) >= 2, rule.id
        assert rule.languages, rule.id


def test_length_guards_hold():
    line = "Sign up for our daily newsletter " + "and stay with us " * 40
    assert ALL.match(line[:150]) != ()
    assert ALL.match(line) == ()


def test_all_patterns_fit_the_automaton_at_once():
    # A pattern set that outgrew its memory would silently match nothing.
    lines = [line for _, line in CATCHES + SPARES]
    assert sum(bool(ALL.taking(line)) for line in lines * 20) >= 20 * len(CATCHES)


def test_disabling_takes_ids_and_categories():
    text = "Advertisement\n\nFollow us on Twitter"
    assert clean_text(text).text == ""
    assert clean_text(text, Config(disabled_rules=("ad_marker",))).text == "Advertisement"
    kept = clean_text(text, Config(disabled_rules=("promo.app_and_follow",))).text
    assert kept == "Follow us on Twitter"


def test_disabling_an_unknown_rule_names_what_there_is():
    with pytest.raises(UsageError, match="'adverts' to disable; categories are ad_marker, bio"):
        ruleset_for(("adverts",))


def test_named_groups_are_captured():
    found = ALL.captured("byline.by", "By Mira Okafor on March 4, 2024 at 8:30 AM GMT")
    assert found == {"author": "Mira Okafor", "date": "March 4, 2024"}
