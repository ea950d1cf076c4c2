"""Repair against ftfy itself, and what is taken out besides."""

import json
import unicodedata
from collections import Counter

import ftfy
import pytest
import re2
from broken_text import HURTFUL, broken, line
from conftest import SHARED, shared_rows
from ftfy.badness import BADNESS_RE, is_bad
from ftfy.chardata import CONTROL_CHARS, LIGATURES, WIDTH_MAP
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Config, UsageError, clean_text
from cleaner.document import Page
from cleaner.mending.invisible import shipped_kinds, without_invisible
from cleaner.mending.line import mend_as_ftfy
from cleaner.mending.lines import mend_lines
from cleaner.mending.normal import normalized
from cleaner.mending.scan import ENTITY, MOJIBAKE, QUOTE, in_re2, scan
from cleaner.mending.steps import ELSEWHERE, OF_FTFY, OF_INVISIBLE, STEPS
from cleaner.mending.switches import switches_for
from cleaner.stages.extract import text_blocks
from cleaner.stages.repair import repair

SWITCHES = switches_for(Config())
IGNORED_BY_FTFY = {
    "restore_byte_a0",
    "replace_lossy_sequences",
    "decode_inconsistent_utf8",
    "fix_c1_controls",
}
OTHER_CONFIGS = [
    Config(straight_quotes=False, plain_widths=True),
    Config(unescape_html="always", normalization="NFD"),
    Config(unescape_html="never", normalization="NFKC"),
    Config(normalization="none"),
    Config(normalization="NFKD", plain_widths=True),
    *(Config(repair_off=[name]) for name in OF_FTFY if name not in IGNORED_BY_FTFY),
]


def repaired_by(text, config):
    page = Page("id", "source", text_blocks(text, config), {}, (), frozenset(), {})
    return [part for block in repair(page, config).blocks for part in block]


def repaired(text, **options):
    return repaired_by(text, Config(**options))


def of_ftfy(text, switches=SWITCHES):
    return ftfy.fix_and_explain(text, switches.fixer._replace(explain=False)).text


def replayed(text, steps):
    """What the steps say of themselves, done; ftfy's own function knows no normalization."""
    for step in steps:
        if step.action == "normalize":
            text = unicodedata.normalize(step.parameter, text)
        else:
            text = ftfy.apply_plan(text, [step])
    return text


@settings(max_examples=600)
@given(line)
@example("ﬁÂ ")
@example("œ")
@example("“ &Atilde;”")
@example("Â ")
def test_a_line_is_what_ftfy_makes_of_it(text):
    mended, steps = mend_as_ftfy(text, SWITCHES)
    assert mended == of_ftfy(text)
    assert mended == replayed(text, steps)


@settings(max_examples=300)
@given(line, st.sampled_from(OTHER_CONFIGS))
def test_a_line_is_what_ftfy_makes_of_it_under_other_switches(text, config):
    switches = switches_for(config)
    assert mend_as_ftfy(text, switches)[0] == of_ftfy(text, switches)


@given(st.text(alphabet=[chr(point) for point in range(32, 127)], max_size=40))
def test_the_fast_path_is_exact_on_ascii(text):
    assert mend_as_ftfy(text, SWITCHES)[0] == of_ftfy(text)


@settings(max_examples=400)
@given(line)
@example("ГўВЂВ™ x")
@example("Â quay")
@example("é”漢")
def test_the_scan_misses_no_mojibake(text):
    text = text.encode("utf-8", "replace").decode()
    assert bool(scan(text) & MOJIBAKE) >= is_bad(text)
    assert bool(re2.search(in_re2(BADNESS_RE.pattern), f"1\n{text}\nb")) >= is_bad(text)


def test_the_scan_sees_every_character_that_ftfy_changes():
    for point in (*LIGATURES, *WIDTH_MAP, *CONTROL_CHARS, *range(0x80, 0xA0), *b"\r"):
        assert scan(f"a{chr(point)}b"), hex(point)
    assert scan("The harbour of Port Alder opened, at 9 - to ships (again).\n\tYes & no; é") == 0
    assert scan("&amp;“") == ENTITY | QUOTE


