"""What follows the end of an article: readers' comments, links, prompts and notices."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet
from cleaner.stages.place import TAIL
from cleaner.words import count_words, ends_like_a_sentence, is_prose

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
FOOTER = frozenset({"navigation", "comment_form", "legal", "bio", "reporting"})
"""Categories of lines that stand where the text is over, and elsewhere too."""
LINKS = "navigation.related"
"""How the ids of rules on links to other articles begin."""
LONGEST_HEADER = 5
"""Words. A longer line that such a rule takes is a link itself."""
SHORTEST_SENTENCE = 5
"""Words. A sentence may still be text there, and a post of somebody's stays with its name."""
SIGNED = re.compile(r"\(@\w+\)")
MOST_IN_FOOTER = 40
"""Lines. More may be a table or a list that is the article."""


def lines_below_headers(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The unmarked lines below a header of comments, or in a footer, to the end of the document."""
    for begins, rule in (
        (_comments_begin(paragraphs), ContextRule.BELOW_COMMENTS),
        (_footer_begins(paragraphs, rules), ContextRule.IN_FOOTER),
    ):
        if begins is not None and rules.enables(rule):
            for position in range(begins + 1, len(paragraphs)):
                paragraph = paragraphs[position]
                is_kept = rule is ContextRule.IN_FOOTER and _may_be_text(paragraph.text)
                if paragraph.mark is None and not is_kept:
                    yield position, rule


def _may_be_text(text: str) -> bool:
    is_sentence = ends_like_a_sentence(text) and count_words(text) >= SHORTEST_SENTENCE
    return is_sentence or SIGNED.search(text) is not None


def _footer_begins(paragraphs: Sequence[MarkedParagraph], rules: RuleSet) -> int | None:
    """The first line below the last prose from which most lines can only stand in a footer.

    One line by which links to other articles begin is enough.
    """
    begins, found = None, 0
    for position in reversed(range(len(paragraphs))):
        paragraph = paragraphs[position]
        rule = _rule(paragraph)
        if rule is None and is_prose(paragraph.text):
            break
        if rule and rule.partition(".")[0] in FOOTER and _goes_there(paragraph, rules):
            found += 1
            lines = len(paragraphs) - position
            is_header = rule.startswith(LINKS) and _is_bare(paragraph.text)
            if lines <= MOST_IN_FOOTER and (found * 2 >= lines or (is_header and lines > 1)):
                begins = position
    else:
        return None
    return begins


def _is_bare(header: str) -> bool:
    """Whether a header of links is not itself a link: "Read more", not "Read more: The clock"."""
    return count_words(header) <= LONGEST_HEADER and ":" not in header.rstrip(": ")


def _goes_there(paragraph: MarkedParagraph, rules: RuleSet) -> bool:
    """Whether a line goes below the last prose, if by a rule for some places only."""
    placed = paragraph.placed_rule
    return placed is None or rules[placed].place in TAIL


def _comments_begin(paragraphs: Sequence[MarkedParagraph]) -> int | None:
    """The header below which signs of comments follow one another to the end."""
    headers = [
        position
        for position in _signs_to_the_end(paragraphs)[:-LEAST_SIGNS]
        if _rule(paragraphs[position]) in COMMENT_HEADERS
    ]
    if not headers:
        return None
    prose = (at for at, one in enumerate(paragraphs) if one.mark is None and is_prose(one.text))
    last_needed = next(islice(prose, LEAST_PROSE - 1, None), len(paragraphs))
    return next((position for position in headers if position > last_needed), None)


def _signs_to_the_end(paragraphs: Sequence[MarkedParagraph]) -> list[int]:
    """Where signs of comments stand, from the first after which they follow one another."""
    reaches, signs = len(paragraphs), []
    for position in reversed(range(len(paragraphs))):
        if reaches - position > WIDEST_GAP:
            break
        rule = _rule(paragraphs[position])
        if rule and rule.partition(".")[0] in COMMENT_SIGNS:
            reaches = position
            signs.append(position)
    return signs[::-1]


def _rule(paragraph: MarkedParagraph) -> str | None:
    return paragraph.mark.rule if paragraph.mark else paragraph.placed_rule
