"""What a page states of itself in its markup: title, author, date, address, site, article body.

From structured data (JSON-LD with the types of schema.org), the tags of Open Graph and their older
kin, and the headlines that are shown. Much cheaper than trafilatura's own search.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, cast

import lxml.etree

from cleaner.words import letters_and_digits

ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|Recipe)$")
AUTHOR_TAGS = "author parsely-author article:author dc.creator sailthru.author byl"
DATE_TAGS = (
    "article:published_time og:article:published_time datepublished parsely-pub-date publishdate "
    "publish-date publication_date sailthru.date dc.date.issued dcterms.created dc.date "
    "dc.date.created cxenseparse:recs:publishtime date"
)
TAGS = {
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title"),
    "author": tuple(AUTHOR_TAGS.split()),
    "date": tuple(DATE_TAGS.split()),
    "url": ("og:url", "twitter:url"),
    "sitename": ("og:site_name", "application-name"),
}
"""Names of `meta` tags, the better ones first."""
DATE = re.compile(r"\s*((?:19|20)[0-9]{2})-?([0-9]{2})-?([0-9]{2})(?![0-9])")
ADDRESS = re.compile(r"\s*(https?://\S+)\s*$")
BY = re.compile(r"^\s*by\s+", re.IGNORECASE)
OF_OTHERS = frozenset({"itemListElement", "hasPart", "isPartOf", "mentions", "citation", "comment"})
"""Below these stand other articles than the page's."""
DATA = "application/ld+json"
"""How the type of a script with structured data begins."""
MOST_SCRIPTS, MOST_VALUES = 50, 20_000
"""Scripts of a page, and values of one, that are looked at."""
MOST_AUTHORS, MOST_HEADLINES = 20, 3


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What was stated; names as in a document's metadata."""

    said: Mapping[str, str]
    article_body: str
    """The article as structured data hold it, or nothing."""


def page_metadata(tree: lxml.etree._Element) -> PageMetadata:
    """Read what the page states."""
    articles = list(_articles(tree))
    tags = _tags(tree)
    said = {name: _first(tags, names) for name, names in TAGS.items()}
    said["url"] = _address(_canonical(tree)) or _address(said["url"])
    said["date"] = _date(said["date"])
    for article in articles[:1]:
        linked = {
            "author": "; ".join(dict.fromkeys(_names(article.get("author")))),
            "date": _date(article.get("datePublished")),
            "sitename": next(_names(article.get("publisher")), ""),
        }
        said |= {name: value for name, value in linked.items() if value}
        said["url"] = said["url"] or _address(article.get("url"))
    said["date"] = said["date"] or _date(_time(tree))
    headline = next((_text(one.get("headline")) for one in articles), "")
    said["title"] = _title(tree, said["title"], headline)
    said["author"] = "" if ADDRESS.match(said["author"]) else BY.sub("", said["author"])
    bodies = (one.get("articleBody") for one in articles)
    body = next((_unescaped(one) for one in bodies if isinstance(one, str) and one), "")
    return PageMetadata({name: value for name, value in said.items() if value}, body)


def _articles(tree: lxml.etree._Element) -> Iterator[Mapping[str, Any]]:
    """The articles among the structured data, in the order of the page."""
    scripts = (one for one in tree.iter("script") if one.get("type", "").startswith(DATA))
    for script in islice(scripts, MOST_SCRIPTS):
        try:
            # Line feeds inside texts are as common as they are forbidden.
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (one for one in _objects(value) if _is_article(one))


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """All objects in a value, outer ones before inner ones."""
    pending, seen = [value], 0
    while pending and seen < MOST_VALUES:
        one = pending.pop()
        seen += 1
        if isinstance(one, dict):
            yield one
            inner = [value for key, value in one.items() if key not in OF_OTHERS]
            pending += [value for value in inner if isinstance(value, dict | list)][::-1]
        elif isinstance(one, list):
            pending += one[::-1]


def _is_article(value: Mapping[str, Any]) -> bool:
    types = value.get("@type")
    return any(
        isinstance(name, str) and ARTICLE_TYPE.search(name)
        for name in (types if isinstance(types, list) else [types])
    )


def _names(value: object) -> Iterator[str]:
    """The names of a person or organisation, or of several."""
    for one in value[:MOST_AUTHORS] if isinstance(value, list) else [value]:
        name = _text(one.get("name")) if isinstance(one, dict) else _text(one)
        if name and not ADDRESS.match(name):
            yield name


def _tags(tree: lxml.etree._Element) -> Mapping[str, str]:
    """The content of the `meta` tags, the first of each name."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        content = _text(tag.get("content"))
        if content:
            found.setdefault(name.strip().lower(), content)
    return found


def _first(tags: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((tags[name] for name in names if tags.get(name)), "")


def _title(tree: lxml.etree._Element, tagged: str, headline: str) -> str:
    """The headline that the page shows, if its tags begin with it or it with them; else theirs.

    Tags often append the site's name to the title, or hold another that is meant for searches.
    """
    tagged = tagged or _text(tree.findtext(".//title"))
    said, first = letters_and_digits(tagged), ""
    for element in islice(tree.iter("h1"), MOST_HEADLINES):
        shown = _text("".join(map(str, element.itertext())))
        key, first = letters_and_digits(shown), first or shown
        if key and said and (said.startswith(key) or key.startswith(said)):
            return shown
    return headline or tagged or first


def _canonical(tree: lxml.etree._Element) -> object:
    links = (link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical")
    return next((link for link in links if link is not None), "")


def _time(tree: lxml.etree._Element) -> object:
    """The first time that the page shows, where markup says which day it is."""
    times = cast(
        "list[str]",
        tree.xpath('//*[@itemprop="datePublished"]/@*[name()="content" or name()="datetime"]'),
    )
    return times[0] if times else ""


def _address(value: object) -> str:
    match = ADDRESS.match(value) if isinstance(value, str) else None
    return match[1] if match else ""


def _date(value: object) -> str:
    """The day of an ISO 8601 date, as YYYY-MM-DD."""
    match = DATE.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat("-".join(match.groups())).isoformat() if match else ""
    except ValueError:
        return ""


def _text(value: object) -> str:
    """A text without entities and needless white space; anything else is none."""
    return " ".join(_unescaped(value).split()) if isinstance(value, str) else ""


def _unescaped(text: str) -> str:
    """A text without entities, or as it is where one is a number without end."""
    try:
        return html.unescape(text)
    except ValueError:
        return text
