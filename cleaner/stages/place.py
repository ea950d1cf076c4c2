"""Take lines that are boilerplate only at the head or the tail of an article."""

from collections.abc import Sequence
from dataclasses import replace

from cleaner.document import Mark, MarkedParagraph, Reason
from cleaner.rules import RulePlace, RuleSet
from cleaner.words import is_prose

HEAD = (RulePlace.HEAD, RulePlace.EDGES)
TAIL = (RulePlace.TAIL, RulePlace.EDGES)


def mark_by_place(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> tuple[MarkedParagraph, ...]:
    """Mark the lines whose rule holds at the head or tail, where they stand there.

    The head ends with the first prose that stays, or, as a standfirst may be the first, with the
    lines of the head right below it; the tail begins after the last. A document without prose has
    neither. As prose is told by the line alone, doing this twice adds nothing.
    """
    prose = [
        position
        for position, paragraph in enumerate(paragraphs)
        if paragraph.mark is None and paragraph.placed_rule is None and is_prose(paragraph.text)
    ]
    if not prose:
        return tuple(paragraphs)
    edges = _head_end(paragraphs, prose[0], rules), prose[-1]
    return tuple(
        replace(paragraph, mark=Mark(Reason.BOILERPLATE, paragraph.placed_rule))
        if paragraph.mark is None and _stands_right(paragraph, position, edges, rules)
        else paragraph
        for position, paragraph in enumerate(paragraphs)
    )


def _head_end(paragraphs: Sequence[MarkedParagraph], first_prose: int, rules: RuleSet) -> int:
    """The position before which lines stand in the head."""
    end = first_prose
    for position in range(first_prose + 1, len(paragraphs)):
        paragraph = paragraphs[position]
        if paragraph.mark is not None:
            continue
        if paragraph.placed_rule is None or rules[paragraph.placed_rule].place not in HEAD:
            break
        end = position + 1
    return end


def _stands_right(
    paragraph: MarkedParagraph, position: int, edges: tuple[int, int], rules: RuleSet
) -> bool:
    if paragraph.placed_rule is None:
        return False
    place = rules[paragraph.placed_rule].place
    in_head = position < edges[0] and place in HEAD
    in_tail = position > edges[1] and place in TAIL
    return in_head or in_tail
