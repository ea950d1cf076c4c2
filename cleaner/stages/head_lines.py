"""Sections and counters above the text, beside the headline and above the byline."""

import re
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.stages.place import HEAD
from cleaner.words import count_words, ends_like_a_sentence, is_prose, letters_and_digits

BYLINE = "byline"
MOST_LINES = 4
"""Lines that nothing explains beside the headline. More are a list, or verse."""
MOST_SECTIONS = 2
SECTION = re.compile(
    r"[^\d:,*★☆]+|\d{1,5} (?:shares?|comments?|views?|likes?)|\d{1,3}", re.IGNORECASE
)
"""What a section or a counter may look like; a recipe's or a review's facts do not."""
LONGEST_SECTION = 3
"""Words of "Opinion", "White House", "3 shares"."""


def head_lines(
    paragraphs: Sequence[MarkedParagraph], titles: Collection[str], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The lines above a byline, above the first prose, that are sections.

    A byline there always goes, so that cleaning the output again finds none, and nothing more.

    Args:
        paragraphs: of one document.
        titles: what is known to be its title; if nothing is, its longest such line is.
        rules: those that may have placed the paragraphs.

    """
    if not rules.enables(ContextRule.SECTION_IN_HEAD):
        return
    end = _first_prose(paragraphs)
    explained = [at for at in range(end) if _is_explained(paragraphs[at], rules)]
    bylines = [at for at in explained if _category(paragraphs[at]) == BYLINE]
    if not bylines:
        return
    others = _beside_headline(paragraphs[:end], set(explained), titles)
    sections = [at for at in others if at < bylines[-1] and _is_section(paragraphs[at].text)]
    if len(others) <= MOST_LINES and len(sections) <= MOST_SECTIONS:
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


def _category(paragraph: MarkedParagraph) -> str:
    rule = (paragraph.mark.rule if paragraph.mark else paragraph.placed_rule) or ""
    return rule.partition(".")[0]


def _beside_headline(
    head: Sequence[MarkedParagraph], explained: AbstractSet[int], titles: Collection[str]
) -> list[int]:
    """The lines of the head that nothing explains, without the headline."""
    known = set(map(letters_and_digits, titles)) - {""}
    open_lines = [
        at
        for at, one in enumerate(head)
        if at not in explained and letters_and_digits(one.text) not in known
    ]
    if known or not open_lines:
        return open_lines
    # Nobody says what the title is: it is the line with most to say.
    headline = max(open_lines, key=lambda at: len(head[at].text))
    return [at for at in open_lines if at != headline]


def _is_section(text: str) -> bool:
    return (
        count_words(text) <= LONGEST_SECTION
        and not ends_like_a_sentence(text)
        and SECTION.fullmatch(text) is not None
    )
