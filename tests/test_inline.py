"""Parts of paragraphs that are cut out, and signs of news."""

import pytest
from hypothesis import given
from strategies import crowded

from cleaner import Cleaner, Config, clean_text
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


@pytest.mark.parametrize(
    "line",
    ["The cafÃ[VIDEO]© was open", "fish &am[VIDEO]p; chips", "turned back.[VIDEO]Nobody came"],
)
def test_nothing_is_cut_where_words_would_run_together(line):
    assert cut_inline(line, ALL) == (line, ())


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
CREDITED = f"{CAPTION} Nils Brandt / Northlight"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([CAPTION, CAPTION], [CAPTION]),
        ([CAPTION, CREDITED], []),
        ([CAPTION, "", CREDITED], [CAPTION, CREDITED]),
        ([CAPTION, CAPTION, CAPTION], [CAPTION] * 3),
        ([f"{CAPTION}.", f"{CAPTION}."], [f"{CAPTION}."] * 2),
    ],
)
def test_a_caption_below_its_alternative_text_goes_with_it(lines, kept):
    text = "\n\n".join(["Advertisement", PROSE, "\n".join(lines)])
    assert list(clean_text(text, Config(min_words=50)).kept[1:]) == kept


@pytest.mark.parametrize(
    ("lines", "goes"),
    [
        (["Share this article", "Ferry stories", "Tags: harbour, ferry"], True),
        (["Related stories", "The clock comes down", "The cat retires"], True),
        (["Read more: Ferry turns back", "Flour, 200 g", "Butter, 100 g", "Bake it"], False),
        (["Share this article", "Bus 12: every hour", "Bus 14: never", "Bus 16: on call"], False),
    ],
)
def test_a_footer_is_mostly_what_rules_take_or_has_a_header(lines, goes):
    kept = clean_text("\n\n".join([PROSE, *lines])).kept[1:]
    assert (kept == ()) == goes


QUESTION = "Which of the dishes do you like best of all, and which would you never cook again?"
ITEM = "One cup of spinach, a cup of strawberries and eight ounces of almond milk (unsweetened)"


@pytest.mark.parametrize(("line", "stays"), [(QUESTION, True), (ITEM, True), (PROSE, False)])
def test_questions_and_items_may_come_again_in_a_document(line, stays):
    between = "Engineers will inspect the remaining piles until Thursday and report to the council."
    lines = [line, between, line]
    assert len(clean_text("\n\n".join(lines)).kept) == (3 if stays else 2)
    two = list(Cleaner().clean(["\n\n".join(lines), line]))
    assert [len(one.kept) for one in two] == [3 if stays else 2, 0]
