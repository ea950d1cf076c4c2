"""Crowded paragraphs: candidates by rare shingles, and by longer bands where no shingle is rare.

Thousands of variants of one line, alike but not alike enough, fill the same band buckets, and
comparing all pairs would take quadratic time. Two ways to find the similar ones among them:

- Prefix filtering (Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins", 2006;
  Xiao et al., "Efficient similarity joins for near duplicate detection", 2008) is exact: with all
  shingles in one order, rare ones first, two sets of Jaccard similarity t must share one of the
  first |x| - ceil(t |x|) + 1 of each; and of the smaller set, one of the first
  |x| - ceil(2t / (1 + t) |x|) + 1. What a crowd has in common is frequent, so it stands at the
  end, and does not bring its members together.
- Where a shingle of those brings too many together, as in text spun from a form with a few choices
  for each gap, bands of twice as many rows do, enough of them to miss one pair in ten thousand at
  the threshold. Of text that shares a third of its shingles they bring together one pair in a
  hundred; what shares two thirds and has no rare shingle they do not tell apart.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column, ColumnWriter, spans
from cleaner.duplicates.bands import rows_per_band
from cleaner.duplicates.buckets import FULL, MemberWriter
from cleaner.duplicates.contenders import Contenders
from cleaner.duplicates.groups import BYTES_PER_ROW, Groups, repeated
from cleaner.duplicates.holdings import ALL_NAMES, ALL_NUMBERS, Holdings
from cleaner.duplicates.shingles import HashLists, ranges
from cleaner.duplicates.terms import Relation, Terms, key_within
from cleaner.duplicates.tokens import mix64

AT_ONCE = 1 << 9
"""Paragraphs whose rows are made at once."""
COUNTED_BITS = np.uint64(22)
"""Shingles are counted by so many bits of their hash; where two meet, an order is all the same."""
ROUNDING = 1e-9
EARLY = FULL & ~(ALL_NUMBERS | ALL_NAMES)
"""Bit of a role: the shingle is of the shorter prefix."""
MOST_PAIRS = 50
"""For each member of a shingle's bucket. Longer bands cost as much as some hundred pairs."""
MOST_TOGETHER = 1 << 17
"""Members of the largest bucket of a shingle, which fits the least memory there is."""
MISSED = 1e-4
"""How likely longer bands miss a pair that is just as similar as the threshold."""
ROLES = np.arange(FULL + 1)
MEET = ((ROLES[:, None] | ROLES) == FULL).astype(np.int64)
"""Whether two roles meet. Shape (roles, roles)."""


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """Keys of some paragraphs, each with whose it is and a role."""

    keys: NDArray[np.uint64]
    owners: NDArray[np.int64]
    roles: NDArray[np.uint8]


def join_crowds(
    contenders: Contenders,
    crowded: NDArray[np.int64],
    terms: Terms,
    folder: Path,
    writer: MemberWriter,
) -> None:
    """Write buckets in which the pairs of crowded contenders meet that may be copies.

    They are similar enough, but for a few that longer bands may miss, and their facts agree.
    """
    crowd = Crowd(contenders, crowded, terms, Holdings(contenders, crowded, terms.config))
    counts = crowd.shingle_counts()
    threshold = terms.config.threshold
    everyone = np.arange(len(crowded))
    has_unrare = np.zeros(len(crowded), dtype=bool)

    def by_shingles(sets: HashLists) -> KeyedRows:
        return prefixes(sets, counts, threshold)

    def by_bands(sets: HashLists) -> KeyedRows:
        return long_bands(sets, threshold)

    # What is told of each bucket takes more than its rows do.
    share = terms.memory // 4
    memory = max(share, (MOST_TOGETHER + 1) * BYTES_PER_ROW)
    for groups, members, roles in crowd.meetings(everyone, by_shingles, folder / "1", memory):
        pairs, sizes = pairs_under(groups, roles)
        is_crowd = (pairs > MOST_PAIRS * sizes) | (sizes > MOST_TOGETHER) | groups.is_piece
        has_unrare[members[is_crowd]] = True
        kept = ~is_crowd & (pairs > 0)
        writer.append(groups.keys[kept], crowded[members[kept]], roles[kept])
    unrare = np.flatnonzero(has_unrare)
    for groups, members, roles in crowd.meetings(unrare, by_bands, folder / "2", share):
        pairs, _ = pairs_under(groups, roles)
        kept = (pairs > 0) | groups.is_piece
        writer.append(groups.keys[kept], crowded[members[kept]], roles[kept])


