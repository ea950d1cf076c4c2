"""What stands above an article's text on its page: the headline, the standfirst."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import lxml.etree

from cleaner.words import letters_and_digits

DESCRIPTIONS = frozenset(
    {("name", "description"), ("property", "og:description"), ("name", "twitter:description")}
)
TITLES = frozenset({("property", "og:title"), ("name", "twitter:title")})
"""Attributes of `meta` tags, and what they say."""
STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|dek|deck|sub-?(?:title|headline|heading|head)|intro(?:duction)?|lead|"
    r"lede|summary|teaser-?text|excerpt|abstract|vorspann|unterzeile|einleitung|chap[oôe]u?|"
    r"entradilla|bajada|copete|subt[ií]tulo|sottotitolo|sommario|perex|ingress|manchet|sapo|spot|"
    r"lead-?text|article-?description)(?:$|[\s_-]|text)",
    re.IGNORECASE,
)
"""Words by which papers call the paragraph below the headline, in a class or item property."""
APART = frozenset({"nav", "aside", "footer", "form", "figure", "figcaption", "script", "style"})
INNER = frozenset({"a", "b", "i", "em", "strong", "span", "br", "mark", "small", "time", "abbr"})
"""Elements that run within a paragraph."""
HOLDERS = ("p", "div", "h2", "h3", "span", "strong", "section")
LESSER_HEADINGS = ("h3", "h4", "h5", "h6")
"""Over other articles; a standfirst itself may be an `h2`."""
OF_OTHERS = re.compile(r"author|bio(?:$|[\s_-])|related|promo", re.IGNORECASE)
"""Words in the name of a summary that is of something else."""
CUT_OFF = ("...", "…")
LOOKED_AT = 120
"""Such elements below the headline, among which the standfirst is if there is one."""
SHORTEST, LONGEST = 40, 900
"""Characters of a standfirst."""
MOST_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class PageHead:
    """What a page shows above the article."""

    headings: tuple[str, ...]
    """The headline, as the page shows it and as its metadata have it."""
    standfirst: str | None


def page_head(tree: lxml.etree._Element) -> PageHead:
    """Read the head of the article, before anything is taken out of the tree."""
    headlines = [element for element in tree.iter("h1") if _text(element)][:MOST_HEADINGS]
    said = [title.strip() for title in _said(tree, TITLES)]
    shown = [_text(element) for element in headlines]
    above = headlines[0] if headlines else tree.find("body")
    standfirst = None if above is None else _standfirst(tree, above, {*shown, *said})
    return PageHead(tuple(dict.fromkeys((*shown, *filter(None, said)))), standfirst)


def _standfirst(
    tree: lxml.etree._Element, headline: lxml.etree._Element, headings: set[str]
) -> str | None:
    """The first paragraph below the headline that is named so, or says the page's description."""
    described = [letters_and_digits(text) for text in _said(tree, DESCRIPTIONS)]
    described = [key for key in described if len(key) >= SHORTEST // 2]
    known = {letters_and_digits(heading) for heading in headings}
    is_below_another = False
    for element in _following(tree, headline):
        is_below_another |= element.tag in LESSER_HEADINGS and not _is_apart(element)
        if any(child.tag not in INNER for child in element if isinstance(child.tag, str)):
            continue
        text = _text(element)
        if not SHORTEST <= len(text) <= LONGEST or text.endswith(CUT_OFF):
            continue
        key = letters_and_digits(text)
        if key in known or _is_link(element, text) or _is_apart(element):
            continue
        if any(key == other or key.startswith(other) for other in described):
            return text
        # The summary below another article's headline is that one's.
        if not is_below_another and _is_named(element):
            return text
    return None


def _following(
    tree: lxml.etree._Element, headline: lxml.etree._Element
) -> Iterator[lxml.etree._Element]:
    """Elements after the headline that may hold a paragraph, in the order of the page."""
    elements = tree.iter(headline.tag, *HOLDERS, *LESSER_HEADINGS)
    for element in elements:
        if element is headline:
            break
    return islice(elements, LOOKED_AT)


def _is_apart(element: lxml.etree._Element) -> bool:
    return next(element.iterancestors(*APART), None) is not None


def _is_named(element: lxml.etree._Element) -> bool:
    """Whether it, or what holds it alone, is named as a standfirst."""
    for _ in range(3):
        names = " ".join(
            element.get(name, "") for name in ("class", "itemprop", "data-testid", "data-component")
        )
        if STANDFIRST.search(names):
            return OF_OTHERS.search(names) is None
        above = element.getparent()
        if above is None or len(above) > 1:
            return False
        element = above
    return False


def _is_link(element: lxml.etree._Element, text: str) -> bool:
    linked = sum(len(_text(link)) for link in element.iter("a"))
    return linked * 2 > len(text)


def _said(tree: lxml.etree._Element, names: frozenset[tuple[str, str]]) -> list[str]:
    """The content of the `meta` tags that have one of some names."""
    tags = (tag for tag in tree.iter("meta") if not names.isdisjoint(tag.items()))
    return [content for tag in tags if (content := tag.get("content")) is not None]


def _text(element: lxml.etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
