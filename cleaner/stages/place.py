"""Take lines that are boilerplate only at the head or the tail of an article."""

from collections.abc import Iterable, Mapping, Sequence

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
    marked = list(paragraphs)
    acting = {
        position: rule
        for position, one in enumerate(paragraphs)
        if one.placed_rule is not None and one.mark is None
        for rule in [rules[one.placed_rule]]
        if risky or rule.risk is Risk.LOW
    }
    first = _first_prose(paragraphs, range(len(paragraphs))) if acting else None
    if first is None:
        return tuple(marked)
    last = _first_prose(paragraphs, range(len(paragraphs) - 1, first, -1)) or first
    for position, rule in acting.items():
        if position > last and rule.place in TAIL:
            marked[position] = _with_mark(marked[position])
    head_end = _head_end(marked, first, acting)
    for position, rule in acting.items():
        if position < head_end and rule.place in HEAD and marked[position].mark is None:
            marked[position] = _with_mark(marked[position])
    return tuple(marked)


def _first_prose(paragraphs: Sequence[MarkedParagraph], positions: Iterable[int]) -> int | None:
    """The first of some positions at which prose stays."""
    for position in positions:
        one = paragraphs[position]
        if one.mark is None and one.placed_rule is None and is_prose(one.text):
            return position
    return None


def _with_mark(paragraph: MarkedParagraph) -> MarkedParagraph:
    return paragraph._replace(mark=Mark(Reason.BOILERPLATE, paragraph.placed_rule))


def _head_end(
    paragraphs: Sequence[MarkedParagraph], first_prose: int, acting: Mapping[int, Rule]
) -> int:
    """The position before which lines stand in the head."""
    end = first_prose
    for position in range(first_prose + 1, len(paragraphs)):
        if paragraphs[position].mark is not None:
            continue
        rule = acting.get(position)
        if rule is None or rule.place not in HEAD:
            break
        end = position + 1
    return end