class Crowd:
    """All crowded contenders; each is named by its place among them."""

    def __init__(
        self,
        contenders: Contenders,
        crowded: NDArray[np.int64],
        terms: Terms,
        holdings: Holdings,
    ) -> None:
        self._contenders = contenders
        self._crowded = crowded
        self._holdings = holdings
        self._within = terms.relation is Relation.WITHIN

    def shingle_counts(self) -> NDArray[np.int64]:
        """How often shingles with these lowest bits come in the crowds."""
        counts = np.zeros(1 << int(COUNTED_BITS), dtype=np.int64)
        for first, last in spans(len(self._crowded), AT_ONCE):
            hashes = self._contenders.shingles.take(self._crowded[first:last]).hashes
            np.add.at(counts, slots_of(hashes), 1)
        return counts

    def meetings(
        self,
        places: NDArray[np.int64],
        rows_of: Callable[[HashLists], KeyedRows],
        folder: Path,
        memory: int,
    ) -> Iterator[tuple[Groups, NDArray[np.int64], NDArray[np.uint8]]]:
        """Groups of rows that share a key and hold the same facts; whose they are; their roles."""
        with ColumnWriter(folder) as columns:
            for first, last in spans(len(places), AT_ONCE):
                rows = self.with_facts(places[first:last], rows_of)
                columns.append("keys", rows.keys)
                columns.append("members", rows.owners)
                columns.append("roles", rows.roles)
                self._contenders.release()
        keys = Column(folder / "keys", np.uint64)
        members = Column(folder / "members", np.int64)
        roles = Column(folder / "roles", np.uint8)

        def read(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
            return keys.array[first:last], np.arange(first, last)

        for groups in repeated(read, len(keys), memory):
            if len(groups.rows):
                yield groups, members.array[groups.rows], roles.array[groups.rows]
            for column in (keys, members, roles):
                column.release()

    def with_facts(
        self, places: NDArray[np.int64], rows_of: Callable[[HashLists], KeyedRows]
    ) -> KeyedRows:
        """The rows of some, each once for each way in which facts may agree, under its own key."""
        members = self._crowded[places]
        rows = rows_of(self._contenders.shingles.take(members))
        variants = self._holdings.variants(places)
        sizes = np.diff(variants.starts)[rows.owners]
        each = np.repeat(np.arange(len(rows.keys)), sizes)
        variant = ranges(variants.starts[rows.owners], sizes)
        owners = rows.owners[each]
        keys = mix64(rows.keys[each] + variants.salts[variant])
        if self._within:
            keys = key_within(keys, self._contenders.documents[members[owners]])
        return KeyedRows(keys, places[owners], rows.roles[each] | variants.roles[variant])


def slots_of(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each shingle is counted."""
    return (hashes & ((np.uint64(1) << COUNTED_BITS) - np.uint64(1))).astype(np.int64)


def prefixes(sets: HashLists, counts: NDArray[np.int64], threshold: float) -> KeyedRows:
    """The rarest shingles of each set."""
    sizes = sets.sizes()
    owners = np.repeat(np.arange(len(sets)), sizes)
    order = np.lexsort((sets.hashes, counts[slots_of(sets.hashes)], owners))
    places = ranges(np.zeros(len(sets), dtype=np.int64), sizes)
    longer = sizes - np.ceil(threshold * sizes - ROUNDING) + 1
    shorter = sizes - np.ceil(2 * threshold / (1 + threshold) * sizes - ROUNDING) + 1
    used = places < longer[owners]
    roles = np.where(places < shorter[owners], EARLY, 0).astype(np.uint8)
    return KeyedRows(sets.hashes[order][used], owners[used], roles[used])


def long_bands(sets: HashLists, threshold: float) -> KeyedRows:
    """Keys of bands that are twice as long as those of signatures, from hashes of their own."""
    rows = 2 * rows_per_band(threshold)
    bands = math.ceil(math.log(MISSED) / math.log1p(-min(threshold**rows, 1 - MISSED)))
    keys = np.repeat(np.arange(1, bands + 1, dtype=np.uint64)[:, None], len(sets), axis=1)
    # An odd factor permutes the hashes, which are random already.
    factors = mix64(np.arange(1, bands * rows + 1, dtype=np.uint64)) | np.uint64(1)
    for at, factor in enumerate(factors):
        least = np.minimum.reduceat(sets.hashes * factor, sets.offsets[:-1])
        keys[at // rows] = mix64(keys[at // rows] + least)
    owners = np.repeat(np.arange(len(sets))[:, None], bands, axis=1)
    return KeyedRows(keys.T.ravel(), owners.ravel(), np.full(keys.size, EARLY, dtype=np.uint8))


def pairs_under(
    groups: Groups, roles: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each row how many pairs meet under its key, and how many rows there are."""
    begins = groups.firsts() == np.arange(len(groups.rows))
    buckets = np.cumsum(begins) - 1
    slots = buckets * len(ROLES) + roles
    size = len(ROLES) * int(buckets[-1] + 1)
    counts = np.bincount(slots, minlength=size).reshape(-1, len(ROLES))
    return pairs_of(counts)[buckets], counts.sum(axis=1)[buckets]


def pairs_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many pairs meet in each bucket that has so many rows of each role. Shape (buckets,)."""
    pairs: NDArray[np.int64] = ((counts * (counts @ MEET)).sum(axis=1) - counts[:, FULL]) // 2
    return pairs


def is_unrare(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether shingles that so many rows of each role have bring too many together."""
    sizes = counts.sum(axis=1)
    unrare: NDArray[np.bool_] = (pairs_of(counts) > MOST_PAIRS * sizes) | (sizes > MOST_TOGETHER)
    return unrare
