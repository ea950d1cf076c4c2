"""The readings of an HTML page: what it states, what is doubted, what is put back."""

import time
from unittest.mock import patch

import pytest
from trafilatura import load_html

from cleaner import RecordError, clean_html
from cleaner.document import Mark, MarkedParagraph, Reason
from cleaner.rules import ruleset_for
from cleaner.stages import page_links, reading, stated
from cleaner.stages.completion import completed, page_paragraphs
from cleaner.stages.galleries import doubled_captions
from cleaner.stages.head_lines import head_lines
from cleaner.stages.headers import lines_below_headers
from cleaner.stages.page_meta import page_metadata
from cleaner.stages.page_tree import names_of
from cleaner.stages.reading import read_article
from cleaner.stages.stated import stated_instead

SENTENCES = [
    "The harbour of Port Alder opened to ships again on Monday morning, nine days late.",
    "Harbour master Ada Lindqvist gave the signal at six and asked to be left alone.",
    "Two trawlers went first, because their crews had waited since the day of the storm.",
    "Nobody knows yet what the broken piles of the north quay are going to cost the town.",
    "A diver found an anchor from the last century, which the museum would like to have.",
    "Fish was dearer all week, and the market women said what they thought about that.",
    "Engineers measure the depth between the buoys again, this time with new instruments.",
    "On Thursday the council hears a report, and after it whoever wishes to ask questions.",
    "The ferry to the islands runs only in daylight until all the lamps have been mended.",
    "Children from the upper school painted a sign that thanks everyone who pulled ropes.",
    "Insurance will pay for the crane, as it was young enough and had been looked after.",
    "By evening every berth was taken, and somebody played the accordion beside the kiosk.",
]
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def said(head, body="<h1>The clock comes down</h1>"):
    return page_metadata(load_html(f"<html><head>{head}</head><body>{body}</body></html>")).said


def linked(data):
    return f'<script type="application/ld+json">{data}</script>'


ARTICLE = """{"@graph": [{"@type": "WebSite", "name": "Site"}, {"@type": ["NewsArticle"],
 "headline": "Clock &amp; square", "datePublished": "2024-03-04T08:30:00Z",
 "author": [{"name": "Mira Okafor"}, "Nils Brandt"], "publisher": {"name": "The Courier"},
 "articleBody": "It comes
 down."}]}"""


def test_structured_data_are_read():
    found = page_metadata(load_html(f"<html><head>{linked(ARTICLE)}</head><body></body></html>"))
    assert found.said == {
        "title": "Clock & square",
        "author": "Mira Okafor; Nils Brandt",
        "date": "2024-03-04",
        "sitename": "The Courier",
    }
    assert found.article_body == "It comes\n down."


@pytest.mark.parametrize(
    "data", ["{", "[" * 100_000, '{"@type": 3}', '"NewsArticle"', "[[null]]", "{} trailing"]
)
def test_broken_structured_data_are_passed_over(data):
    head = f'{linked(data)}<meta name="author" content="Mira Okafor">'
    assert said(head)["author"] == "Mira Okafor"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<meta property="og:title" content="The clock comes down | The Courier">', "shown"),
        ('<meta property="og:title" content="Why clocks matter">', "Why clocks matter"),
        ("<title>The clock comes down - The Courier</title>", "shown"),
        ("", "shown"),
    ],
)
def test_the_title_is_the_headline_where_the_tags_begin_with_it(head, title):
    assert said(head).get("title") == ("The clock comes down" if title == "shown" else title)


@pytest.mark.parametrize(
    ("tag", "date"),
    [
        ('<meta property="article:published_time" content="2024-03-04T23:30:00+02:00">', True),
        ('<meta name="pubdate" content="nonsense">', False),
        ('<meta name="date" content="20240304">', True),
        ('<meta name="date" content="2024-13-04">', False),
        ('<meta name="date" content="2024-02-31">', False),
        ('<meta name="date" content="20٢٤-02-21">', False),
        ('<meta itemprop="datePublished" content="2024-03-04">', True),
    ],
)
def test_a_date_is_the_day_of_an_iso_date(tag, date):
    assert said(tag).get("date") == ("2024-03-04" if date else None)


def test_another_article_that_is_listed_says_nothing_of_this_one():
    listed = """{"@type": "ItemList", "itemListElement": [
        {"@type": "NewsArticle", "author": "Nobody", "datePublished": "2001-01-01"}]}"""
    assert said(linked(listed) + linked(ARTICLE))["date"] == "2024-03-04"


def test_an_empty_tag_says_nothing():
    tags = '<meta name="author" content=""><meta name="author" content="Mira Okafor">'
    assert said(tags)["author"] == "Mira Okafor"


def test_an_entity_that_is_a_number_without_end_loses_no_page():
    head = f'<meta name="author" content="&amp;#{"9" * 5000};">'
    page = f"<html><head>{head}</head><body><article>{BODY}</article></body></html>"
    assert list(clean_html(page).kept) == SENTENCES


