"""Quotes that are the only trouble of a text are made straight without a second look at it."""

from ftfy.badness import MOJIBAKE_CATEGORIES
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import Config
from cleaner.mending.line import DOUBLE_QUOTES, SINGLE_QUOTES, uncurled
from cleaner.mending.lines import mend_lines
from cleaner.mending.scan import QUOTE, scan
from cleaner.mending.switches import switches_for

CURLED = SINGLE_QUOTES + DOUBLE_QUOTES
OF_MOJIBAKE = "".join(sorted({one for some in MOJIBAKE_CATEGORIES.values() for one in some}))
texts = st.text(st.sampled_from(f"{CURLED * 20}'\"&#x27;aZ 9\t\u0301{OF_MOJIBAKE}"), max_size=30)


@given(texts)
@example("Â“quay” œ’")
def test_straight_quotes_bring_no_trouble_that_was_not_there(text):
    left = scan(uncurled(text))
    assert not left & QUOTE
    assert left & scan(text) == left


@given(st.lists(texts, min_size=1, max_size=3))
@example(["“the quay”", "e\u0301’"])
def test_lines_with_quotes_are_at_rest_once_mended(lines):
    switches = switches_for(Config())
    mended = mend_lines(lines, switches).lines
    assert list(mend_lines(mended, switches).lines) == list(mended)


def test_quotes_that_are_to_stay_stay():
    lines = ["“The quay’s open.”"]
    assert list(mend_lines(lines, switches_for(Config(straight_quotes=False))).lines) == lines
    assert list(mend_lines(lines, switches_for(Config())).lines) == ['"The quay\'s open."']
