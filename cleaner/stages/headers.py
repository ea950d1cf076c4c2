"""What follows the end of an article: readers' comments, links, prompts and notices."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.words import is_prose

LEAST_PROSE = 2
"""Paragraphs of running text above the comments, without which they may be all there is."""
COMMENT_HEADERS = frozenset(
    {"comment_form.around_comments", "comment_form.heading"}
    | {"comment_form.german", "comment_form.elsewhere", "comment_form.east_asian"}
    | {"comment_form.elsewhere_more", "comment_form.other_scripts"}
)
COMMENT_SIGNS = frozenset({"comment_form", "byline"})
"""Categories of the lines that stand between comments: "2 days ago", "Tom said:", "Reply"."""
LEAST_SIGNS = 3
WIDEST_GAP = 12
"""Lines from one sign to the next, where a reader had much to say."""
FOOTER = frozenset({"navigation", "promo", "comment_form", "legal", "bio", "reporting"})
"""Categories of lines below which, once the prose is over, no text comes any more."""
MOST_IN_FOOTER = 40
"""Lines. More may be a table or a list that is the article."""


def lines_below_headers(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The unmarked lines below a header of comments, or in a footer, to the end of the document."""
    for begins, rule in (
        (_comments_begin(paragraphs), ContextRule.BELOW_COMMENTS),
        (_footer_begins(paragraphs), ContextRule.IN_FOOTER),
    ):
        if begins is not None and rules.enables(rule):
            for position in range(begins + 1, len(paragraphs)):
                if paragraphs[position].mark is None:
                    yield position, rule


def _footer_begins(paragraphs: Sequence[MarkedParagraph]) -> int | None:
    """The first line below the last prose that can only stand in a footer."""
    begins = None
    for position in reversed(range(len(paragraphs))):
        paragraph = paragraphs[position]
        rule = _rule(paragraph)
        if rule is None and is_prose(paragraph.text):
            return begins if len(paragraphs) - position <= MOST_IN_FOOTER else None
        if rule and rule.partition(".")[0] in FOOTER:
            begins = position
    return None


def _comments_begin(paragraphs: Sequence[MarkedParagraph]) -> int | None:
    """The header below which signs of comments follow one another to the end."""
    prose = 0
    for position, paragraph in enumerate(paragraphs):
        if prose >= LEAST_PROSE and _rule(paragraph) in COMMENT_HEADERS:
            signs = [
                place
                for place in range(position, len(paragraphs))
                if (_rule(paragraphs[place]) or "").partition(".")[0] in COMMENT_SIGNS
            ]
            gaps = [after - before for before, after in pairwise(signs)]
            to_end = len(paragraphs) - signs[-1]
            if len(signs) > LEAST_SIGNS and max(*gaps, to_end) <= WIDEST_GAP:
                return position
        prose += paragraph.mark is None and is_prose(paragraph.text)
    return None


def _rule(paragraph: MarkedParagraph) -> str | None:
    return paragraph.mark.rule if paragraph.mark else paragraph.placed_rule
