"""Take lines that are boilerplate only at the head or the tail of an article."""

from collections.abc import Sequence
from dataclasses import replace

from cleaner.document import Mark, MarkedParagraph, Reason
from cleaner.rules import RulePlace, RuleSet
from cleaner.words import is_prose


def mark_by_place(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> tuple[MarkedParagraph, ...]:
    """Mark the lines whose rule holds at the head or tail, where they stand there.

    The head ends with the first prose that stays, the tail begins after the last; a document
    without prose has neither. As prose is told by the line alone, doing this twice adds nothing.
    """
    prose = [
        position
        for position, paragraph in enumerate(paragraphs)
        if paragraph.mark is None and paragraph.placed_rule is None and is_prose(paragraph.text)
    ]
    if not prose:
        return tuple(paragraphs)
    return tuple(
        replace(paragraph, mark=Mark(Reason.BOILERPLATE, paragraph.placed_rule))
        if paragraph.mark is None and _stands_right(paragraph, position, prose, rules)
        else paragraph
        for position, paragraph in enumerate(paragraphs)
    )


def _stands_right(
    paragraph: MarkedParagraph, position: int, prose: Sequence[int], rules: RuleSet
) -> bool:
    if paragraph.placed_rule is None:
        return False
    place = rules[paragraph.placed_rule].place
    in_head = position < prose[0] and place in (RulePlace.HEAD, RulePlace.EDGES)
    in_tail = position > prose[-1] and place in (RulePlace.TAIL, RulePlace.EDGES)
    return in_head or in_tail
