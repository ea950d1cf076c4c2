"""Which of many pairs are copies: true Jaccard similarity, and facts that agree.

All at once, with arrays over the pairs. Cheap tests that never rule out a similar pair come first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import spans
from cleaner.config import Config
from cleaner.duplicates.shingles import HashLists, bounds
from cleaner.duplicates.terms import Relation, Terms

PAIRS_AT_ONCE = 1 << 17
ELEMENTS_AT_ONCE = 1 << 20
ROUNDING = 1e-9


class Comparable(Protocol):
    """What is known of paragraphs that are compared, side by side."""

    @property
    def documents(self) -> NDArray[np.int64]:
        """Of each, the number of its document."""

    @property
    def shingles(self) -> HashLists:
        """Sets."""

    @property
    def numbers(self) -> HashLists:
        """Sets."""

    @property
    def names(self) -> HashLists:
        """Sets."""

    @property
    def negations(self) -> NDArray[np.int64]:
        """How many negating words each holds."""

    def shingles_in_order(self, numbers: NDArray[np.int64]) -> HashLists:
        """The shingles of some as the text has them."""


class Contending(Comparable, Protocol):
    """What is known of contenders, side by side."""

    @property
    def statements(self) -> NDArray[np.uint8]:
        """1 for what may copy another paragraph of its own document, else 0."""

    @property
    def parities(self) -> NDArray[np.uint64]:
        """Their parity sketches. Shape (contenders, 4)."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of contenders by their numbers; `later` stands after `earlier` in the documents."""

    later: NDArray[np.int64]
    earlier: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.later)

    def where(self, wanted: NDArray[np.bool_]) -> "Pairs":
        """Some of the pairs."""
        return Pairs(self.later[wanted], self.earlier[wanted])


@dataclass(frozen=True, slots=True)
class SimilarPairs:
    """Pairs that may be copies, and their Jaccard similarity."""

    pairs: Pairs
    similarities: NDArray[np.float64]


def similar_pairs(contenders: Contending, pairs: Pairs, terms: Terms) -> SimilarPairs:
    """Those pairs whose similarity reaches the threshold and whose facts agree, in their order."""
    found: list[SimilarPairs] = []
    for first, last in spans(len(pairs), PAIRS_AT_ONCE):
        some = Pairs(pairs.later[first:last], pairs.earlier[first:last])
        likely = _in_chunks(contenders, may_be_similar(contenders, some, terms))
        found += [_similar(contenders, chunk, terms.config) for chunk in likely]
    nothing = np.empty(0, dtype=np.int64)
    return SimilarPairs(
        Pairs(
            np.concatenate([nothing, *(one.pairs.later for one in found)]),
            np.concatenate([nothing, *(one.pairs.earlier for one in found)]),
        ),
        np.concatenate([np.empty(0), *(one.similarities for one in found)]),
    )


def may_be_similar(contenders: Contending, pairs: Pairs, terms: Terms) -> Pairs:
    """Leave out what the documents, the sizes or the parity sketches rule out."""
    relation, threshold = terms.relation, terms.config.threshold
    documents = contenders.documents
    same = documents[pairs.later] == documents[pairs.earlier]
    wanted = ~same if relation is Relation.ACROSS else contenders.statements[pairs.later] > 0
    if relation is Relation.WITHIN:
        wanted &= same
    elif relation is Relation.ANY:
        wanted |= ~same
    pairs = pairs.where(wanted)
    starts = contenders.shingles.offsets
    later = starts[pairs.later + 1] - starts[pairs.later]
    earlier = starts[pairs.earlier + 1] - starts[pairs.earlier]
    # The most elements in which sets of these sizes can differ at the threshold.
    most = (later + earlier) * ((1 - threshold) / (1 + threshold)) + ROUNDING
    near = np.abs(later - earlier) <= most
    pairs, most = pairs.where(near), most[near]
    differing = np.zeros(len(pairs), dtype=np.int64)
    for word in contenders.parities.T:
        differing += np.bitwise_count(word[pairs.later] ^ word[pairs.earlier])
    return pairs.where(differing <= most)


def _in_chunks(contenders: Contending, pairs: Pairs) -> Iterator[Pairs]:
    """The pairs, so many at once that their shingles are not too many."""
    starts = contenders.shingles.offsets
    elements = np.cumsum(starts[pairs.later + 1] - starts[pairs.later])
    total = int(elements[-1]) if len(elements) else 0
    cuts = np.searchsorted(elements, np.arange(ELEMENTS_AT_ONCE, total, ELEMENTS_AT_ONCE))
    for first, last in pairwise([0, *cuts.tolist(), len(pairs)]):
        yield Pairs(pairs.later[first:last], pairs.earlier[first:last])