@settings(max_examples=300)
@given(st.lists(broken, max_size=5), st.sampled_from([Config(), *OTHER_CONFIGS]))
def test_lines_together_are_the_lines_one_by_one(lines, config):
    switches = switches_for(config)
    together = mend_lines(lines, switches)
    alone = [mend_lines([one], switches) for one in lines]
    assert list(together.lines) == [one.lines[0] for one in alone]
    assert together.counts == sum((one.counts for one in alone), Counter())


@settings(max_examples=400)
@given(st.lists(broken, max_size=4).map("\n".join), st.sampled_from([Config(), *OTHER_CONFIGS]))
@example("\xa0Ã™m", Config())
@example("‚‚ї&#x2028;œ©", Config())
def test_repairing_twice_changes_nothing(text, config):
    once = repaired_by(text, config)
    assert repaired_by("\n\n".join(once), config) == once


@given(st.lists(broken, max_size=4).map("\n".join))
def test_lines_come_out_whole(text):
    for one in repaired(text):
        assert one == one.strip()
        assert one.splitlines() == [one]
        one.encode("utf-8")


@pytest.mark.parametrize(
    ("before", "whole"),
    [
        ("The CafÃ© on the quay", "The Café on the quay"),
        ("voilÃ\xa0", "voilà"),
        ("Ã\x85land", "Åland"),
        ("itâ€™s", "it's"),
        ("salt &amp; pepper", "salt & pepper"),
        ("salt &amp;amp;amp; pepper", "salt & pepper"),
        ("&lt;p&gt; is a tag", "<p> is a tag"),
        ("a\u2028b", "a\nb"),
        ("one&NewLine;two", "one\ntwo"),
        # What stripping or splitting leaves behind needs another pass.
        ("\xa0Ã™m", "Ùm"),
        ("‚‚ї&#x2028;œ©", "''ї\nϩ"),
        ("e\u0301tude", "étude"),
        ("\ud83d\ude00", "😀"),
        # A soft hyphen is half of a mangled letter before it is anything else.
        ("Ã\u00adsland, har\u00adbour", "ísland, harbour"),
        ("plain words - nothing wrong (yet)", "plain words - nothing wrong (yet)"),
        ("写真：佐野けん、東京", "写真：佐野けん、東京"),
        ("Müller & Söhne", "Müller & Söhne"),
    ],
)
def test_samples(before, whole):
    assert "\n".join(repaired(before)) == whole


def test_html_in_one_line_does_not_stop_entities_in_the_next():
    assert ftfy.fix_text("a < b\n&eacute;tude") == "a < b\n&eacute;tude"
    assert repaired("a < b\n&eacute;tude") == ["a < b", "étude"]


def test_quotes_and_widths_are_options():
    text = "“Ｗｉｄｅ：quotes”"
    assert repaired(text) == ['"Ｗｉｄｅ：quotes"']
    assert repaired(text, straight_quotes=False) == [text]
    assert repaired(text, plain_widths=True) == ['"Wide:quotes"']


WITHOUT = {
    "remove_terminal_escapes": ("\x1b[31mred", "[31mred"),
    "fix_encoding": ("CafÃ©", "CafÃ©"),
    "restore_byte_a0": ("voilÃ le travail", "voilÃ le travail"),
    "replace_lossy_sequences": ("â€œbonâ€� mot", '"bonâ€\ufffd mot'),
    "decode_inconsistent_utf8": ("港 CafÃ©", "港 CafÃ©"),
    "fix_c1_controls": ("港 it\x92s", "港 it\x92s"),
    "fix_latin_ligatures": ("ﬁn", "ﬁn"),
    "fix_surrogates": ("\ud83d\ude00", "\ud83d\ude00"),
    "remove_control_chars": ("a\x00b", "a\x00b"),
    "soft_hyphens": ("har\u00adbour", "har\u00adbour"),
    "zero_width": ("har\u200bbour", "har\u200bbour"),
    "bidi_controls": ("a\u202eb", "a\u202eb"),
    "spaces": ("9\u00a0tonnes", "9\u00a0tonnes"),
}
"""For each step a text, and what it is without that step; with it, it is another."""


