"""Refuse pages that were made to exhaust what reads them, before it does."""

import re
from functools import cache

import lxml.etree

from cleaner.config import Config
from cleaner.errors import RecordError

TAG = re.compile(
    r"<(?:!--.*?(?:-->|\Z)|(script|style)\b.*?(?:</\1|\Z)|/?[a-z])", re.IGNORECASE | re.DOTALL
)
"""A tag, or a comment, script or style sheet, in which there are none."""
ATTRIBUTE = re.compile(
    r"""[\s/]++([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+"""
)
"""As the HTML Standard tells them apart (section 13.2.5, Tokenization)."""
TAG_NAME = re.compile(r"(?!script\b|style\b)[a-z][^\s/>]*+", re.IGNORECASE)
MOST_ATTRIBUTES = 5_000
"""Names of attributes in one tag. No honest one has a hundred, and the parser compares each with
all others; no option, as nobody would want to wait for it."""
LEAST_TO_AN_ATTRIBUTE = 2
"""Characters: a letter and a space."""


def check_tags(html: str, config: Config) -> None:
    """Refuse a page for the number of its tags, or of the attributes of one.

    Raises:
        RecordError: there are too many.

    """
    if html.count("<") > config.max_tags and _count_tags(html) > config.max_tags:
        raise RecordError(
            f"the page has more than {config.max_tags} tags; raise --max-tags to read it"
        )
    for piece in html.split("<"):
        if len(piece) > LEAST_TO_AN_ATTRIBUTE * MOST_ATTRIBUTES and _has_many_attributes(piece):
            raise RecordError(f"a tag of the page has more than {MOST_ATTRIBUTES} attributes")


def check_depth(tree: lxml.etree._Element, config: Config) -> None:
    """Refuse a page for how deep its elements stand in one another.

    Raises:
        RecordError: it is too deep.

    """
    if _is_deeper_than(config.max_depth)(tree):
        raise RecordError(
            f"the page's elements are nested more than {config.max_depth} levels deep; "
            "raise --max-depth, or close the tags that are left open"
        )


def _count_tags(html: str) -> int:
    return sum(match[1] is None and not match[0].startswith("<!") for match in TAG.finditer(html))


def _has_many_attributes(piece: str) -> bool:
    """Whether the tag at the beginning of some text has too many."""
    name = TAG_NAME.match(piece)
    names: set[str] = set()
    at = name.end() if name else len(piece)
    while attribute := ATTRIBUTE.match(piece, at):
        names.add(attribute[1])
        at = attribute.end()
        if len(names) > MOST_ATTRIBUTES:
            return True
    return False


@cache
def _is_deeper_than(levels: int) -> lxml.etree.XPath:
    return lxml.etree.XPath(f"boolean({'/*' * (levels + 1)})")
