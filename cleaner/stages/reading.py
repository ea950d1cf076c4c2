"""Find the article in a page's tree with trafilatura, and ask again where the answer looks wrong.

Its fast mode reads most pages as well as the full one, which compares with other algorithms and
takes half as long again. What the fast mode makes of a page is doubted where it holds little prose:
then it has often taken a menu for the text, and the full mode may read better.
"""

import re

import lxml.etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html

from cleaner.words import is_prose

LEAST_PROSE = 300
"""Characters of prose in a reading that is not doubted,"""
LEAST_SHARE = 0.5
"""and their share of its text."""
POPS_UP = re.compile(
    r"(?:^|[\s_-])(?:tool-?tip(?:-?text)?|pop-?over|hover-?card|rollover-block|info-?popup)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Words by which pages call a box that shows over the text when something is pointed at."""
INLINE = ("span", "div", "aside")


def read_article(tree: HtmlElement, page: str) -> lxml.etree._Element | None:
    """The body of the article in trafilatura's own elements. Changes the page's tree.

    Args:
        tree: the page, parsed.
        page: the page again, to be parsed anew for a second reading, as the first takes it apart.

    """
    fast = _read(tree, fast=True)
    if fast is not None and not _is_doubtful(fast):
        return fast
    again = load_html(page)
    full = None if again is None else _read(again, fast=False)
    if fast is None or full is None:
        return fast if full is None else full
    return full if _prose(full)[1] > _prose(fast)[1] else fast


def _read(tree: HtmlElement, *, fast: bool) -> lxml.etree._Element | None:
    _prune_popups(tree)
    found = bare_extraction(tree, include_comments=False, with_metadata=False, fast=fast)
    # as_dict is off, so that a dict cannot come back; the library's signature admits one.
    return None if found is None or isinstance(found, dict) else found.body


def _is_doubtful(body: lxml.etree._Element) -> bool:
    prose, share = _prose(body)
    return prose < LEAST_PROSE or share < LEAST_SHARE


def _prose(body: lxml.etree._Element) -> tuple[int, float]:
    """Characters of prose in a reading, and their share of all."""
    lines = [" ".join("".join(map(str, part.itertext())).split()) for part in body]
    prose = sum(len(line) for line in lines if is_prose(line))
    return prose, prose / max(sum(map(len, lines)), 1)


def _prune_popups(tree: HtmlElement) -> None:
    """Take out boxes that a reader sees only when pointing at something."""
    for element in list(tree.iter(*INLINE)):
        names = element.get("class", "")
        if element.get("role") == "tooltip" or (names and POPS_UP.search(names)):
            element.drop_tree()
