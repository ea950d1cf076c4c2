"""Repair against ftfy itself."""

import json

import ftfy
import pytest
from conftest import SHARED
from ftfy import TextFixerConfig
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import Config, clean_text
from cleaner.document import Page
from cleaner.stages.extract import text_blocks
from cleaner.stages.repair import repair, repair_line

SWITCHES = TextFixerConfig(explain=False, fix_character_width=False)
# Letters, halves of mangled letters, entities, controls, quotes, ligatures, widths, surrogates.
HURTFUL = (
    "ab <>&;#x20amplt éÃ©â€™Â\xa0\x85\x92œ‚“”‘’ﬁ…ｆＡ：\u0301\u00ad\ufeff\u2028\r\t\x0b\x1b[31m\x00"
    "\ud83d\ude00\ud800ї–Ğ€"
)
lines = st.text(alphabet=HURTFUL, max_size=24)


def repaired(text, **options):
    page = Page("id", "source", text_blocks(text), {}, (), {})
    return [line for block in repair(page, Config(**options)).blocks for line in block]


@given(st.text(alphabet=HURTFUL.replace("\r", "").replace("\u2028", ""), max_size=24))
def test_a_line_is_what_ftfy_makes_of_it(line):
    assert repair_line(line, SWITCHES) == ftfy.fix_text(line, SWITCHES)


@given(st.text(alphabet=[chr(point) for point in range(32, 127)], max_size=40))
def test_the_fast_path_is_exact_on_ascii(line):
    assert repair_line(line, SWITCHES) == ftfy.fix_text(line, SWITCHES)


@given(st.lists(lines, max_size=4).map("\n".join))
@example("\xa0Ã™m")
@example("‚‚ї&#x2028;œ©")
def test_repairing_twice_changes_nothing(text):
    once = repaired(text)
    assert repaired("\n\n".join(once)) == once


@given(st.lists(lines, max_size=4).map("\n".join))
def test_lines_come_out_whole(text):
    for line in repaired(text):
        assert line == line.strip()
        assert line.splitlines() == [line]
        line.encode("utf-8")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("The CafÃ© on the quay", "The Café on the quay"),
        ("voilÃ\xa0", "voilà"),
        ("Ã\x85land", "Åland"),
        ("itâ€™s", "it's"),
        ("salt &amp; pepper", "salt & pepper"),
        ("&lt;p&gt; is a tag", "<p> is a tag"),
        ("a\u2028b", "a\nb"),
        ("one&NewLine;two", "one\ntwo"),
        # What stripping or splitting leaves behind needs another pass.
        ("\xa0Ã™m", "Ùm"),
        ("‚‚ї&#x2028;œ©", "''ї\nϩ"),
        ("e\u0301tude", "étude"),
        ("\ud83d\ude00", "😀"),
        ("plain words - nothing wrong (yet)", "plain words - nothing wrong (yet)"),
        ("写真：佐野けん、東京", "写真：佐野けん、東京"),
        ("Müller & Söhne", "Müller & Söhne"),
    ],
)
def test_samples(broken, whole):
    assert "\n".join(repaired(broken)) == whole


def test_html_in_one_line_does_not_stop_entities_in_the_next():
    assert repaired("a < b\n&eacute;tude") == ["a < b", "étude"]


def test_quotes_and_widths_are_options():
    text = "“Ｗｉｄｅ：quotes”"
    assert repaired(text) == ['"Ｗｉｄｅ：quotes"']
    assert repaired(text, straight_quotes=False) == [text]
    assert repaired(text, plain_widths=True) == ['"Wide:quotes"']


def test_published_cases_come_out_as_from_ftfy():
    folder = SHARED / "data" / "ftfy-cases"
    if not folder.exists():
        pytest.skip("there are no ftfy cases beside the repository")
    cases = [case for path in folder.glob("*.json") for case in json.loads(path.read_text("utf-8"))]
    assert cases
    for case in cases:
        line = case["original"]
        if not set(line) & set("\n\r\u2028\u2029"):
            assert repair_line(line, SWITCHES) == ftfy.fix_text(line, SWITCHES)


def test_title_of_a_row_is_left_as_its_owner_wrote_it():
    assert (
        clean_text("It is good, since you donâ€™t ask.").text == "It is good, since you don't ask."
    )


def test_what_a_page_says_of_itself_is_repaired_and_what_a_row_says_is_not():
    said = {"title": "CafÃ©", "author": "JosÃ© PeÃ±a", "sitename": "\u200b"}
    given = {"author": "", "section": "CafÃ©"}
    page = repair(Page("id", "source", (("Text.",),), said, (), given), Config())
    assert page.page_titles == ("Café",)
    assert page.metadata == {"title": "Café", "author": "José Peña", "section": "CafÃ©"}


def test_lines_that_show_nothing_are_no_paragraphs():
    assert repaired("\u200b\u2060\n\u00ad\n\ufeff \u3000") == []
