"""Take the article from a page's structured data where that is more, and is seen on the page.

`articleBody` (schema.org) often holds a first paragraph only, or another text than the page. It is
taken where it has at least twice the prose that was read, nearly all of which the page shows.
"""

import re
from collections.abc import Sequence
from itertools import islice
from math import ceil

from lxml.html import HtmlElement

from cleaner.stages.completion import shown_lines
from cleaner.stages.page_tree import parse_page
from cleaner.words import is_prose, letters_and_digits

TIMES_AS_MUCH = 2
LEAST_SEEN = 0.9
"""Share of its paragraphs that the page shows."""
LONGEST = 300_000
"""Characters. More is no article."""
MOST_LINES = 1_000
"""Of the article. More would be looked for without end on a page made for it."""
MOST_SHOWN = 1_000_000
"""Letters and digits of a page in which the paragraphs are looked for, one after the other."""
TAG = re.compile(r"<[^<>]{1,200}>")

Blocks = Sequence[tuple[str, ...]]


def stated_instead(blocks: Blocks, article_body: str, page: str) -> Blocks:
    """The blocks that were read, or those of the article that the page states."""
    if not article_body or len(article_body) > LONGEST:
        return blocks
    lines = [" ".join(line.split()) for line in TAG.sub("\n", article_body).split("\n")]
    lines = [line for line in lines if line]
    if len(lines) > MOST_LINES:
        return blocks
    read = _prose([line for block in blocks for line in block])
    if _prose(lines) < TIMES_AS_MUCH * max(read, 1):
        return blocks
    return [(line,) for line in lines] if _is_seen(lines, parse_page(page)) else blocks


def _prose(lines: Sequence[str]) -> int:
    return sum(len(line) for line in lines if is_prose(line))


def _is_seen(lines: Sequence[str], tree: HtmlElement) -> bool:
    shown = letters_and_digits("".join(shown_lines(tree)))
    if len(shown) > MOST_SHOWN:
        return False
    unseen = (line for line in lines if letters_and_digits(line) not in shown)
    may_miss = len(lines) - ceil(LEAST_SEEN * len(lines))
    return next(islice(unseen, may_miss, None), None) is None