def test_an_address_is_no_author_and_only_an_address_is_a_url():
    assert "author" not in said('<meta name="author" content="https://courier.example/mira">')
    assert said('<meta name="author" content="By Mira Okafor">')["author"] == "Mira Okafor"
    assert "url" not in said('<link rel="canonical" href="/clock">')
    found = said('<link rel="canonical" href="https://courier.example/clock">')
    assert found["url"] == "https://courier.example/clock"


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ('<link rel="canonical" href="https://courier.example/2024/03/04/clock">', ""),
        ("", '<time datetime="2024-03-04">on Monday</time>'),
    ],
)
def test_a_date_that_no_tag_states_is_looked_for(head, above):
    page = f"<html><head>{head}</head><body><article>{above}{BODY}</article></body></html>"
    assert clean_html(page).metadata["date"] == "2024-03-04"


def test_where_a_page_is_is_no_page():
    with pytest.raises(RecordError, match="read from the file"):
        clean_html("pages/harbour.html")


def test_boxes_that_pop_up_are_no_text():
    card = '<span class="tooltip-text"><b>Ada Lindqvist</b> Harbour master, 54</span>'
    page = f"<html><body><article><p>Ada{card} waited. {SENTENCES[0]}</p>{BODY}</article></body>"
    assert clean_html(page).text.startswith(f"Ada waited. {SENTENCES[0]}")


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [
        (BODY, False),
        (f"<p>{SENTENCES[0]}</p>", True),
        ("<p>" + "Harbour Ferry Clock Council Storm Quay " * 30 + "</p>", True),
    ],
)
def test_a_reading_with_little_prose_is_doubted(text, is_doubted):
    page = f"<html><body><article>{text}</article></body></html>"
    with patch.object(reading, "bare_extraction", wraps=reading.bare_extraction) as read:
        read_article(load_html(page), page)
    assert read.called == is_doubted


def paragraphs_of(body):
    return page_paragraphs(load_html(f"<html><body>{body}</body></html>"))


def put_together(body, taken):
    return [line for block in completed(taken, paragraphs_of(body)) for line in block]


def test_what_stands_as_the_article_does_is_put_back_in_its_place():
    parts = [SENTENCES[0:4], SENTENCES[4:8], SENTENCES[8:12]]
    body = "".join(
        '<div class="part"><div class="text">'
        + "".join(f"<p>{sentence}</p>" for sentence in part)
        + "</div></div>"
        for part in parts
    )
    for taken in (parts[0], parts[1], parts[2], parts[0] + parts[2]):
        assert put_together(body, [(line,) for line in taken]) == SENTENCES


def test_a_subhead_right_above_comes_back_with_its_paragraph():
    last = "<h2>What is next</h2><p>Engineers will inspect the piles until Thursday.</p>"
    body = f'<div class="text">{BODY}{last}</div>'
    assert put_together(body, [(line,) for line in SENTENCES]) == [
        *SENTENCES,
        "What is next",
        "Engineers will inspect the piles until Thursday.",
    ]


OTHER = "Another story begins here, of a cat that sleeps in the library of Port Alder."


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(f'<div class="teaser"><p>{OTHER}</p></div>', id="of another class"),
        pytest.param(f"<aside><p>{OTHER}</p></aside>", id="aside"),
        pytest.param(f"<figure><p>{OTHER}</p></figure>", id="figure"),
        pytest.param(f'<p><a href="/cat">{OTHER}</a></p>', id="a link"),
        pytest.param("<p>Short.</p>", id="short"),
        pytest.param(f'<div id="comments"><p>{OTHER}</p></div>', id="of another id"),
        pytest.param(f"<div hidden><p>{OTHER}</p></div>", id="hidden"),
        pytest.param(f'<p aria-hidden="true">{OTHER}</p>', id="hidden from readers"),
        pytest.param(f'<p style="display: none">{OTHER}</p>', id="not displayed"),
        pytest.param(f'<div role="contentinfo"><p>{OTHER}</p></div>', id="of another role"),
        pytest.param("<p><script>window.advertisements.push(1234567890)</script></p>", id="script"),
    ],
)
def test_what_stands_elsewhere_is_not_put_back(other):
    body = f'<div class="text">{BODY}{other}</div>'
    assert put_together(body, [(line,) for line in SENTENCES[:6]]) == SENTENCES


def test_without_classes_only_what_stands_between_is_put_back():
    body = f"<div>{BODY}</div><div><p>{OTHER}</p></div>"
    taken = [(line,) for line in SENTENCES[:5] + SENTENCES[6:]]
    assert put_together(body, taken) == SENTENCES


def test_a_quotation_between_is_put_back():
    quotation = f'<div class="embed"><blockquote class="post"><p>{OTHER}</p></blockquote></div>'
    around = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:5])
    body = BODY.replace(around, around + quotation) + quotation.replace("Another", "One more")
    taken = [(line,) for line in SENTENCES]
    assert put_together(body, taken) == [*SENTENCES[:5], OTHER, *SENTENCES[5:]]