@pytest.mark.parametrize("step", STEPS)
def test_each_step_can_be_left_out(step):
    text, without = WITHOUT[step]
    assert repaired(text, repair_off=[step]) == [without]
    assert repaired(text) != [without]


def test_switches_that_ftfy_forgets_are_heeded():
    # Without an explanation ftfy ignores four, and within a part of a text two.
    text, part = "voilÃ le travail", "港 voilÃ le travail Ã©t"
    assert ftfy.fix_text(text, restore_byte_a0=False) == "voilà le travail"
    assert repaired(text, repair_off=["restore_byte_a0"]) == [text]
    switches = switches_for(Config(repair_off=["restore_byte_a0"]))
    assert "à" in ftfy.fix_and_explain(part, switches.fixer).text
    assert repaired(part, repair_off=["restore_byte_a0"]) == ["港 voilÃ le travail ét"]


def test_a_line_that_is_latin_1_throughout_is_a_matter_of_its_encoding():
    assert repaired("it\x92s né", repair_off=["fix_c1_controls"]) == ["it's né"]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("a < b &amp; c", {}, "a < b &amp; c"),
        ("a < b &amp; c", {"unescape_html": "always"}, "a < b & c"),
        ("salt &amp; pepper", {"unescape_html": "never"}, "salt &amp; pepper"),
        ("10³ étude", {"normalization": "NFKC"}, "103 étude"),
        ("étude", {"normalization": "NFD"}, "e\u0301tude"),
        ("e\u0301tude", {"normalization": "none"}, "e\u0301tude"),
        ("aa CafÃ©", {"max_decode_length": 7}, "aa CafÃ©"),
        ("a quaye\u0301", {"max_decode_length": 7}, "a quaye\u0301"),
    ],
)
def test_options_of_the_repair(text, options, expected):
    assert repaired(text, **options) == [expected]


@pytest.mark.parametrize("name", [*ELSEWHERE, "fix_everything"])
def test_what_is_no_step_is_told_by_name(name):
    with pytest.raises(UsageError, match=f"option repair_off is '{name}', which is no step: "):
        Config(repair_off=[name])
    with pytest.raises(UsageError, match="must be a list of names"):
        Config(repair_off="fix_encoding")


def test_every_switch_of_ftfy_is_here():
    assert set(ftfy.TextFixerConfig._fields) == {*OF_FTFY, *ELSEWHERE}
    assert tuple(kind.name for kind in shipped_kinds()) == OF_INVISIBLE
    assert set(WITHOUT) == set(STEPS)


@pytest.mark.parametrize("kind", shipped_kinds(), ids=lambda kind: kind.name)
def test_what_is_invisible_goes_and_what_means_something_stays(kind):
    for before, whole in kind.mends:
        assert without_invisible(before, [kind], Counter()) == whole
        assert repaired(before) == [whole]
        assert re2.search(f"[{kind.scan}]", before)
    for text in kind.spares:
        assert repaired(text) == [text]


@given(st.text(HURTFUL, max_size=12).map(lambda made: made.encode("utf-8", "replace").decode()))
def test_the_scan_sees_everything_invisible(text):
    for kind in shipped_kinds():
        assert bool(re2.search(f"[{kind.scan}]", text)) >= bool(kind.pattern.search(text))


def test_what_was_mended_is_counted():
    text = "CafÃ© &amp; CafÃ©\n\nhar\u00adbour mas\u00adter\n\n9\u00a0tonnes\n\nnothing"
    document = clean_text(text)
    expected = {"encoding": 1, "entities": 1, "soft_hyphens": 2, "spaces": 1}
    assert document.repaired == document.metadata["repaired"] == expected
    assert "repaired" not in clean_text("“nothing”").metadata


