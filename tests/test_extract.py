"""HTML to blocks, and what a page says of itself."""

import pytest

from cleaner import Config, RecordError, clean_html
from cleaner.document import Content
from cleaner.stages.extract import extract, text_blocks
from cleaner.stages.repair import repair

OPEN = "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm."
CLOSE = "Engineers will inspect the remaining piles until Thursday and report to the council then."


def page(body, head=""):
    html = f"<html lang='de'><head>{head}</head><body><article>{body}</article></body></html>"
    return extract(Content("id", "a.html", is_html=True, text=html, metadata={}), Config())


def lines(body):
    return [line for block in page(body).blocks for line in block]


def test_lists_quotations_tables_and_line_breaks_become_lines():
    body = (
        f"<p>{OPEN}</p><ul><li>forty <b>passengers</b></li><li>two horses</li></ul>"
        f"<blockquote><p>It was<br>the only decent thing.</p></blockquote>"
        f"<table><tr><td>Monday</td><td>open</td></tr></table><h2>What  is\nnext</h2><p>{CLOSE}</p>"
    )
    assert lines(body) == [
        OPEN,
        "forty passengers",
        "two horses",
        "It was",
        "the only decent thing.",
        "Monday | open",
        "What is next",
        CLOSE,
    ]


def test_code_within_a_sentence_stays_in_it_and_code_of_its_own_keeps_its_lines():
    listing = "<pre><code>one\n<b>two</b>\nthree</code></pre>"
    body = f"<p>Use <code>ls</code> to list them.</p>{listing}<p>{OPEN}</p>"
    assert lines(body) == ["Use ls to list them.", "one", "two", "three", OPEN]


def test_a_date_does_not_depend_on_the_day_of_the_run():
    head = "<meta property='article:published_time' content='2090-12-24T08:30:00Z'>"
    assert page(f"<p>{OPEN}</p><p>{CLOSE}</p>", head).said["date"] == "2090-12-24"


def test_lines_of_one_element_share_a_block():
    blocks = page(
        f"<p>{OPEN}</p><p>boats in the fog<br>Photo: Nils Brandt</p><p>{CLOSE}</p>"
    ).blocks
    assert blocks == ((OPEN,), ("boats in the fog", "Photo: Nils Brandt"), (CLOSE,))


def test_a_mangled_letter_is_mended_across_the_layout():
    assert clean_html(f"<p>{OPEN} voil\u00c3\u00a0 tout</p>").text.endswith(" voilà tout")


def test_what_a_page_says_of_itself():
    head = (
        "<title>The harbour is open</title><meta name='author' content='Mira Okafor'>"
        "<meta property='article:published_time' content='2024-03-04T08:30:00Z'>"
        "<link rel='canonical' href='https://courier.example/harbour'>"
    )
    found = page(f"<p>{OPEN}</p><p>{CLOSE}</p>", head)
    said = {name: found.said[name] for name in ("title", "author", "date", "url", "language")}
    assert said == {
        "title": "The harbour is open",
        "author": "Mira Okafor",
        "date": "2024-03-04",
        "url": "https://courier.example/harbour",
        "language": "de",
    }


def test_what_the_row_says_overrules_the_page():
    html = f"<html><head><title>Page</title></head><body><p>{OPEN}</p></body></html>"
    given = {"title": "Row", "section": "local"}
    found = extract(Content("id", "rows.jsonl", is_html=True, text=html, metadata=given), Config())
    assert repair(found, Config()).metadata == {"title": "Row", "section": "local"}


@pytest.mark.parametrize("html", [f"<p>{OPEN}</p>", f"<div><p>{OPEN}</p></div>", OPEN])
def test_fragments_are_pages_too(html):
    assert clean_html(html).text == OPEN


@pytest.mark.parametrize("declared", ["en", "pt-BR", "zh_Hant_TW"])
def test_language_is_as_declared(declared):
    html = f'<html lang="{declared}"><body><p>{OPEN}</p></body></html>'
    assert clean_html(html).metadata["language"] == declared.replace("_", "-")


@pytest.mark.parametrize("declared", ["", "x", "javascript:alert(1)", "en<script>"])
def test_language_that_is_none_is_left_out(declared):
    html = f'<html lang="{declared}"><body><p>{OPEN}</p></body></html>'
    assert "language" not in clean_html(html).metadata


@pytest.mark.parametrize("html", ["", "<html></html>", "<html><body><img src='x'></body></html>"])
def test_pages_without_an_article_say_so(html):
    with pytest.raises(RecordError, match=r"no article|no text"):
        clean_html(html)


def test_bytes_are_decoded_as_declared():
    html = (
        f"<html><head><meta charset='iso-8859-1'></head><body><p>{OPEN} Größe €</p></body></html>"
    )
    assert clean_html(html.encode("cp1252")).text.endswith("Größe €")


def test_text_blocks_are_parted_by_blank_lines():
    text = "a\r\nb\n \t\n\n\nc\u2028d\x0b"
    assert text_blocks(text, Config()) == (("a", "b"), ("c", "d"))
    assert text_blocks(" \n\xa0\n", Config()) == ()
