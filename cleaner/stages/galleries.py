"""Captions told by their repetition: around "Image 1 of 8", or below the alternative text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.words import count_words, ends_like_a_sentence, is_prose, letters_and_digits

CONTROLS = "caption.controls"
NEAR = 4
"""Lines between a gallery's control and the caption that belongs to it."""
COMPARED = 60
"""First letters and digits of a caption; at its end one copy may name the photographer."""
SHORTEST = 30
FEWEST_WORDS, MOST_WORDS = 5, 40
"""Of a caption that is told by standing there twice."""
TWICE = 2
CREDIT_WORDS = 8
"""That the second may have more: who took the picture."""


def gallery_captions(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The lines that repeat in a document and of which one stands beside a gallery's control."""
    controls = [at for at, one in enumerate(paragraphs) if one.mark and one.mark.rule == CONTROLS]
    if not controls or not rules.enables(ContextRule.CAPTION_IN_GALLERY):
        return
    beginnings = [letters_and_digits(one.text)[:COMPARED] for one in paragraphs]
    counts = Counter(beginnings)
    captions = {
        beginnings[at]
        for control in controls
        for at in range(max(0, control - NEAR), min(len(paragraphs), control + NEAR + 1))
        if len(beginnings[at]) >= SHORTEST and counts[beginnings[at]] > 1
    }
    for at, one in enumerate(paragraphs):
        if one.mark is None and beginnings[at] in captions:
            yield at, ContextRule.CAPTION_IN_GALLERY


def doubled_captions(
    paragraphs: Sequence[MarkedParagraph], blocks: Sequence[int], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """A caption that says what its picture's alternative text has just said; both with a credit.

    Without one, the first may be a headline, and stays. Both are lines of one block: what is only
    left side by side once other lines are gone is told nothing of.
    """
    if not rules.enables(ContextRule.CAPTION_DOUBLED):
        return
    doubles = [
        at
        for at, (one, other) in enumerate(pairwise(paragraphs))
        if blocks[at] == blocks[at + 1]
        and not (one.mark or other.mark)
        and _are_doubles(one.text, other.text)
    ]
    if not doubles:
        return
    counts = Counter([one.text for one in paragraphs])
    first_prose = next(
        (at for at, one in enumerate(paragraphs) if one.mark is None and is_prose(one.text)),
        len(paragraphs),
    )
    for at in doubles:
        text, below = paragraphs[at].text, paragraphs[at + 1].text
        if max(counts[text], counts[below]) > TWICE:
            continue  # a table's heading, a refrain
        if len(below) > len(text) and at >= first_prose:
            yield at, ContextRule.CAPTION_DOUBLED
        yield at + 1, ContextRule.CAPTION_DOUBLED


def _are_doubles(text: str, below: str) -> bool:
    """Whether two lines, neither with a sentence's end, are the same but for a credit."""
    if ends_like_a_sentence(text) or not FEWEST_WORDS <= count_words(text) <= MOST_WORDS:
        return False
    first, second = letters_and_digits(text), letters_and_digits(below)
    if not second.startswith(first):
        return False
    rest = count_words(below) - count_words(text)
    return rest <= CREDIT_WORDS and (rest == 0 or not ends_like_a_sentence(below))
