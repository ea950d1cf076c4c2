"""The headline and the standfirst of a page, and what stands below headers at its end."""

import pytest

from cleaner import Config, clean_html, clean_text

STANDFIRST = "Nine days after the storm the ferries sail again, and the town counts what it lost."
BODY = [
    f"In week {number} the harbour of Port Alder {what}, and people on the quay stayed to watch."
    for number, what in enumerate(("opened", "closed again", "was measured", "was mended"), 1)
]


def page(above, *, head="", title="Harbour reopens after nine days | The Harbour Post"):
    text = "".join(f"<p>{line}</p>" for line in BODY)
    return (
        f"<html lang='en'><head><title>{title}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><h1>Harbour reopens after nine days</h1>{above}"
        f"<article><div class='body'>{text}</div></article></body></html>"
    )


@pytest.mark.parametrize(
    ("above", "head"),
    [
        (f"<p class='article-standfirst'>{STANDFIRST}</p>", ""),
        (f"<div class='subtitle'><span>{STANDFIRST}</span></div>", ""),
        (f"<h2>{STANDFIRST}</h2>", f"<meta name='description' content='{STANDFIRST}'>"),
        (f"<p>{STANDFIRST}</p>", f"<meta property='og:description' content='{STANDFIRST[:60]}…'>"),
    ],
)
def test_the_standfirst_comes_first(above, head):
    assert clean_html(page(above, head=head)).kept == (STANDFIRST, *BODY)


@pytest.mark.parametrize(
    "above",
    [
        f"<aside><p class='summary'>{STANDFIRST}</p></aside>",
        f"<figure><figcaption class='lead'>{STANDFIRST}</figcaption></figure>",
        f"<p class='subtitle'><a href='/other'>{STANDFIRST}</a></p>",
        "<p class='subtitle'>Too short</p>",
        f"<h4>Cat sleeps in library</h4><p class='item-dek'>{STANDFIRST}</p>",
        f"<div class='author-excerpt'>{STANDFIRST}</div>",
        f"<p class='excerpt'>{STANDFIRST[:-1]}...</p>",
        "<p class='leader-board'>This line is not named as a standfirst, for all its looks.</p>",
    ],
)
def test_what_is_no_standfirst(above):
    assert clean_html(page(above)).kept == tuple(BODY)


TEASER = "CAT SLEEPS IN THE LIBRARY OF PORT ALDER AND IS FINED"


def with_teaser(teaser):
    body = "".join(f"<p>{line}</p>" for line in BODY)
    url = "<meta property='og:url' content='https://post.example/harbour'>"
    return page("", head=url).replace(body, body.replace("</p><p>", f"</p>{teaser}<p>", 1))


@pytest.mark.parametrize(
    ("teaser", "is_taken"),
    [
        (f"<p><strong><a href='/cat'>{TEASER}</a></strong></p>", True),
        (f"<ul><li>Two boats and a steamer</li><li><a href='/cat'>{TEASER}</a></li></ul>", True),
        (f"<p><a href='/cat'>{TEASER}</a>, reads a sign</p>", False),
        (f"<h3><a href='/cat'>{TEASER}</a></h3>", False),
        (f"<p><a href='https://www.post.example/cat'>{TEASER}</a></p>", True),
        (f"<p><a href='https://shop.example.org/cat'>{TEASER}</a></p>", False),
        (f"<p><a href='//['>{TEASER}</a></p>", False),
        (f"<p><a href='#cat'>{TEASER}</a></p>", False),
        (f"<p><a href='/cat'>{TEASER} of ten shillings, says the judge.</a></p>", False),
        ("<p><a href='/cat'>A fined cat</a></p>", False),
    ],
)
def test_a_line_that_is_only_a_link_leads_elsewhere(teaser, is_taken):
    for config, expected in ((Config(), is_taken), (Config(risky_rules="never"), False)):
        rules = [one.mark.rule for one in clean_html(with_teaser(teaser), config).removed]
        assert ("navigation.link" in rules) == expected


def test_a_list_of_links_may_be_the_article():
    links = "".join(f"<li><a href='/{at}'>{TEASER} OF {at} POUNDS</a></li>" for at in range(4))
    assert len(clean_html(with_teaser(f"<ul>{links}</ul>")).kept) == len(BODY) + 4


def test_a_standfirst_that_the_text_holds_is_not_said_twice():
    above = f"<p class='standfirst'>{BODY[0]}</p>"
    assert clean_html(page(above)).kept == tuple(BODY)


def test_the_headline_that_the_page_shows_goes_as_its_title_does():
    lines = "".join(f"<p>{line}</p>" for line in BODY)
    html = (
        "<html><head><title>Port Alder</title></head><body><article>"
        "<h1><span>Storm</span> Harbour reopens</h1><p>Storm Harbour reopens</p>"
        f"{lines}</article></body></html>"
    )
    result = clean_html(html)
    assert "Storm Harbour reopens" not in result.text
    kept = clean_html(html, Config(disabled_rules=("navigation.page_title",)))
    assert "Storm Harbour reopens" in kept.text


COMMENTS = [
    "Top Rated Comments",
    "harbourcat",
    "2 days ago at 07:52 am",
    "I was on the quay that morning and nobody told us a word about it, which is a shame.",
    "Rating: 12 Votes",
    "tideandtimber",
    "3 days ago at 08:11 am",
    "They should have mended it years ago.",
    "Rating: 7 Votes",
]


def test_comments_go_with_their_header():
    result = clean_text("\n\n".join([*BODY, *COMMENTS]))
    assert result.kept == tuple(BODY)
    rules = {removal.text: removal.mark.rule for removal in result.removed}
    assert rules["harbourcat"] == "comment_form.below_header"
    kept = clean_text(
        "\n\n".join([*BODY, *COMMENTS]), Config(disabled_rules=("comment_form.below_header",))
    )
    assert "harbourcat" in kept.kept


@pytest.mark.parametrize(
    "lines",
    [
        [*COMMENTS, *BODY],
        [*BODY, "Comments", *BODY[::-1], BODY[0].upper()],
        [BODY[0], *COMMENTS[1:]],
    ],
    ids=["text below", "no signs", "no header"],
)
def test_what_readers_did_not_write_stays(lines):
    rules = [removal.mark.rule for removal in clean_text("\n\n".join(lines)).removed]
    assert "comment_form.below_header" not in rules


def test_links_below_a_header_at_the_end_go():
    links = ["Ferry turns back in the storm", "Customs house stays closed", "A cat in the library"]
    result = clean_text("\n\n".join([*BODY, "Read more:", *links]))
    assert result.kept == tuple(BODY)
    above = clean_text("\n\n".join([*BODY[:2], "Read more:", *links, *BODY[2:]]))
    assert above.kept == (*BODY[:2], *links, *BODY[2:])
