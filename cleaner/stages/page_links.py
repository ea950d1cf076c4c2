"""Find the lines of a page that are nothing but a link."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

import lxml.etree

from cleaner.words import count_words, ends_like_a_sentence, letters_and_digits

BLOCKS = frozenset({"p", "li", "div", "td", "dd", "section", "article", "blockquote"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""A heading that is a link may be of the article: "1. The pier"."""
UNREADABLE = "?"
PARTS_OF_A_NAME = 2
"""Of a host, which are enough to tell most sites apart."""
SHORTEST, LONGEST = 4, 30
"""Words of such a line. Shorter ones may be a name that is linked."""
MOST_LINKS = 3_000
"""Of a page that are looked at. One with more is a list or a trap."""


def link_lines(tree: lxml.etree._Element, url: str | None) -> frozenset[str]:
    """The letters and digits of each line of a page that is a link to its own site and no heading.

    Args:
        tree: the page.
        url: its address, if known; else only links without a host are of its site.

    """
    return frozenset(_link_lines(tree, _host(url or "")))


def _link_lines(tree: lxml.etree._Element, own: str) -> Iterator[str]:
    said: dict[lxml.etree._Element, int] = {}
    for link in islice(tree.iter("a"), MOST_LINKS):
        target = link.get("href", "#")
        if target.startswith("#") or _host(target) not in ("", own):
            continue
        text = "".join(map(str, link.itertext()))
        if SHORTEST <= count_words(text) <= LONGEST and not ends_like_a_sentence(text.strip()):
            key = letters_and_digits(text)
            if _is_alone(link, key, said):
                yield key


def _host(url: str) -> str:
    """Whose site an address is of, without what stands before its name; nothing if it says none."""
    try:
        name = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return UNREADABLE
    return ".".join(name.split(".")[-PARTS_OF_A_NAME:])


def _is_alone(link: lxml.etree._Element, key: str, said: dict[lxml.etree._Element, int]) -> bool:
    """Whether the block around a link says no more than the link. `said`: by blocks before."""
    for above in link.iterancestors():
        if above.tag in HEADINGS:
            return False
        if above.tag in BLOCKS:
            # Once for a block, as a hostile one holds many links.
            if above not in said:
                said[above] = len(letters_and_digits("".join(map(str, above.itertext()))))
            return said[above] <= len(key)
    return False
