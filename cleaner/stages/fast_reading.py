"""trafilatura's fast mode, without the steps that are sure to change nothing.

`bare_extraction(fast=True)` goes through a page with expressions that call Python for each element,
of which most find nothing, copies it three times, and cleans it once more only to measure it. Here
its own functions are called in its order (`trafilatura_sequence` of version 2.3), after a cheap
look at whether a step can do anything. A test holds the two against each other.
"""

from copy import copy

import lxml.etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction, baseline, html2txt
from trafilatura.core import (
    ESCALATION_ACCEPT_RATIO,
    ESCALATION_MAX_LENGTH,
    ESCALATION_PAGE_SHARE,
)
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor
from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH

FAST = Extractor(output_format="txt", comments=False, fast=True)
RECALL = Extractor(output_format="txt", comments=False, fast=True, recall=True)
"""Any format but "python", for which the body would be written out as text that nobody reads."""

ENDLESS = ("mvp-post-add", "infinite", "elementor-share-buttons")
COMMENTS = ("omment", "comol", "disqus_thread", "dsq-comments")
"""What a class or id holds if the library's expressions for articles below the article, and for
comments, find it."""
FORUM = "DiscussionForumPosting"
"""A type of structured data by which it takes comments for the text."""


def read_fast(tree: HtmlElement, names: str) -> lxml.etree._Element | None:
    """The body that `bare_extraction` finds in fast mode and without comments, if any.

    Args:
        tree: the page, which is taken apart.
        names: its classes and ids, and perhaps more.

    """
    if any(FORUM in (script.text or "") for script in tree.iter("script")):
        found = bare_extraction(tree, options=FAST)
        # as_dict is off, so that a dict cannot come back; the library's signature admits one.
        return None if found is None or isinstance(found, dict) else found.body
    try:
        return _read_article(tree, names)
    except (TypeError, ValueError):  # as the library itself: such a page has no article for it
        return None


def _read_article(tree: HtmlElement, names: str) -> lxml.etree._Element | None:
    _prune(tree, names)
    body, text = _content(tree, FAST)
    if len(text) < FAST.min_extracted_size:
        found, found_text, size = baseline(tree)
        if size > len(text):
            body, text = found, found_text
    if _covers_little(text, tree):
        found, found_text = _tried_again(tree)
        if len(found_text) > max(ESCALATION_ACCEPT_RATIO * len(text), FAST.min_extracted_size - 1):
            body, text = found, found_text
    return body if len(text) >= FAST.min_output_size else None


def _prune(tree: HtmlElement, names: str) -> None:
    if any(part in names for part in ENDLESS):
        prune_unwanted_nodes(tree, RAW_TREE_PRUNE_XPATH)
    if any(part in names for part in COMMENTS):
        prune_unwanted_nodes(tree, REMOVE_COMMENTS_AND_LISTS_XPATH)


def _content(tree: HtmlElement, options: Extractor) -> tuple[lxml.etree._Element, str]:
    return extract_content(convert_tags(tree_cleaning(copy(tree), options), options), options)


def _tried_again(tree: HtmlElement) -> tuple[lxml.etree._Element, str]:
    try:
        return _content(tree, RECALL)
    except Exception:  # noqa: BLE001 - as the library itself: the first reading is not lost for it
        return tree, ""


def _covers_little(text: str, tree: HtmlElement) -> bool:
    """Whether a text is short, and a small part of what the page shows."""
    if not 0 < len(text) < ESCALATION_MAX_LENGTH:
        return False
    most = len(text) / ESCALATION_PAGE_SHARE
    return _most_shown(tree) > most and len(html2txt(tree)) > most


def _most_shown(tree: HtmlElement) -> int:
    """No fewer characters than `html2txt` finds, in a fraction of its time.

    It leaves elements out, and puts fewer spaces between the others.
    """
    body = tree.find(".//body")
    return len(" ".join(" ".join(map(str, (tree if body is None else body).itertext())).split()))
