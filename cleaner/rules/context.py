"""Rules that look at a line's neighbours or the page, and so are code, not patterns."""

from enum import StrEnum
from typing import Self

from cleaner.rule import Risk


class ContextRule(StrEnum):
    """Ids of such rules, each with what it takes; they can be disabled like any other."""

    description: str
    risk: Risk

    def __new__(cls, value: str, description: str, risk: Risk = Risk.HIGH) -> Self:
        """A member whose value is its id alone."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        member.risk = risk
        return member

    CAPTION_BESIDE_AD = (
        "caption.beside_ad",
        "short lines without a full stop, in one block with an advertisement's label",
    )
    CAPTION_BESIDE_CREDIT = (
        "caption.beside_credit",
        "short lines in one block with a photo credit",
    )
    CAPTION_IN_GALLERY = (
        "caption.in_gallery",
        "lines that repeat, one of them near a picture gallery's control",
    )
    CAPTION_DOUBLED = (
        "caption.doubled",
        "a line that says what the one above said, no sentence; if with a credit, both",
    )
    BELOW_LABEL = (
        "photo_credit.below_label",
        'a short line right below the label of a credit that stands alone, such as "Photo:"',
    )
    BELOW_BYLINE = (
        "byline.below_label",
        'a short line right below the label of a byline that stands alone, such as "By"',
    )
    BYLINE_IN_HEAD = (
        "byline.in_head",
        "lines above the first prose that name the author, or names over an outlet's",
    )
    SECTION_IN_HEAD = (
        "navigation.in_head",
        "up to three words above the byline or date, when another line is the headline",
    )
    LINK = (
        "navigation.link",
        "lines of four words or more that the HTML page shows as a link to its site and no more",
    )
    BELOW_COMMENTS = (
        "comment_form.below_header",
        "everything below the header of the readers' comments",
    )
    IN_FOOTER = (
        "navigation.in_footer",
        "what follows the first prompt, notice or link below the last prose",
    )
    PAGE_TITLE = (
        "navigation.page_title",
        "lines above the first prose that say the HTML page's title again",
        Risk.LOW,
    )