@pytest.mark.parametrize("make", ["&{}", "Ã{}©", "港 Ã{}©"])
def test_layers_upon_layers_cost_no_square(make):
    # ftfy peels one off each time that it goes over the text: these would take it hours.
    text = make.format("amp;" * 100_000 if make == "&{}" else "Â" * 100_000)
    assert repaired(text) == [text]
    few = make.format("amp;" * 20 if make == "&{}" else "Â" * 20)
    assert repaired(few) == [of_ftfy(few)] != [few]


def test_a_line_of_endless_entities_is_mended_otherwise():
    endless = "&" + "amp;" * 1_000
    assert repaired(f"“CafÃ©” {endless}") == [f'"Café" {endless}']


MARKS = "\u0301\u0316\u0327\u0f73\u0344\u3099\u0591\u302a"


@given(st.text("aéか" + MARKS, max_size=30), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
@example("e" + "\u0301\u0316" * 9 + "か\uff9e\u0301", "NFKC")
def test_crowds_of_marks_come_out_as_from_the_standard_library(text, form):
    expected = unicodedata.normalize(form, text)
    assert normalized(text, form, is_crowded=True) == expected
    assert mend_as_ftfy(text, switches_for(Config(normalization=form)))[0] == expected


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0301\x00\u0316", "\u0f73", "\uff9e\u0301"])
def test_crowds_of_marks_cost_no_square(marks):
    # The standard library sorts them one by one: these would take it half an hour.
    crowd = "e" + marks * 500_000
    assert len(repaired(crowd, normalization="NFKC", max_decode_length=10_000_000)) == 1


def test_documents_of_which_much_is_lost_are_reported():
    lost = "The har\ufffdour of Port \ue000lder is \ufffdpen."
    assert clean_text(lost).metadata["damaged"] == {"replacement_characters": 2, "private_use": 1}
    assert "damaged" not in clean_text(lost, Config(damaged_share=0.5)).metadata
    assert "damaged" not in clean_text("Hafen " * 500 + lost[:20]).metadata
    earlier = {"text": "Whole again.", "damaged": {"private_use": 9}}
    assert "damaged" not in Cleaner().clean_one(earlier).metadata


def test_published_cases_come_out_as_from_ftfy():
    folder = SHARED / "data" / "ftfy-cases"
    if not folder.exists():
        pytest.skip("there are no ftfy cases beside the repository")
    cases = [case for path in folder.glob("*.json") for case in json.loads(path.read_text("utf-8"))]
    assert len(cases) > 100
    switches = switches_for(Config(plain_widths=True))
    for case in cases:
        for fixer in (SWITCHES, switches):
            assert mend_as_ftfy(case["original"], fixer)[0] == of_ftfy(case["original"], fixer)


def test_real_articles_come_out_as_from_ftfy():
    switches = switches_for(Config(repair_off=OF_INVISIBLE))
    for row in shared_rows("data/articles.jsonl.gz")[::40]:
        lines = [one.strip() for block in text_blocks(row["text"], Config()) for one in block]
        expected = [of_ftfy(one, switches).strip() for one in lines]
        assert list(mend_lines(lines, switches).lines) == expected


def test_title_of_a_row_is_left_as_its_owner_wrote_it():
    assert (
        clean_text("It is good, since you donâ€™t ask.").text == "It is good, since you don't ask."
    )


def test_what_a_page_says_of_itself_is_repaired_and_what_a_row_says_is_not():
    said = {"title": "CafÃ©", "author": "JosÃ© PeÃ±a", "sitename": "\u200b"}
    given = {"author": "", "section": "CafÃ©"}
    page = repair(Page("id", "source", (("Text.",),), said, (), frozenset(), given), Config())
    assert page.page_titles == ("Café",)
    assert page.metadata == {"title": "Café", "author": "José Peña", "section": "CafÃ©"}


def test_lines_that_show_nothing_are_no_paragraphs():
    assert repaired("\u200b\u2060\n\u00ad\n\ufeff \u3000") == []
