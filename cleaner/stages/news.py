"""Tell whether a document shows signs of being an article from the web.

Rules of high risk, right for news and wrong for a poem or a play, act only on such documents.
"""

from collections.abc import Iterable

from cleaner.document import Metadata
from cleaner.rule import Risk, Rule, RulePlace

UNSURE = frozenset({RulePlace.BLOCK, RulePlace.RUN})
"""Places of rules that fit many a line which they do not take."""
FIELDS = ("url", "date", "author", "sitename")
"""Metadata that a page has, or a row about one."""


def has_news_signs(metadata: Metadata, matches: Iterable[tuple[Rule, ...]]) -> bool:
    """Whether it says where or when it appeared or who wrote it, or holds sure boilerplate.

    Args:
        metadata: of the document.
        matches: the rules that fit each of its lines.

    """
    if any(metadata.get(name) for name in FIELDS):
        return True
    return any(
        rule.risk is Risk.LOW and rule.place not in UNSURE for found in matches for rule in found
    )
