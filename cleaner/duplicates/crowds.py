"""Crowded paragraphs: candidates by their rarest shingles instead of by their signatures.

Thousands of variants of one line, alike but not alike enough, fill the same band buckets, and
comparing all pairs would take quadratic time. Prefix filtering (Chaudhuri, Ganti, Kaushik, "A
primitive operator for similarity joins", 2006; Xiao et al., "Efficient similarity joins for near
duplicate detection", 2008) is exact: with all shingles in one order, rare ones first, two sets of
Jaccard similarity t must share one of the first |x| - ceil(t |x|) + 1 of each; and of the smaller
set, one of the first |x| - ceil(2t / (1 + t) |x|) + 1. What a crowd has in common is frequent, so
it stands at the end, and does not bring its members together. Where no shingle is rare, as in text
spun from a form with a few choices for each gap, it helps little: the cost grows faster than the
crowd.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column, ColumnWriter, spans
from cleaner.config import Config
from cleaner.duplicates.buckets import FULL, LONG, MemberWriter
from cleaner.duplicates.contenders import AT_ONCE, Contenders
from cleaner.duplicates.groups import Groups, repeated
from cleaner.duplicates.shingles import HashLists, ranges, set_hashes
from cleaner.duplicates.terms import Relation, Terms, key_within
from cleaner.duplicates.tokens import mix64

COUNTED_BITS = np.uint64(22)
"""Shingles are counted by so many bits of their hash; where two meet, an order is all the same."""
ROUNDING = 1e-9


def join_crowds(
    contenders: Contenders,
    crowded: NDArray[np.int64],
    terms: Terms,
    folder: Path,
    writer: MemberWriter,
) -> None:
    """Write buckets in which every pair of crowded contenders that is similar enough meets.

    Numbers, names and negations must be the same here where the options want them to agree: that
    one paragraph has all of the other's would let any two meet again.
    """
    counts = _shingle_counts(contenders, crowded)
    with ColumnWriter(folder) as columns:
        for some in _chunks(crowded):
            sets = contenders.shingles.take(some)
            shingles, owners, is_short = _prefixes(sets, counts, terms.config.threshold)
            salts = _fact_hashes(contenders, some, terms.config)
            keys = mix64(shingles + salts[owners])
            members = some[owners]
            if terms.relation is Relation.WITHIN:
                keys = key_within(keys, contenders.documents[members])
            columns.append("keys", keys)
            columns.append("members", members)
            columns.append("short", is_short.astype(np.uint8))
        contenders.release()
    keys_column = Column(folder / "keys", np.uint64)
    members_column = Column(folder / "members", np.int64)
    short_column = Column(folder / "short", np.uint8)

    def read(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        return keys_column.array[first:last], np.arange(first, last)

    for groups in repeated(read, len(keys_column), terms.memory):
        _write(groups, members_column.array, short_column.array, writer)


def _chunks(numbers: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for first, last in spans(len(numbers), AT_ONCE):
        yield numbers[first:last]


def _shingle_counts(contenders: Contenders, crowded: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often shingles with these lowest bits come in the crowds."""
    counts = np.zeros(1 << int(COUNTED_BITS), dtype=np.int64)
    for some in _chunks(crowded):
        hashes = contenders.shingles.take(some).hashes
        slots = _slots(hashes)
        np.add.at(counts, slots, 1)
    return counts


def _slots(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    return (hashes & ((np.uint64(1) << COUNTED_BITS) - np.uint64(1))).astype(np.int64)


def _prefixes(
    sets: HashLists, counts: NDArray[np.int64], threshold: float
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.bool_]]:
    """The rarest shingles of each set; whose they are; whether they are of its shorter prefix."""
    sizes = sets.sizes()
    owners = np.repeat(np.arange(len(sets)), sizes)
    order = np.lexsort((sets.hashes, counts[_slots(sets.hashes)], owners))
    hashes = sets.hashes[order]
    places = ranges(np.zeros(len(sets), dtype=np.int64), sizes)
    longer = sizes - np.ceil(threshold * sizes - ROUNDING) + 1
    shorter = sizes - np.ceil(2 * threshold / (1 + threshold) * sizes - ROUNDING) + 1
    used = places < longer[owners]
    is_short = places < shorter[owners]
    return hashes[used], owners[used], is_short[used]


def _fact_hashes(
    contenders: Contenders, some: NDArray[np.int64], config: Config
) -> NDArray[np.uint64]:
    """One number for all that must agree. Shape (some,)."""
    salts = np.zeros(len(some), dtype=np.uint64)
    if config.numbers_agree:
        salts = mix64(salts + set_hashes(contenders.numbers.take(some)))
    if config.names_agree:
        salts = mix64(salts + set_hashes(contenders.names.take(some)))
    if config.negations_agree:
        salts = mix64(salts + contenders.negations[some].astype(np.uint64))
    return salts


def _write(
    groups: Groups, members: NDArray[np.int64], short: NDArray[np.uint8], writer: MemberWriter
) -> None:
    """A bucket for each shingle, in which those meet of which the smaller set has it early.

    Those that have it in their shorter prefix meet all others; where there are none, nobody meets.
    """
    if not len(groups.rows):
        return
    is_short = short[groups.rows].astype(bool)
    firsts = groups.firsts()
    shorts = np.bincount(firsts, weights=is_short, minlength=len(firsts))[firsts]
    useful = (shorts > 0) | groups.is_piece
    roles = np.where(is_short, FULL, LONG).astype(np.uint8)
    writer.append(groups.keys[useful], members[groups.rows[useful]], roles[useful])