def _similar(contenders: Contending, pairs: Pairs, config: Config) -> SimilarPairs:
    sets = contenders.shingles
    shared = shared_counts(sets, pairs)
    sizes = sets.offsets[pairs.later + 1] - sets.offsets[pairs.later]
    others = sets.offsets[pairs.earlier + 1] - sets.offsets[pairs.earlier]
    similarities = shared / (sizes + others - shared)
    enough = similarities >= config.threshold
    pairs, similarities = pairs.where(enough), similarities[enough]
    agree = facts_agree(contenders, pairs, config)
    pairs, similarities = pairs.where(agree), similarities[agree]
    adds = adds_in_its_document(contenders, pairs, config)
    return SimilarPairs(pairs.where(~adds), similarities[~adds])


def facts_agree(contenders: Comparable, pairs: Pairs, config: Config) -> NDArray[np.bool_]:
    """Whether no number or name of one stands against another one in the other paragraph.

    One may have more than the other, as where a sentence adds who spoke; negations must be equal.
    """
    agree = np.ones(len(pairs), dtype=bool)
    if config.numbers_agree:
        agree &= _one_holds_the_other(contenders.numbers, pairs)
    if config.names_agree:
        agree &= _one_holds_the_other(contenders.names, pairs)
    if config.negations_agree:
        agree &= contenders.negations[pairs.later] == contenders.negations[pairs.earlier]
    return agree


def adds_in_its_document(contenders: Comparable, pairs: Pairs, config: Config) -> NDArray[np.bool_]:
    """Whether the later paragraph adds a stretch of its own to one of the same document."""
    documents = contenders.documents
    adds: NDArray[np.bool_] = documents[pairs.later] == documents[pairs.earlier]
    some = pairs.where(adds)
    ordered = contenders.shingles_in_order(some.later)
    is_known = is_among(ordered, contenders.shingles, some.earlier)
    adds[adds] = longest_runs(~is_known, ordered.offsets) > config.added_shingles
    return adds


def longest_runs(flags: NDArray[np.bool_], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most flags in a row in each list, none of which is empty. Shape (lists,)."""
    places = np.arange(len(flags))
    ended = np.where(flags, -1, places)
    firsts = offsets[:-1]
    ended[firsts] = np.maximum(ended[firsts], firsts - 1)
    runs = places - np.maximum.accumulate(ended)
    if not len(firsts):
        return np.empty(0, dtype=np.int64)
    longest: NDArray[np.int64] = np.maximum.reduceat(runs, firsts)
    return longest


def _one_holds_the_other(sets: HashLists, pairs: Pairs) -> NDArray[np.bool_]:
    shared = shared_counts(sets, pairs)
    sizes = sets.offsets[pairs.later + 1] - sets.offsets[pairs.later]
    others = sets.offsets[pairs.earlier + 1] - sets.offsets[pairs.earlier]
    agree: NDArray[np.bool_] = (shared == sizes) | (shared == others)
    return agree


def shared_counts(sets: HashLists, pairs: Pairs) -> NDArray[np.int64]:
    """How many elements the two sets of each pair share. Shape (pairs,)."""
    wanted = sets.take(pairs.later)
    found = is_among(wanted, sets, pairs.earlier)
    return np.diff(bounds(found.astype(np.int64))[wanted.offsets])


def is_among(lists: HashLists, sets: HashLists, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each element of a list is in the set of that row. Shape (elements,).

    Each is looked for by bisection, all of them in step.
    """
    wanted, sizes = lists.hashes, lists.sizes()
    low = np.repeat(sets.offsets[rows], sizes)
    end = np.repeat(sets.offsets[rows + 1], sizes)
    high = end.copy()
    widest = int((high - low).max()) if len(wanted) else 0
    last = max(len(sets.hashes) - 1, 0)
    for _ in range(widest.bit_length()):
        middle = (low + high) >> 1
        less = (sets.hashes[np.minimum(middle, last)] < wanted) & (low < high)
        low = np.where(less, middle + 1, low)
        high = np.where(less, high, middle)
    if not len(sets.hashes):
        return np.zeros(len(wanted), dtype=bool)
    found: NDArray[np.bool_] = (low < end) & (sets.hashes[np.minimum(low, last)] == wanted)
    return found
