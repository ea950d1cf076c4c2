"""In which words a copy differs from its original."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_WORDS = 400
"""Beyond, nothing is marked: the comparison's cost grows with the square of the words."""


class Piece(NamedTuple):
    """Words of a copy, and words of the original that stand in their place if they differ."""

    text: str
    instead_of: str | None


def differing(copy: str, original: str | None) -> Sequence[Piece]:
    """The copy in pieces; `instead_of` is None in those that are the same as in the original."""
    ours, theirs = copy.split(), (original or "").split()
    if original is None or max(len(ours), len(theirs)) > MOST_WORDS:
        return [Piece(copy, None)]
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    return [
        Piece(
            " ".join(ours[first:last]),
            None if tag == "equal" else " ".join(theirs[their_first:their_last]),
        )
        for tag, their_first, their_last, first, last in matcher.get_opcodes()
    ]
