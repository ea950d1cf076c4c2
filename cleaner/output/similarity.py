"""Whether paragraphs that are on record as copies are: similarity and facts, computed anew."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.duplicates.facts import facts_of
from cleaner.duplicates.shingles import HashLists, as_sets, shingle_lists
from cleaner.duplicates.tokens import tokens_of
from cleaner.duplicates.verify import Pairs, adds_in_its_document, facts_agree, shared_counts


@dataclass(frozen=True, slots=True)
class TextPair:
    """A copy and what it copies."""

    copy: str
    original: str
    is_within: bool
    """Whether both stand in one document."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Arrays over pairs."""

    similarities: NDArray[np.float64]
    """The true Jaccard similarity."""
    agree: NDArray[np.bool_]
    """Whether the facts agree, as far as the options ask for it."""
    adds: NDArray[np.bool_]
    """Whether the copy adds a stretch of its own to an earlier paragraph of its document."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The paragraphs of the pairs: all copies, then all originals."""

    documents: NDArray[np.int64]
    ordered: HashLists
    shingles: HashLists
    numbers: HashLists
    names: HashLists
    negations: NDArray[np.int64]

    def shingles_in_order(self, numbers: NDArray[np.int64]) -> HashLists:
        """The shingles of some as the text has them."""
        return self.ordered.take(numbers)


def judge(pairs: Sequence[TextPair], config: Config) -> Verdicts:
    """Compare pairs of paragraphs as the search for copies does."""
    count = len(pairs)
    numbers = np.arange(count)
    texts = [*(pair.copy for pair in pairs), *(pair.original for pair in pairs)]
    tokens, spans = tokens_of(texts)
    ordered = shingle_lists(tokens, config.shingle_size)
    facts = facts_of(tokens, spans, config)
    is_within = np.array([pair.is_within for pair in pairs], dtype=bool)
    documents = np.concatenate((numbers, np.where(is_within, numbers, -1 - numbers)))
    sides = Sides(documents, ordered, as_sets(ordered), facts.numbers, facts.names, facts.negations)
    return verdicts_of(sides, Pairs(numbers, numbers + count), config)


def verdicts_of(sides: Sides, pairs: Pairs, config: Config) -> Verdicts:
    """Compare the copies, which come first, with their originals, in the same order."""
    count = len(pairs)
    shared = shared_counts(sides.shingles, pairs)
    sizes = sides.shingles.sizes()
    # A paragraph without a letter or digit has no shingle, and is like nothing.
    union = np.maximum(sizes[:count] + sizes[count:] - shared, 1)
    has_shingles = sizes[:count] > 0
    adds = np.zeros(count, dtype=bool)
    adds[has_shingles] = adds_in_its_document(sides, pairs.where(has_shingles), config)
    return Verdicts(shared / union, facts_agree(sides, pairs, config), adds)
