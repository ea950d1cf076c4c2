"""Refuse pages that were made to exhaust what reads them, before it does."""

import re
from functools import cache
from string import ascii_letters

import lxml.etree

from cleaner.config import Config
from cleaner.errors import RecordError
from cleaner.stages.long_stretches import long_pieces

WITHOUT_TAGS = re.compile(
    rb"""(?:<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?[^<]*+)++
    |<(script|style)\b[^<]*+(?:<(?!/\1)[^<]*+)*+(?:</\1)?""",
    re.VERBOSE,
)
"""Comments, as many as follow one another, or a script or style sheet: in these are no tags."""
BEGIN_WITHOUT_TAGS = (b"<!--", b"<script", b"<style")
LETTERS_ALIKE = bytes.maketrans(ascii_letters.encode(), b"a" * len(ascii_letters))
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
    if html.count("<") > config.max_tags and _has_many_tags(html, config.max_tags):
        raise RecordError(
            f"the page has more than {config.max_tags} tags; raise --max-tags to read it"
        )
    for piece in long_pieces(html, LEAST_TO_AN_ATTRIBUTE * MOST_ATTRIBUTES):
        if _has_many_attributes(piece):
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


def _has_many_tags(html: str, most: int) -> bool:
    data = html.encode("utf-8", "replace").lower()
    if _count_tags(data) <= most:
        return False
    if not any(begin in data for begin in BEGIN_WITHOUT_TAGS):
        return True
    return _count_tags(WITHOUT_TAGS.sub(b"", data)) > most


def _count_tags(data: bytes) -> int:
    """Begin tags and end tags, in lower case, and what looks like them in comments and scripts."""
    alike = data.translate(LETTERS_ALIKE)
    return alike.count(b"<a") + alike.count(b"</a")


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
