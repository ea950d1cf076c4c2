"""What stands above the text beside the headline: sections, names and outlets, numbers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.stages.place import HEAD
from cleaner.words import count_words, ends_like_a_sentence, is_prose, letters_and_digits

MOST_LINES = 4
"""Lines that nothing explains beside the headline. More are a list, or verse."""
LONGEST_SECTION = 3
"""Words of "Opinion", "White House", "3 shares"."""
LONGEST_NAMES, LONGEST_OUTLET = 12, 6
"""Words."""
SHORTEST_NAME = 2
PARTICLES = frozenset(
    {"and", "&", "of", "the", "for", "de", "del", "della", "di", "da", "do", "dos", "du", "van"}
    | {"von", "der", "den", "la", "le", "al", "el", "bin", "y", "e", "et", "und", "en", "i"}
)
"""Words in small letters that names hold, and those between names."""
NAMED = ("author", "sitename")
"""Metadata that a line may say again."""


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
    if not others or len(others) > MOST_LINES:
        return
    last_explained = explained[-1] if explained else -1
    names = set(_names(paragraphs, others, metadata))
    for at in others:
        if at in names and rules.enables(ContextRule.BYLINE_IN_HEAD):
            yield at, ContextRule.BYLINE_IN_HEAD
        elif (
            at < last_explained
            and _is_section(paragraphs[at].text)
            and rules.enables(ContextRule.SECTION_IN_HEAD)
        ):
            yield at, ContextRule.SECTION_IN_HEAD


def _first_prose(paragraphs: Sequence[MarkedParagraph]) -> int:
    """The place of the first prose that stays; 0 if there is none, as then there is no head."""
    for at, one in enumerate(paragraphs):
        if one.mark is None and one.placed_rule is None and is_prose(one.text):
            return at
    return 0


def _is_explained(paragraph: MarkedParagraph, rules: RuleSet) -> bool:
    placed = paragraph.placed_rule
    return paragraph.mark is not None or (placed is not None and rules[placed].place in HEAD)


def _beside_headline(
    head: Sequence[MarkedParagraph], explained: Sequence[int], titles: Collection[str]
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


def _names(
    paragraphs: Sequence[MarkedParagraph], others: Sequence[int], metadata: Mapping[str, Any]
) -> Iterator[int]:
    """The lines that name the author or the outlet, by the metadata or by standing together."""
    known = {letters_and_digits(str(metadata[name])) for name in NAMED if metadata.get(name)}
    for at in others:
        text = paragraphs[at].text
        if letters_and_digits(text) in known - {""}:
            yield at
        elif at + 1 in others and _are_names_over_outlet(text, paragraphs[at + 1].text):
            yield from (at, at + 1)


def _are_names_over_outlet(text: str, below: str) -> bool:
    return _is_named(text, LONGEST_NAMES, SHORTEST_NAME) and _is_named(below, LONGEST_OUTLET)


def _is_named(text: str, longest: int, shortest: int = 1) -> bool:
    """Whether every word of a line could be part of a name."""
    words = text.replace(",", " ").split()
    return (
        shortest <= len(words) <= longest
        and not ends_like_a_sentence(text)
        and all(word in PARTICLES or word.lstrip("(")[:1].isupper() for word in words)
        and words[0] not in PARTICLES - {"the", "for"}
    )


def _is_section(text: str) -> bool:
    return count_words(text) <= LONGEST_SECTION and not ends_like_a_sentence(text)
