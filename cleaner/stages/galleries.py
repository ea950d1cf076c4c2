"""Captions of picture galleries: lines that come again and again around "Image 1 of 8"."""

from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.document import MarkedParagraph
from cleaner.rules import ContextRule, RuleSet

CONTROLS = "caption.controls"
NEAR = 4
"""Lines between a gallery's control and the caption that belongs to it."""
COMPARED = 60
"""First letters and digits of a caption; at its end one copy may name the photographer."""
SHORTEST = 30


def gallery_captions(
    paragraphs: Sequence[MarkedParagraph], rules: RuleSet
) -> Iterator[tuple[int, ContextRule]]:
    """The lines that repeat in a document and of which one stands beside a gallery's control."""
    controls = [at for at, one in enumerate(paragraphs) if one.mark and one.mark.rule == CONTROLS]
    if not controls or not rules.enables(ContextRule.CAPTION_IN_GALLERY):
        return
    beginnings = [_beginning(one.text) for one in paragraphs]
    counts = Counter(beginnings)
    captions = {
        beginnings[at]
        for control in controls
        for at in range(max(0, control - NEAR), min(len(paragraphs), control + NEAR + 1))
        if len(beginnings[at]) >= SHORTEST and counts[beginnings[at]] > 1
    }
    for at, one in enumerate(paragraphs):
        if one.mark is None and beginnings[at] in captions:
            yield at, ContextRule.CAPTION_IN_GALLERY


def _beginning(text: str) -> str:
    letters = [character for character in text.casefold() if character.isalnum()]
    return "".join(letters[:COMPARED])
