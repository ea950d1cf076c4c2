"""The truth for quality.py: all pairs of paragraphs that are similar, found without hashing.

Shares no code with the package. Tokens are maximal runs of letters, marks and numbers after case
folding, a shingle is three consecutive tokens, and all are compared as what they are, not by a
hash. Pairs are exact: two sets of Jaccard similarity s or more share one of the |x| - ceil(s|x|)
+ 1 rarest shingles of each (prefix filter; Chaudhuri, Ganti, Kaushik, "A Primitive Operator for
Similarity Joins in Data Cleaning", 2006), so only such pairs are compared, in full.
"""

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

SHINGLE_SIZE = 3


class _Spacing(dict[int, str]):
    """For str.translate: every character that belongs to no token becomes a space."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        self[point] = character if unicodedata.category(character)[0] in "LMN" else " "
        return self[point]


_SPACING = _Spacing()


def tokens(paragraph: str) -> list[str]:
    """The tokens of a paragraph."""
    return paragraph.casefold().translate(_SPACING).split()


def shingle_sets(paragraphs: Iterable[str]) -> list[frozenset[int]]:
    """The set of each paragraph, its shingles numbered; empty where there is no token."""
    numbers: dict[tuple[str, ...], int] = {}
    sets = []
    for paragraph in paragraphs:
        words = tokens(paragraph)
        starts = range(max(1, len(words) - SHINGLE_SIZE + 1) if words else 0)
        shingles = (tuple(words[start : start + SHINGLE_SIZE]) for start in starts)
        sets.append(frozenset(numbers.setdefault(one, len(numbers)) for one in shingles))
    return sets


def similar_pairs(sets: Sequence[frozenset[int]], least: float) -> Iterator[tuple[int, int, float]]:
    """All (later, earlier, similarity) of at least this Jaccard similarity."""
    counts: Counter[int] = Counter()
    for one in sets:
        counts.update(one)
    seen: dict[int, list[int]] = defaultdict(list)
    for later, own in enumerate(sets):
        if not own:
            continue
        rarest_first = sorted(own, key=lambda shingle: (counts[shingle], shingle))
        # Rounded down a hair, so that an inexact product can only add a comparison.
        prefix = len(own) - math.ceil(least * len(own) - 1e-9) + 1
        candidates: set[int] = set()
        for shingle in rarest_first[:prefix]:
            if counts[shingle] > 1:
                candidates.update(seen[shingle])
                seen[shingle].append(later)
        for earlier in candidates:
            shared = len(own & sets[earlier])
            similarity = shared / (len(own) + len(sets[earlier]) - shared)
            if similarity >= least:
                yield later, earlier, similarity
