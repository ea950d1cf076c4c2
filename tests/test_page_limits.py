"""Pages that are made to take long: what is far too long or too much, and what it costs."""

import json
import re
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement
from trafilatura import external

from cleaner import Config, RecordError, clean_html
from cleaner.document import Content
from cleaner.json_lines import may_lose_digits
from cleaner.stages.html_page import extract_html
from cleaner.stages.long_stretches import MOST_ALIKE, long_pieces, shorten_runs
from cleaner.stages.page_elements import PARAGRAPH_TEXTS, PageElement
from cleaner.stages.page_limits import check_tags
from cleaner.stages.page_tree import parse_page
from cleaner.stages.stop_words import stop_words

CASES = Path(__file__).parent / "cases"
TAGS = json.loads((CASES / "page_tags.json").read_text("utf-8"))
PARTS = json.loads((CASES / "page_parts.json").read_text("utf-8"))["parts"]
STORY = "The ferry turned back two miles off Port Alder, and nobody on board was hurt. "


def is_refused(page, most):
    """Whether a page has more tags than so many. The option itself does not go so low."""
    config = Config()
    object.__setattr__(config, "max_tags", most)
    try:
        check_tags(page, config)
    except RecordError:
        return True
    return False


@pytest.mark.parametrize("case", TAGS, ids=lambda case: ascii(case["page"]))
def test_begin_and_end_tags_count_and_what_only_looks_like_them_does_not(case):
    assert not is_refused(case["page"], case["tags"])
    assert case["tags"] == 0 or is_refused(case["page"], case["tags"] - 1)


def test_a_page_of_too_many_tags_is_told_what_to_do():
    with pytest.raises(RecordError, match="more than 100 tags; raise --max-tags to read it"):
        check_tags("</p>" * 101, Config(max_tags=100))


@given(
    st.lists(st.sampled_from(["<", "<", "a", "é", "p class='", "\n" * 7]), max_size=60), st.data()
)
def test_long_pieces_are_those_between_less_than_signs(parts, data):
    page = "".join(parts)
    most = data.draw(st.integers(1, 12))
    pieces = [piece for piece in page.split("<") if len(piece) > most]
    assert list(long_pieces(page, most)) == pieces


lengths = st.sampled_from([1, 2, 3, 250, 499, 500, 501, 999, 1000, 1001, 1499, 1500, 2300, 5000])


@given(st.lists(st.tuples(st.sampled_from("&<a \n漢\U0001f600"), lengths), max_size=8))
def test_no_character_stays_more_than_so_many_times_in_a_row(runs):
    page = "".join(character * times for character, times in runs)
    expected = re.sub(
        rf"(.)\1{{{MOST_ALIKE},}}", lambda run: run[1] * MOST_ALIKE, page, flags=re.DOTALL
    )
    assert shorten_runs(page) == expected


def test_a_page_without_long_runs_is_not_even_copied():
    page = STORY * 100 + "-" * MOST_ALIKE
    assert shorten_runs(page) is page


@pytest.mark.parametrize("character", ["&", "<", "-", "*"])
def test_an_article_with_an_endless_line_is_read(character):
    page = f"<html><body><article><p>{STORY * 4}</p><p>{character * 200_000}</p></article></body>"
    assert clean_html(page).kept[0].startswith(STORY.strip())
    assert len(clean_html(page).text) <= len(STORY) * 4 + MOST_ALIKE + 2


@pytest.mark.parametrize(
    "page", ["<!--" * 9, "<p> </p>", "<p><img src=x>", "<title>\n</title><br>"]
)
def test_a_page_without_any_text_is_not_read(page):
    with (
        patch("cleaner.stages.html_page.read_article") as read,
        pytest.raises(RecordError, match="no article was found"),
    ):
        clean_html(page)
    assert not read.called


def test_the_stop_words_are_those_that_trafilatura_loads():
    with patch.object(external, "JT_STOPLIST", None):
        assert stop_words() - {""} == set(external.jt_stoplist_init()) - {""}


def test_the_stop_words_are_loaded_once_and_by_us():
    with patch.object(external, "JT_STOPLIST", None), patch.object(external, "jt_stoplist_init"):
        clean_html("<p>The ferry turned back.</p>")
        loaded = external.JT_STOPLIST
        assert {"the", "der", "και"} < loaded
        clean_html("<p>The ferry turned back again.</p>")
        assert external.JT_STOPLIST is loaded


@given(
    st.lists(st.tuples(st.sampled_from(["7", "a", "\\u00", '"']), st.integers(1, 30)), max_size=9)
)
def test_a_row_with_a_long_number_is_told_by_a_sample(runs):
    line = "".join(part * times for part, times in runs)
    assert may_lose_digits(line.encode()) == bool(re.search("[0-9]{19}", line))


@given(
    st.lists(st.sampled_from([*PARTS, "<p>", "</p>", "<object><p>", " ", "<p> </p>"]), max_size=9)
)
def test_paragraphs_have_the_texts_that_lxml_finds(parts):
    tree = parse_page("".join(("<html><body>", *parts)))
    assert isinstance(tree, PageElement)
    for element in (tree, *tree.iter("p")):
        texts = HtmlElement.xpath(element, PARAGRAPH_TEXTS)
        assert "".join(element.xpath(PARAGRAPH_TEXTS)) == "".join(texts)
        assert element.xpath(".//*") == HtmlElement.xpath(element, ".//*")


@pytest.mark.parametrize("link", ["<a href='/x'>quay</a> ", "<b>quay</b> "])
def test_a_paragraph_of_thousands_of_links_takes_no_square_of_their_number(link):
    # The square is sixteen times as much.
    assert seconds(link, 8_000) < 9 * seconds(link, 2_000)


def seconds(link, number):
    html = f"<html><body><article><p>{STORY * 4}</p><p>{link * number}</p></article></body></html>"
    content = Content(id="x", source="x", is_html=True, text=html, metadata={})
    times = []
    for _ in range(2):
        started = time.process_time()
        assert len(extract_html(content, Config()).blocks) == 2
        times.append(time.process_time() - started)
    return min(times)
