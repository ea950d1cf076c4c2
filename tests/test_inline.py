"""Parts of paragraphs that are cut out, and signs of news."""

import pytest
from hypothesis import given
from strategies import crowded

from cleaner import Config, clean_text
from cleaner.rules import RulePlace, load_rules, ruleset_for
from cleaner.stages.inline import cut_inline

ALL = ruleset_for(())
PROSE = "The ferry turned back in the storm, and nobody on board was hurt by the waves."


@pytest.mark.parametrize(
    "rule",
    [rule for rule in load_rules() if rule.place is RulePlace.INLINE],
    ids=lambda one: one.id,
)
def test_what_is_cut_leaves_text_behind(rule):
    for line in rule.catches:
        left, cuts = cut_inline(line, ALL)
        assert [cut.rule for cut in cuts] == [rule.id]
        assert left == left.strip()
        assert "  " not in left
        assert any(literal in line.lower() for literal in map(str.lower, rule.look_for))


@given(crowded)
def test_cuts_can_be_undone_and_leave_nothing_to_cut(line):
    left, cuts = cut_inline(line, ALL)
    assert cut_inline(left, ALL) == (left, ())
    for cut in reversed(cuts):
        left = left[: cut.at] + cut.text + left[cut.at :]
    assert left == line


def test_a_line_that_goes_whole_is_not_cut():
    result = clean_text(f"{PROSE}\n\nREAD MORE: Ferry turns back in the storm")
    assert [(one.at, one.text) for one in result.removed] == [
        (None, "READ MORE: Ferry turns back in the storm")
    ]


def test_what_is_left_is_matched_and_compared_without_the_cut():
    twice = clean_text(f"{PROSE}\n\n{PROSE} [VIDEO]")
    assert twice.kept == (PROSE,)
    assert [(one.at, one.mark.rule) for one in twice.removed] == [
        (len(PROSE), "inline.tag"),
        (None, None),
    ]
    assert twice.paragraphs() == (PROSE, f"{PROSE} [VIDEO]")


def test_cutting_can_be_disabled():
    line = f"{PROSE} [VIDEO]"
    assert clean_text(line).text == PROSE
    assert clean_text(line, Config(disabled_rules=("inline",))).text == line


POEM = f"August 3, 1912\n\n{PROSE}"


@pytest.mark.parametrize(
    ("when", "text", "goes"),
    [
        ("news", POEM, False),
        ("news", f"{POEM}\n\nAdvertisement", True),
        ("always", POEM, True),
        ("never", f"{POEM}\n\nAdvertisement", False),
    ],
)
def test_risky_rules_act_where_the_option_says(when, text, goes):
    kept = clean_text(text, Config(risky_rules=when)).kept
    assert ("August 3, 1912" not in kept) == goes


CAPTION = "Boats outside the harbour mouth of Port Alder"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([CAPTION, CAPTION], []),
        ([CAPTION, f"{CAPTION} Nils Brandt / Northlight"], []),
        ([CAPTION, CAPTION, CAPTION], [CAPTION] * 3),
        ([f"{CAPTION}.", f"{CAPTION}."], [f"{CAPTION}."] * 2),
        ([CAPTION, f"{CAPTION} are waiting for the storm to end, she said."], None),
    ],
)
def test_a_caption_below_its_alternative_text_goes_with_it(lines, kept):
    result = clean_text("\n\n".join(["Advertisement", PROSE, *lines]), Config(min_words=50))
    assert list(result.kept[1:]) == (lines if kept is None else kept)
