"""Lines that are nothing but a link: teasers of other articles, between an article's own lines."""

from collections.abc import Iterator, Sequence

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.words import letters_and_digits

MOST_SHARE = 0.25
"""Of a document's lines that are links. With more it is itself a list of links."""


def lines_that_are_links(
    paragraphs: Sequence[MarkedParagraph], links: frozenset[str], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The unmarked lines that the page shows as links, unless they are much of the document."""
    if not links or not rules.enables(ContextRule.LINK):
        return
    found = [
        at
        for at, one in enumerate(paragraphs)
        if at > 0 and one.mark is None and letters_and_digits(one.text) in links
    ]
    if len(found) <= MOST_SHARE * len(paragraphs):
        yield from ((at, ContextRule.LINK) for at in found)
