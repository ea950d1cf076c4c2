"""The tree of a page and its first reading: what trafilatura itself makes of it is the oracle."""

import json
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import Element, tostring
from trafilatura import bare_extraction, load_html

from cleaner import RecordError
from cleaner.stages import fast_reading
from cleaner.stages.fast_reading import FAST, read_fast
from cleaner.stages.page_tree import LONGEST_ATTRIBUTE, names_of, parse_page, prune_unread

CASES = json.loads((Path(__file__).parent / "cases" / "page_parts.json").read_text("utf-8"))
FRAMES, PARTS = CASES["frames"], CASES["parts"]
LONG = PARTS[-1]
SHORT = "".join(PARTS[:2])

framed = st.builds(
    lambda frame, parts, times: frame.replace("{}", "".join(parts) * times),
    st.sampled_from(list(FRAMES.values())),
    st.lists(st.sampled_from(PARTS), max_size=6),
    st.sampled_from([1, 1, 1, 12]),
)
HEAD = f"<head>{PARTS[12]}<title>Harbour</title></head>"
pages = st.lists(framed, max_size=4).map(
    lambda framed: f"<html>{HEAD}<body>{''.join(framed)}</body></html>"
)
markup = st.lists(
    st.sampled_from(
        [*PARTS, "<", ">", "</p>", "&amp;", "&#1;", "é漢", "\x00", "\x0b", "\x0c", "\r\n"]
    )
    | st.text(max_size=5),
    max_size=8,
).map("".join)


def library(tree):
    found = bare_extraction(tree, include_comments=False, fast=True)
    return None if found is None else tostring(found.body)


def ours(tree):
    found = read_fast(tree, names_of(tree))
    return None if found is None else tostring(found)


@given(pages)
def test_the_fast_reading_is_the_librarys(page):
    assert ours(parse_page(page)) == library(load_html(page))


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("other", [PARTS[4], PARTS[9], PARTS[10], LONG * 30])
def test_the_fast_reading_is_the_librarys_whatever_stands_around_the_article(frame, other):
    page = f"<html><head></head><body>{FRAMES[frame].replace('{}', SHORT * 3)}{other}</body></html>"
    assert ours(parse_page(page)) == library(load_html(page))


ARTICLE = f"<html><body><article>{SHORT * 3}</article>{{}}</body></html>"


@pytest.mark.parametrize(
    ("page", "steps"),
    [
        pytest.param(ARTICLE.format(""), {"extract_content"}, id="an article alone"),
        pytest.param(
            ARTICLE.format(FRAMES["comments"].replace("{}", LONG)),
            {"extract_content", "prune_unwanted_nodes"},
            id="comments",
        ),
        pytest.param(
            ARTICLE.format(f"<nav>{LONG * 30}</nav>"),
            {"extract_content", "html2txt"},
            id="much beside it",
        ),
        pytest.param(
            f"<html><body><article>{PARTS[0]}</article></body></html>",
            {"extract_content", "baseline"},
            id="little text",
        ),
        pytest.param(ARTICLE.format(PARTS[9]), {"bare_extraction"}, id="a forum"),
    ],
)
def test_a_step_that_changes_nothing_is_left_out(page, steps):
    names = ("prune_unwanted_nodes", "extract_content", "baseline", "html2txt", "bare_extraction")
    taken = set()

    def noting(name, step):
        def noted(*given, **options):
            taken.add(name)
            return step(*given, **options)

        return noted

    mocks = {name: noting(name, getattr(fast_reading, name)) for name in names}
    with patch.multiple(fast_reading, **mocks):
        ours(parse_page(page))
    assert taken == steps


@pytest.mark.parametrize("error", [TypeError, ValueError])
def test_a_page_that_the_library_dies_of_has_no_fast_reading(error):
    with patch.object(fast_reading, "tree_cleaning", side_effect=error):
        assert ours(parse_page(ARTICLE.format(""))) is None


def test_a_first_reading_survives_the_failure_of_another_try():
    page = ARTICLE.format(LONG * 30)
    clean = fast_reading.tree_cleaning

    def fails_at_length(tree, options):
        if options is not FAST:
            raise RuntimeError
        return clean(tree, options)

    with patch.object(fast_reading, "tree_cleaning", fails_at_length):
        assert ours(parse_page(page)) is not None


@pytest.mark.parametrize(("times", "is_taken"), [(1.4, False), (1.6, True)])
def test_another_try_is_taken_where_it_finds_much_more(times, is_taken):
    page = ARTICLE.format(f"<nav>{LONG * 30}</nav>")
    text = parse_page(f"<p>{SHORT * 3}</p>").text_content()
    found = Element("body"), "x" * int(len(text) * times)
    with patch.object(fast_reading, "_tried_again", return_value=found):
        assert (ours(parse_page(page)) == b"<body/>") == is_taken


@given(pages)
def test_what_is_pruned_as_unread_leaves_the_reading_as_it_is(page):
    page = page.replace("tooltip", "box")
    tree = parse_page(page)
    prune_unread(tree, names_of(tree))
    assert library(tree) == library(load_html(page))


@given(markup)
def test_a_page_has_the_tree_that_the_library_makes_of_it(inner):
    page = f"<html><head></head><body>{inner}</body></html>"
    assert tostring(parse_page(page)) == tostring(load_html(page))


@pytest.mark.parametrize(
    "page",
    [
        '<html lang="en" /><head></head><body><p>Open.</p></body></html>',
        '<!DOCTYPE html PUBLIC "-//A//B C" "http://c.example/d.dtd"><html><body><p>Open.</p>',
        '<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Open.</p></body></html>',
        "<body><p>Open.</p></body>",
        "<p>Open.</p>",
        "Open.",
        "<html><body><!-- closed --><p>Open.</p><?closed?></body></html>",
        "<html><body>\ufffe<p>\x00Op\x0ben.</p></body></html>",
    ],
)
def test_every_page_has_its_body(page):
    assert parse_page(page).find("body").text_content() == "Open."


def test_a_page_of_nothing_says_so():
    with pytest.raises(RecordError, match="no text"):
        parse_page("<!doctype html>")


def test_only_what_a_page_says_of_itself_may_be_long_in_an_attribute():
    long = "harbour " * (LONGEST_ATTRIBUTE // 8 + 1)
    page = f'<meta content="{long}"><p class="{long}" id="quay">Text.</p><p class="short">More.</p>'
    tree = parse_page(page)
    assert [dict(one.attrib) for one in tree.iter("meta", "p")] == [
        {"content": long},
        {"id": "quay"},
        {"class": "short"},
    ]