def test_nothing_is_put_back_twice_or_where_too_little_was_taken():
    taken = [(SENTENCES[0], SENTENCES[1]), tuple(SENTENCES[2:])]
    assert completed(taken, paragraphs_of(BODY)) == taken
    assert put_together(BODY, [(SENTENCES[0],), (SENTENCES[1],)]) == SENTENCES[:2]


def test_a_page_of_very_many_paragraphs_is_left_as_it_was_read():
    taken = [(line,) for line in SENTENCES[:6]]
    assert completed(taken, paragraphs_of(BODY * 300)) == taken


def stating(body, shown):
    data = f'{{"@type": "NewsArticle", "articleBody": "{body}"}}'
    return (
        f"<html><head>{linked(data)}</head><body><main><p>{SENTENCES[0]}</p></main>"
        f'<div id="menu">{shown}</div></body></html>'
    )


@pytest.mark.parametrize(
    ("shown", "is_taken"),
    [
        pytest.param("".join(f"<li>{line}</li>" for line in SENTENCES), True, id="shown"),
        pytest.param("<li>Nothing of it is here.</li>", False, id="not shown"),
    ],
)
def test_the_article_that_a_page_states_is_taken_where_it_is_seen_and_more(shown, is_taken):
    with (
        patch.object(reading, "read_fast", return_value=None),
        patch.object(reading, "bare_extraction", return_value=None),
    ):
        page = stating("\\n".join(SENTENCES), shown)
        if is_taken:
            assert list(clean_html(page).kept) == SENTENCES
        else:
            with pytest.raises(RecordError):
                clean_html(page)
    assert clean_html(stating(SENTENCES[0], "")).kept == (SENTENCES[0],)


@pytest.mark.parametrize(("seen", "is_taken"), [(10, True), (9, True), (8, False)])
def test_nearly_all_of_a_stated_article_must_be_seen(seen, is_taken):
    page = f"<html><body>{'<br>'.join(SENTENCES[:seen])}</body></html>"
    taken = stated_instead([("Open.",)], "\n".join(SENTENCES[:10]), page)
    assert taken == ([(line,) for line in SENTENCES[:10]] if is_taken else [("Open.",)])


@pytest.mark.parametrize(("most", "is_taken"), [(2000, True), (200, False)])
def test_a_stated_article_is_not_looked_for_on_an_endless_page(most, is_taken):
    page = f"<html><body>{BODY}</body></html>"
    with patch.object(stated, "MOST_SHOWN", most):
        taken = stated_instead([("Open.",)], "\n".join(SENTENCES), page)
    assert (len(taken) > 1) == is_taken


def test_a_stated_article_of_endless_lines_is_not_looked_for():
    page = f"<html><body>{BODY}</body></html>"
    for most, is_taken in ((len(SENTENCES), True), (len(SENTENCES) - 1, False)):
        with patch.object(stated, "MOST_LINES", most):
            taken = stated_instead([("Open.",)], "\n".join(SENTENCES), page)
        assert (len(taken) > 1) == is_taken


def test_a_block_of_many_links_is_read_once():
    dots, links = "<b>.</b>" * 400, "<a href='/cat'>A cat is fined</a>" * 100
    tree = load_html(f"<html><body><div>{dots}{links}</div></body></html>")
    with patch.object(
        page_links, "letters_and_digits", wraps=page_links.letters_and_digits
    ) as asked:
        assert page_links.link_lines(tree, None) == frozenset()
    assert asked.call_count <= 2 * 100


def seconds(function, of):
    times = []
    for _ in range(3):
        started = time.process_time()
        function(of)
        times.append(time.process_time() - started)
    return min(times)


def named(count):
    return load_html(f"<html><body>{'<b id=a class=b>x</b>' * count}</body></html>")


def above_prose(count):
    lines = [MarkedParagraph(f"Line {at}") for at in range(count)]
    for at in range(0, count, 2):
        lines[at] = lines[at]._replace(mark=Mark(Reason.BOILERPLATE, "ad_marker.continues"))
    return [*lines, MarkedParagraph(SENTENCES[0])]


def in_pairs(count):
    texts = (f"Boats off the mouth {at // 2}{' Tom' * (at % 2)}" for at in range(count))
    return list(map(MarkedParagraph, texts))


def headers(count):
    return [MarkedParagraph("Comments", Mark(Reason.BOILERPLATE, "comment_form.heading"))] * count


def doubled(lines):
    blocks = [at // 2 for at in range(len(lines))]
    return list(doubled_captions(lines, blocks, ruleset_for(())))


@pytest.mark.parametrize(
    ("make", "function"),
    [
        pytest.param(named, names_of, id="names"),
        pytest.param(in_pairs, doubled, id="pairs"),
        pytest.param(
            headers, lambda lines: list(lines_below_headers(lines, ruleset_for(()))), id="headers"
        ),
        pytest.param(
            above_prose, lambda lines: list(head_lines(lines, (), ruleset_for(()))), id="head"
        ),
    ],
)
def test_four_times_as_much_does_not_take_the_square_of_the_time(make, function):
    ruleset_for(())
    assert seconds(function, make(80_000)) < 10 * seconds(function, make(20_000))
