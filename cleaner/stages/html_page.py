"""An HTML page to the article on it: its blocks of lines, and what the page says of itself."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence

import lxml.etree
from htmldate import find_date
from lxml.html import HtmlElement

from cleaner.config import Config
from cleaner.document import Content, Page
from cleaner.errors import RecordError
from cleaner.stages.completion import completed, page_paragraphs
from cleaner.stages.linebreaks import settle_line_breaks
from cleaner.stages.long_stretches import shorten_runs
from cleaner.stages.page_head import page_head
from cleaner.stages.page_limits import check_depth, check_tags
from cleaner.stages.page_links import link_lines
from cleaner.stages.page_meta import page_metadata
from cleaner.stages.page_tree import parse_page
from cleaner.stages.reading import read_article
from cleaner.stages.stated import stated_instead
from cleaner.words import is_prose

# What the libraries have to say of a page is in the record of its rejection, and need not also
# appear on standard error where nobody has set up logging.
for _library in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_library).addHandler(logging.NullHandler())

BLOCK_TAGS = frozenset({"p", "head", "item", "quote", "list", "table", "row", "lb"})
"""Elements of trafilatura's tree that begin a line of their own; the rest runs within one. The
children of the body do so whatever they are."""

LAYOUT_SPACE = re.compile("[ \t\n\r\f]+")
"""White space as HTML defines it (ASCII whitespace)."""

TEXT = lxml.etree.XPath("string()", smart_strings=False)
NO_ARTICLE = "no article was found on the page"
LANGUAGE = (
    "string(/html/@lang | //meta[translate(@http-equiv, 'CL', 'cl') = 'content-language']/@content)"
)

LAST_DAY = "2099-12-31"
"""Of the library's search for a date. Left alone, it takes no date after today, and a page's
metadata would depend on when it was cleaned."""


def extract_html(content: Content, config: Config) -> Page:
    """Find the article on a page.

    Raises:
        RecordError: there is none, or the page has more tags or levels than it may.

    """
    html = shorten_runs(content.text)
    check_tags(html, config)
    tree = parse_page(html)
    check_depth(tree, config)
    if not str(TEXT(tree)).strip():
        raise RecordError(NO_ARTICLE)
    head = page_head(tree)
    stated = page_metadata(tree)
    said = _said(tree, stated.said)
    paragraphs = page_paragraphs(tree)
    links = link_lines(tree, said.get("url"))
    body = read_article(tree, html)
    read = [block for block in _tree_blocks(body) if block] if body is not None else []
    blocks = stated_instead(completed(read, paragraphs), stated.article_body, html)
    if not blocks:
        raise RecordError(NO_ARTICLE)
    return Page(
        id=content.id,
        source=content.source,
        blocks=tuple(_with_standfirst(blocks, head.standfirst)),
        headings=head.headings,
        links=links,
        said=said,
        metadata=content.metadata,
    )


def _said(tree: HtmlElement, stated: Mapping[str, str]) -> Mapping[str, str]:
    """What the page says of itself; where it states no date, htmldate looks for one."""
    said = dict(stated)
    if language := _page_language(tree):
        said["language"] = language
    if "date" not in said and (found := _searched_date(tree, said.get("url"))):
        said["date"] = found
    return said


def _searched_date(tree: HtmlElement, url: str | None) -> str | None:
    try:
        return find_date(
            tree, extensive_search=False, original_date=True, url=url, max_date=LAST_DAY
        )
    except Exception:  # noqa: BLE001 - whatever the library dies of, the page is not lost for it
        return None


def _with_standfirst(
    blocks: Sequence[tuple[str, ...]], standfirst: str | None
) -> Iterator[tuple[str, ...]]:
    """The blocks, and above the first prose the standfirst, unless they hold it."""
    text = "".join(line for block in blocks for line in block)
    missing = standfirst and "".join(standfirst.split()) not in "".join(text.split())
    for block in blocks:
        if missing and standfirst and any(is_prose(line) for line in block):
            yield (standfirst,)
            missing = False
        yield block


def _page_language(tree: lxml.etree._Element) -> str | None:
    """The language that the page declares, as it writes it ('en', 'pt-BR')."""
    declared = tree.xpath(LANGUAGE)
    match = re.match(
        r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}(?=$|[,;\s])", str(declared).strip()
    )
    return match[0].replace("_", "-") if match else None


def _tree_blocks(body: lxml.etree._Element) -> Iterator[tuple[str, ...]]:
    """A block for each child of the body, and for text that stands between them."""
    yield _block_lines(_run(body.text, is_code=False))
    for child in body:
        pieces: list[str] = []
        _add_pieces(child, pieces, is_code=False)
        yield _block_lines("".join(pieces))
        yield _block_lines(_run(child.tail, is_code=False))


def _block_lines(text: str) -> tuple[str, ...]:
    """The lines of a block, without outer or repeated white space, none empty."""
    # Not str.split(): U+0085 and U+00A0 may be half of a mangled letter, mended later.
    lines = (LAYOUT_SPACE.sub(" ", line).strip(" ") for line in text.split("\n"))
    return tuple(line for line in lines if line)


def _add_pieces(element: lxml.etree._Element, pieces: list[str], *, is_code: bool) -> None:
    """Add the text below an element, with line breaks where a line begins or ends."""
    if not isinstance(element.tag, str):
        return
    edge = "\n" if element.tag in BLOCK_TAGS else ""
    is_code = is_code or element.tag == "code"
    pieces += edge, _run(element.text, is_code=is_code)
    for child in element:
        _add_pieces(child, pieces, is_code=is_code)
        pieces.append(_run(child.tail, is_code=is_code))
    if element.tag == "cell" and element.getnext() is not None:
        pieces.append(" | ")
    pieces.append(edge)


def _run(text: str | None, *, is_code: bool) -> str:
    """A run of text; its line breaks are only layout, except in code."""
    settled = settle_line_breaks(text) if text else ""
    return settled if is_code else settled.replace("\n", " ")
