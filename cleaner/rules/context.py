"""Rules that look at a line's neighbours or the page, and so are code, not patterns."""

from enum import StrEnum


class ContextRule(StrEnum):
    """Ids of such rules; they can be disabled like any other."""

    CAPTION_BESIDE_AD = "caption.beside_ad"
    CAPTION_BESIDE_CREDIT = "caption.beside_credit"
    CAPTION_IN_GALLERY = "caption.in_gallery"
    BELOW_COMMENTS = "comment_form.below_header"
    BELOW_RELATED = "navigation.below_related"
    PAGE_TITLE = "navigation.page_title"
