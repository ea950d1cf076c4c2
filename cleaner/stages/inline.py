"""Cut boilerplate out of the middle of a paragraph that is otherwise text."""

from collections.abc import Iterator

from cleaner.document import Cut
from cleaner.rules import RuleSet

MOST_CUTS = 50
"""Of one paragraph; one with more is no text with junk in it."""


def cut_inline(text: str, rules: RuleSet) -> tuple[str, tuple[Cut, ...]]:
    """The paragraph without what rules for parts of a line take, and what they took, in order.

    A cut is made where one before it has left the text, so undoing begins with the last. Where
    nothing would be left, the paragraph stays as it is: whole lines are other rules' business.
    """
    cuts: list[Cut] = []
    left = text
    for _ in range(MOST_CUTS):
        cut = next(_possible(left, rules), None)
        if cut is None:
            return left, tuple(cuts)
        cuts.append(cut)
        left = left[: cut.at] + left[cut.at + len(cut.text) :]
    return text, ()


def _possible(text: str, rules: RuleSet) -> Iterator[Cut]:
    """The cuts that may come next."""
    for rule, first, last in rules.inline_parts(text):
        start, end = _with_space(text, first, last)
        if _is_apart(text, start, end) and any(map(str.isalnum, text[:start] + text[end:])):
            yield Cut(start, text[start:end], rule.id)


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether nothing runs together without the part: not words, nor halves of a letter."""
    before, after = text[:start], text[end:]
    return not before or not after or before[-1].isspace() or after[0].isspace()


def _with_space(text: str, start: int, end: int) -> tuple[int, int]:
    """A part and the white space beside it that would be too much without it."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if not before or not after:
        return (len(before), end) if before else (start, len(text) - len(after))
    if text[start - 1].isspace() and text[end].isspace():
        return start, end + 1
    return start, end
