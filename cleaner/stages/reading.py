"""Find the article in a page's tree with trafilatura, and ask again where the answer looks wrong.

Its fast mode reads most pages as well as the full one, which compares with other algorithms and
takes half as long again. What the fast mode makes of a page is doubted where it holds little prose:
then it has often taken a menu for the text, and the full mode may read better.
"""

import lxml.etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from cleaner.stages.fast_reading import read_fast
from cleaner.stages.page_tree import names_of, parse_page, prune_unread
from cleaner.stages.stop_words import load_stop_words
from cleaner.words import count_stops, count_words, is_prose

LEAST_PROSE = 300
"""Characters of prose in a reading that is not doubted,"""
LEAST_SHARE = 0.5
"""and their share of its text."""
LONGEST_READ_TWICE = 1_000_000
"""Characters of a page. The library's time grows with the square of some hostile ones."""
WORDS_TO_A_STOP = 60
"""Most words of prose, on average, to a full stop or its like: a menu in one line has none."""
FULL = Extractor(output_format="txt", comments=False)
"""Any format but "python", for which the body would be written out as text that nobody reads."""


def read_article(tree: HtmlElement, page: str) -> lxml.etree._Element | None:
    """The body of the article in trafilatura's own elements. Changes the page's tree.

    Args:
        tree: the page, parsed.
        page: the page again, to be parsed anew for a second reading, as the first takes it apart.

    """
    names = names_of(tree)
    prune_unread(tree, names)
    fast = read_fast(tree, names)
    if fast is not None and (len(page) > LONGEST_READ_TWICE or not _is_doubtful(fast)):
        return fast
    full = _read_fully(parse_page(page))
    if fast is None or full is None:
        return fast if full is None else full
    return full if _prose(full)[1] > _prose(fast)[1] else fast


def _read_fully(tree: HtmlElement) -> lxml.etree._Element | None:
    prune_unread(tree, names_of(tree))
    load_stop_words()
    found = bare_extraction(tree, options=FULL)
    # as_dict is off, so that a dict cannot come back; the library's signature admits one.
    return None if found is None or isinstance(found, dict) else found.body


def _is_doubtful(body: lxml.etree._Element) -> bool:
    prose, share = _prose(body)
    return prose < LEAST_PROSE or share < LEAST_SHARE


def _prose(body: lxml.etree._Element) -> tuple[int, float]:
    """Characters of prose in a reading, and their share of all."""
    lines = [" ".join("".join(map(str, part.itertext())).split()) for part in body]
    prose = sum(len(line) for line in lines if is_prose(line) and _has_sentences(line))
    return prose, prose / max(sum(map(len, lines)), 1)


def _has_sentences(line: str) -> bool:
    return count_words(line) <= WORDS_TO_A_STOP * count_stops(line)
