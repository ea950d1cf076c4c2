"""What stands below the label of a credit or a byline that has a line of its own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.words import count_words, ends_like_a_sentence

LABELS = {
    "photo_credit.bare_label": ContextRule.BELOW_LABEL,
    "byline.bare_label": ContextRule.BELOW_BYLINE,
}
"""By the rule that takes the label, the one that takes the line below."""
LONGEST_CREDIT = 8
"""Words."""


def below_labels(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The short unmarked lines right below such a label: whom it names."""
    for at, (label, below) in enumerate(pairwise(paragraphs), 1):
        rule = LABELS.get(label.mark.rule or "") if label.mark else None
        if rule and rules.enables(rule) and below.mark is None and _may_name(below.text):
            yield at, rule


def _may_name(text: str) -> bool:
    """Whether a short line ends as names do, with a capital."""
    is_short = count_words(text) <= LONGEST_CREDIT and not ends_like_a_sentence(text)
    return is_short and text.rsplit(maxsplit=1)[-1].lstrip("(@")[:1].isupper()
