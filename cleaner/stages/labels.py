"""What stands below a credit's label that has a line of its own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.words import count_words, ends_like_a_sentence

BARE_LABEL = "photo_credit.bare_label"
LONGEST_CREDIT = 8
"""Words."""


def below_labels(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The short unmarked lines right below a credit's bare label: whom the credit names."""
    if not rules.enables(ContextRule.BELOW_LABEL):
        return
    for at, (label, below) in enumerate(pairwise(paragraphs), 1):
        is_label = label.mark is not None and label.mark.rule == BARE_LABEL
        if is_label and below.mark is None and _may_be_credit(below.text):
            yield at, ContextRule.BELOW_LABEL


def _may_be_credit(text: str) -> bool:
    return count_words(text) <= LONGEST_CREDIT and not ends_like_a_sentence(text)
