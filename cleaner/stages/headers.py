"""What follows a header near the end: readers' comments, links to other articles."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.words import count_words, is_prose

LONGEST_HEADER = 5
"""Words. A longer line that a rule on related links takes is such a link itself."""
MOST_LINKS = 20
"""Lines below a header of links. A list that goes on for longer may be the article."""
LEAST_PROSE = 2
"""Paragraphs of running text above the comments, without which they may be all there is."""
LINK_HEADERS = "navigation.related"
"""How the ids of rules on links to other articles begin, one for each group of languages."""
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


def lines_below_headers(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The unmarked lines below such headers, to the end of the document."""
    comments = _comments_begin(paragraphs)
    links = _links_begin(paragraphs)
    for begins, rule in (
        (comments, ContextRule.BELOW_COMMENTS),
        (links, ContextRule.BELOW_RELATED),
    ):
        if begins is not None and rules.enables(rule):
            for position in range(begins + 1, len(paragraphs)):
                if paragraphs[position].mark is None:
                    yield position, rule


def _links_begin(paragraphs: Sequence[MarkedParagraph]) -> int | None:
    """The header below which there is not one line of prose."""
    for position in reversed(range(len(paragraphs))):
        paragraph = paragraphs[position]
        if paragraph.mark is None and is_prose(paragraph.text):
            return None
        is_header = (_rule(paragraph) or "").startswith(LINK_HEADERS)
        if is_header and count_words(paragraph.text) <= LONGEST_HEADER:
            return position if len(paragraphs) - position <= MOST_LINKS + 1 else None
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
