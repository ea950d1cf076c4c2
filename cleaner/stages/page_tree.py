"""Parse a page, and take out of its tree what no reading looks at."""

import re
from typing import Any, cast

import lxml.etree
from lxml.html import HtmlElement, HTMLParser

from cleaner.errors import RecordError
from cleaner.stages.long_stretches import long_pieces
from cleaner.stages.page_elements import LOOKUP

PAGE_TAG = re.compile("<(?:html|body|head|!doctype)[\\s>]", re.IGNORECASE)
CLOSED_AT_ONCE = re.compile(r"(<html\b[^<>]*)/>", re.IGNORECASE)
"""The page's own element, said to be empty. The parser would take nothing behind it."""
BEGINNING = 4096
"""Characters within which it stands."""
NOT_IN_TEXT = bytes(set(range(0x20)) - set(b"\t\n\r"))
"""Control characters, which the parser does not pass over."""
NO_CHARACTERS = ("\ufffe", "\uffff")
PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
PARSER.set_element_class_lookup(LOOKUP)
NAMES = tuple(
    lxml.etree.XPath(f"//@{name}", smart_strings=False) for name in ("class", "id", "role")
)
"""One by one, as the time for a union grows with the square of what it holds."""
LONGEST_ATTRIBUTE = 10_000
"""Characters. Longer ones are pictures, or data of scripts."""
LONG_ATTRIBUTES = lxml.etree.XPath(f"//@*[string-length() > {LONGEST_ATTRIBUTE}]")
POPUPS = ("span", "div", "aside")
POPS_UP = re.compile(
    r"(?:^|[\s_-])(?:tooltip(?:-?text)?|popover|hover-?card|rollover-block|infopopup)(?:$|[\s_-])"
)
"""Words by which a class says that the element shows over the text when something is pointed at;
a trigger of one is called otherwise, as `has-tooltip`."""
POPUP_NAMES = ("tooltip", "popover", "hovercard", "hover-card", "rollover-block", "infopopup")
"""Parts that one of these words has."""
STATES_DATA = "application/ld+json"
"""The one kind of script that trafilatura reads, where it finds little text."""
UNREAD = "unread"
IN_HEAD = ("link", "meta")
"""Elements without text. Below the head, one that is taken out may join two lines."""


def parse_page(html: str) -> HtmlElement:
    """The tree of a page, without comments. A fragment, such as feeds hold, is framed as a page.

    It is the tree of trafilatura's `load_html` in half the time, as no character is looked at in
    Python.

    Raises:
        RecordError: the page is empty.

    """
    page = CLOSED_AT_ONCE.sub(r"\1>", html[:BEGINNING], count=1) + html[BEGINNING:]
    if not PAGE_TAG.search(page):
        page = f"<html><body>{page}</body></html>"
    for character in NO_CHARACTERS:
        page = page.replace(character, "")
    data = page.encode("utf-8", "replace").translate(None, NOT_IN_TEXT)
    tree = cast("HtmlElement | None", lxml.etree.fromstring(data, parser=PARSER))
    if tree is None:
        raise RecordError("the page is not HTML, or holds no text")
    if any(long_pieces(page, LONGEST_ATTRIBUTE)):
        _drop_long_attributes(tree)
    return tree


def _drop_long_attributes(tree: HtmlElement) -> None:
    """Take away what says nothing of the text and would be searched by every pattern for classes.

    But for what a page says of itself, as a summary may be long.
    """
    for value in cast("list[Any]", LONG_ATTRIBUTES(tree)):
        element = value.getparent()
        if element is not None and element.tag != "meta":
            del element.attrib[value.attrname]


def names_of(tree: HtmlElement) -> str:
    """All classes, ids and roles of a page, to be searched for parts of them."""
    return "\n".join(name for names in NAMES for name in cast("list[str]", names(tree)))


def prune_unread(tree: HtmlElement, names: str) -> None:
    """Take out of a page what no reader sees at once, or what is never read for its text.

    Args:
        tree: the page.
        names: its classes, ids and roles; pages that have no box to take out tell by them.

    """
    pops_up = any(part in names for part in POPUP_NAMES)
    for element in tree.iter(*POPUPS) if pops_up else ():
        if element.get("role") == "tooltip" or POPS_UP.search(element.get("class", "")):
            element.tag = UNREAD
    for element in tree.iter("script"):
        if element.get("type") != STATES_DATA:
            element.tag = UNREAD
    for head in tree.iter("head"):
        lxml.etree.strip_elements(head, *IN_HEAD, with_tail=False)
    # At once, as taking out one after the other goes through all that follow each time.
    lxml.etree.strip_elements(tree, UNREAD, "style", with_tail=False)
