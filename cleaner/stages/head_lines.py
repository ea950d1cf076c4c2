"""What stands above the text beside the headline: sections, names and outlets, numbers."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import re2

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.rules.matcher import CASELESS
from cleaner.rules.shipped import load_terms
from cleaner.stages.place import HEAD
from cleaner.words import count_words, ends_like_a_sentence, is_prose, letters_and_digits

BYLINE = "byline"
NAMED = ("author", "sitename")
"""Metadata that a line may say again."""
MOST_LINES = 4
"""Lines that nothing explains beside the headline. More are a list, or verse."""
MOST_SECTIONS = 2
SECTION = re.compile(
    r"[^\d:,*★☆]+|\d{1,5} (?:shares?|comments?|views?|likes?)|\d{1,3}", re.IGNORECASE
)
"""What a section or a counter may look like; a recipe's or a review's facts do not."""
LONGEST_SECTION = 3
"""Words of "Opinion", "White House", "3 shares"."""
LONGEST_NAMES, LONGEST_OUTLET = 12, 6
"""Words."""
SHORTEST_NAME = 2
PARTICLES = frozenset(
    {"and", "&", "de", "del", "della", "di", "da", "do", "dos", "du", "van", "von", "der", "den"}
    | {"la", "le", "al", "el", "bin", "y", "e", "et", "und", "en", "i"}
)
"""Words in small letters that stand in names, and between names."""
TITLES = frozenset({"part", "chapter", "step", "act", "scene", "book", "mr.", "mrs.", "dr.", "the"})
"""Words that begin a heading of two words with capitals."""


def head_lines(
    paragraphs: Sequence[MarkedParagraph],
    titles: Collection[str],
    metadata: Mapping[str, Any],
    rules: RuleSet,
) -> Iterator[tuple[int, ContextRule]]:
    """The lines above the first prose that are names or sections, by what stands around them.

    Args:
        paragraphs: of one document.
        titles: what is known to be its title; if nothing is, its first line is.
        metadata: what is known of it.
        rules: those that may have placed the paragraphs.

    """
    end = _first_prose(paragraphs)
    explained = [at for at in range(end) if _is_explained(paragraphs[at], rules)]
    others = _beside_headline(paragraphs[:end], explained, titles)
    if len(others) > MOST_LINES:
        return
    below_standfirst = [end + 1] if end else []
    names = {
        *_names(paragraphs, others, metadata),
        *(at for at in (*others, *below_standfirst) if _is_name_above_day(paragraphs, at, rules)),
    }
    if rules.enables(ContextRule.BYLINE_IN_HEAD):
        yield from ((at, ContextRule.BYLINE_IN_HEAD) for at in names)
    bylines = [at for at in explained if _category(paragraphs[at]) == BYLINE]
    last = bylines[-1] if bylines else -1
    sections = [
        at for at in others if at < last and at not in names and _is_section(paragraphs[at].text)
    ]
    if len(sections) <= MOST_SECTIONS and rules.enables(ContextRule.SECTION_IN_HEAD):
        yield from ((at, ContextRule.SECTION_IN_HEAD) for at in sections)


def _first_prose(paragraphs: Sequence[MarkedParagraph]) -> int:
    """The place of the first prose that stays; 0 if there is none, as then there is no head."""
    for at, one in enumerate(paragraphs):
        if one.mark is None and one.placed_rule is None and is_prose(one.text):
            return at
    return 0


def _is_explained(paragraph: MarkedParagraph, rules: RuleSet) -> bool:
    placed = paragraph.placed_rule
    return paragraph.mark is not None or (placed is not None and rules[placed].place in HEAD)


def _is_name_above_day(paragraphs: Sequence[MarkedParagraph], at: int, rules: RuleSet) -> bool:
    """Whether an unexplained line is names, and what follows is a byline or its day."""
    if at + 1 >= len(paragraphs) or _is_explained(paragraphs[at], rules):
        return False
    below = paragraphs[at + 1]
    is_byline = _category(below) == BYLINE and _is_explained(below, rules)
    return is_byline and _are_names(paragraphs[at].text)


def _category(paragraph: MarkedParagraph) -> str:
    rule = (paragraph.mark.rule if paragraph.mark else paragraph.placed_rule) or ""
    return rule.partition(".")[0]


def _beside_headline(
    head: Sequence[MarkedParagraph], explained: Sequence[int], titles: Collection[str]
) -> list[int]:
    """The lines of the head that nothing explains, without the headline."""
    known = set(map(letters_and_digits, titles)) - {""}
    is_explained = set(explained)
    open_lines = [
        at
        for at, one in enumerate(head)
        if at not in is_explained and letters_and_digits(one.text) not in known
    ]
    if known or not open_lines:
        return open_lines
    # Nobody says what the title is: it is the line with most to say.
    headline = max(open_lines, key=lambda at: len(head[at].text))
    return [at for at in open_lines if at != headline]


def _names(
    paragraphs: Sequence[MarkedParagraph], others: Sequence[int], metadata: Mapping[str, Any]
) -> Iterator[int]:
    """The lines that name the author or the site, and names right above the name of an outlet."""
    author, site = (letters_and_digits(str(metadata.get(name) or "")) for name in NAMED)
    texts = [letters_and_digits(one.text) for one in paragraphs]
    pairs = [at for at in others if at + 1 in others and _are_names_over_outlet(paragraphs, at)]
    for at in others:
        # A name that comes again is a speaker's.
        if texts[at] and texts[at] in (author, site) and texts.count(texts[at]) == 1:
            yield at
    if len(pairs) == 1 and _may_be_author(paragraphs[pairs[0]].text, metadata):
        yield from (pairs[0], pairs[0] + 1)


def _are_names_over_outlet(paragraphs: Sequence[MarkedParagraph], at: int) -> bool:
    below = paragraphs[at + 1].text
    is_outlet = count_words(below) <= LONGEST_OUTLET and _outlet().fullmatch(below) is not None
    return is_outlet and _are_names(paragraphs[at].text)


@cache
def _outlet() -> re2._Regexp:
    return re2.compile(load_terms()["outlet"], CASELESS)


def _may_be_author(names: str, metadata: Mapping[str, Any]) -> bool:
    """Whether names share a word with the author, where one is known."""
    author = str(metadata.get("author") or "").casefold()
    return not author or any(word in author for word in names.casefold().split())


def _are_names(text: str) -> bool:
    """Whether every word of a line could be part of names."""
    words = text.replace(",", " ").split()
    return (
        SHORTEST_NAME <= len(words) <= LONGEST_NAMES
        and not ends_like_a_sentence(text)
        and words[0].casefold() not in TITLES | PARTICLES
        and all(word in PARTICLES or word[:1].isupper() for word in words)
    )


def _is_section(text: str) -> bool:
    return (
        count_words(text) <= LONGEST_SECTION
        and not ends_like_a_sentence(text)
        and SECTION.fullmatch(text) is not None
    )
