"""Golden cases: texts whose every line says what should become of it."""

import json
from pathlib import Path

import pytest

from cleaner import Config, clean_html, clean_text

CASES = json.loads((Path(__file__).parent / "cases" / "texts.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_text(case, request):
    if "known_failure" in case:
        request.applymarker(pytest.mark.xfail(reason=case["known_failure"], strict=True))
    lines = case["lines"]
    result = clean_text("\n".join(line for line, _ in lines))
    removed = {removal.text: removal.mark.rule or "duplicate" for removal in result.removed}
    expected_kept = [line.strip() for line, fate in lines if fate == "keep"]
    assert list(result.kept) == expected_kept
    for line, fate in lines:
        if fate not in ("keep", ""):
            assert removed[line.strip()].startswith(fate)
    for name, value in case.get("metadata", {}).items():
        assert result.metadata.get(name) == value


PAGE = """<html lang="en-GB"><head><title>{title}</title><meta name="author" content="Lena Marsh">
<meta property="og:url" content="https://courier.example/clock"></head><body><article>
<h1>The clock comes down</h1>
<p>The clock on Market Square will be taken down on Friday for the first time since 1898.</p>
<p>The clock comes down</p>
<p>Watchmaker Petra Novak needs six weeks to teach it the time, and nobody dares to hurry her.</p>
</article></body></html>"""


@pytest.mark.parametrize("title", ["The clock comes down", "The clock comes down | The Courier"])
def test_page_title_is_metadata_only_but_prose_ends_the_head(title):
    result = clean_html(PAGE.format(title=title))
    assert [(removal.position, removal.mark.rule) for removal in result.removed] == [
        (0, "navigation.page_title")
    ]
    assert "The clock comes down" in result.kept
    assert result.metadata["title"].startswith("The clock comes down")
    assert result.metadata["author"] == "Lena Marsh"
    assert result.metadata["url"] == "https://courier.example/clock"
    assert result.metadata["language"] == "en-GB"


def test_page_title_can_be_kept():
    page = PAGE.format(title="The clock comes down")
    result = clean_html(page, Config(disabled_rules=("navigation.page_title",)))
    assert result.kept[0] == "The clock comes down"
    assert result.removed == ()


BY_COMPANY = [
    ("byline.in_head", ["Harbour Reopens After Nine Long Days", "Ada Lindqvist", "Harbour Post"]),
    ("navigation.in_head", ["Harbour Reopens After Nine Long Days", "Storms", "By Mira Okafor"]),
    ("byline.below_label", ["Harbour Reopens After Nine Long Days", "By", "Mira Okafor"]),
    ("photo_credit.below_label", ["Harbour Reopens After Nine Long Days", "Photo:", "Nils Brandt"]),
]


@pytest.mark.parametrize(("rule", "head"), BY_COMPANY)
def test_a_rule_on_lines_in_company_can_be_disabled(rule, head):
    text = "\n\n".join(
        [*head, "The harbour of Port Alder is open again, and nobody there was hurt."]
    )
    for disabled, acts in (((), True), ((rule,), False)):
        config = Config(risky_rules="always", disabled_rules=disabled)
        assert (rule in [one.mark.rule for one in clean_text(text, config).removed]) == acts


def test_two_words_of_a_run_are_none():
    body = ["Email", "Print", "The harbour of Port Alder is open again, and nobody there was hurt."]
    for words, taken in ((body, 0), (["WhatsApp", *body], 3)):
        found = clean_text("\n\n".join(words), Config(risky_rules="always")).removed
        assert [one.mark.rule for one in found] == ["navigation.share_word"] * taken
