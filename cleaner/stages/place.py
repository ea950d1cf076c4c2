"""Take lines that are boilerplate only at the head or the tail of an article."""

from collections.abc import Sequence
from dataclasses import replace

from cleaner.document import Mark, MarkedParagraph, Reason
from cleaner.rule import Risk, Rule, RulePlace
from cleaner.rules import RuleSet
from cleaner.words import is_prose

HEAD = (RulePlace.HEAD, RulePlace.EDGES)
TAIL = (RulePlace.TAIL, RulePlace.EDGES)


def mark_by_place(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet, *, risky: bool
) -> tuple[MarkedParagraph, ...]:
    """Mark the lines whose rule holds at the head or tail, where they stand there.

    The head ends with the first prose that stays, or, as a standfirst may be the first, with the
    lines of the head right below it; the tail begins after the last. A document without prose has
    neither. As prose is told by the line alone, and the tail goes first, doing this twice adds
    nothing.

    Args:
        paragraphs: of one document.
        rules: those that may have placed them.
        risky: whether rules of high risk act here.

    """
    prose = [
        position
        for position, paragraph in enumerate(paragraphs)
        if paragraph.mark is None and paragraph.placed_rule is None and is_prose(paragraph.text)
    ]
    if not prose:
        return tuple(paragraphs)
    acting = [
        rules[one.placed_rule] if one.mark is None and one.placed_rule else None
        for one in paragraphs
    ]
    acting = [rule if rule and (risky or rule.risk is Risk.LOW) else None for rule in acting]
    without_tail = [
        _with_mark(one) if rule and position > prose[-1] and rule.place in TAIL else one
        for position, (one, rule) in enumerate(zip(paragraphs, acting, strict=True))
    ]
    head_end = _head_end(without_tail, prose[0], acting)
    return tuple(
        _with_mark(one)
        if one.mark is None and rule and position < head_end and rule.place in HEAD
        else one
        for position, (one, rule) in enumerate(zip(without_tail, acting, strict=True))
    )


def _with_mark(paragraph: MarkedParagraph) -> MarkedParagraph:
    return replace(paragraph, mark=Mark(Reason.BOILERPLATE, paragraph.placed_rule))


def _head_end(
    paragraphs: Sequence[MarkedParagraph], first_prose: int, acting: Sequence[Rule | None]
) -> int:
    """The position before which lines stand in the head."""
    end = first_prose
    for position in range(first_prose + 1, len(paragraphs)):
        if paragraphs[position].mark is not None:
            continue
        rule = acting[position]
        if rule is None or rule.place not in HEAD:
            break
        end = position + 1
    return end
