"""Decide which contenders stay and which are copies, in rounds.

In document order, the first stays; a later one goes only if it is similar enough to one that
stays: the lexicographically first maximal independent set of the similarity graph. A round
compares every undecided contender with the first few leaders of its buckets, that is with those
before it that are undecided, or stay and have not been compared with the whole bucket. Decided are
those for whom these were all, and copies. A bucket thus costs its members times those of them that
stay, and a cluster of a million copies of one line is gone after one round. Nothing depends on how
much memory there is or who does the work.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column
from cleaner.duplicates.buckets import Members
from cleaner.duplicates.contenders import Contenders
from cleaner.duplicates.meetings import STAYS, UNDECIDED, Asked, meetings
from cleaner.duplicates.terms import Relation, Terms
from cleaner.duplicates.verify import Pairs, SimilarPairs, similar_pairs

IS_COPY = 2
FIRST_LEADERS, MORE_LEADERS = 8, 4
"""Leaders of each bucket in the first round, and how many times as many in each round after it."""
BYTES_PER_PAIR = 128
"""Memory that a pair may take from its sorting to its decision."""
PARTS = 1 << 12
"""Most parts in which the pairs of a round are kept apart."""
HALF = np.uint64(32)
"""Bits of a contender's number in a packed pair."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Columns over the contenders."""

    state: Column
    of: Column
    """For a copy the number of the contender that stays, else -1."""
    similarity: Column


class Verdict(NamedTuple):
    """What has become of a contender."""

    state: int
    of: int = -1
    """For a copy, what it copies."""
    similarity: float = 0.0


def decide(
    contenders: Contenders, members: Members, terms: Terms, folder: Path, *, settled: int = 0
) -> Decisions:
    """Decide about every contender; of the first `settled` ones it is settled that they stay."""
    size = len(contenders)
    decisions = Decisions(
        Column.filled(folder / "state", np.uint8, size, UNDECIDED),
        Column.filled(folder / "of", np.int64, size, -1),
        Column.filled(folder / "similarity", np.float64, size, 0),
    )
    decisions.state.array[:settled] = STAYS
    leaders = FIRST_LEADERS
    while (decisions.state.array == UNDECIDED).any():
        asked = Asked(
            members,
            contenders.documents if terms.relation is Relation.ACROSS else None,
            decisions.state.array,
            leaders,
        )
        edges, left_out = _plan(asked, terms.memory)
        parts = _parts(asked, edges, folder / "pairs")
        for (first, last), pairs in zip(pairwise(edges), parts, strict=True):
            still = decisions.state.array[pairs.earlier] != IS_COPY
            found = similar_pairs(contenders, pairs.where(still), terms)
            _decide_part(found, first, last, left_out, decisions)
            contenders.release()
        leaders *= MORE_LEADERS
    return decisions


def _plan(asked: Asked, memory: int) -> tuple[list[int], NDArray[np.bool_]]:
    """Where to part the contenders so that the pairs of each part fit, and who is left out."""
    size = len(asked.state)
    left_out = np.zeros(size, dtype=bool)
    width = -(-size // PARTS)
    counts = np.zeros(PARTS, dtype=np.int64)
    for stretch in meetings(asked, is_last_look=False):
        left_out[stretch.left_out] = True
        counts += np.bincount(
            stretch.followers // width, weights=stretch.counts, minlength=PARTS
        ).astype(np.int64)
    edges, held = [0], 0
    for part, count in enumerate(counts.tolist()):
        if held and (held + count) * BYTES_PER_PAIR > memory:
            edges.append(part * width)
            held = 0
        held += count
    return [*edges, size], left_out


def _parts(asked: Asked, edges: list[int], folder: Path) -> Iterator[Pairs]:
    """The pairs of each part, by the later contender and then the earlier one, each pair once.

    All are found before the first is given out, as decisions change what would be found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cuts = np.array(edges[1:-1], dtype=np.uint64) << HALF
    held: list[NDArray[np.uint64]] = []
    for stretch in meetings(asked, is_last_look=True):
        for pairs in stretch.pairs():
            packed = _distinct(_packed(pairs))
            if not len(cuts):
                held.append(packed)
                continue
            for part, some in enumerate(np.split(packed, np.searchsorted(packed, cuts))):
                if len(some):
                    with (folder / str(part)).open("ab") as stream:
                        stream.write(some.data)
    for part in range(len(edges) - 1):
        held = held if not len(cuts) else [Column(folder / str(part), np.uint64).array]
        (folder / str(part)).unlink(missing_ok=True)
        yield _unpacked(_distinct(np.concatenate([np.empty(0, dtype=np.uint64), *held])))


def _distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The values, ascending, each once. Several times as fast as `np.unique`, which hashes."""
    ascending = np.sort(values)
    is_new = np.ones(len(ascending), dtype=bool)
    is_new[1:] = ascending[1:] != ascending[:-1]
    return ascending[is_new]


def _packed(pairs: Pairs) -> NDArray[np.uint64]:
    return (pairs.later.astype(np.uint64) << HALF) | pairs.earlier.astype(np.uint64)


def _unpacked(packed: NDArray[np.uint64]) -> Pairs:
    return Pairs(
        (packed >> HALF).astype(np.int64),
        (packed & ((np.uint64(1) << HALF) - np.uint64(1))).astype(np.int64),
    )


def _decide_part(
    found: SimilarPairs,
    first: int,
    last: int,
    left_out: NDArray[np.bool_],
    decisions: Decisions,
) -> None:
    """Decide about the contenders from `first` to before `last`, all before them being done."""
    state = decisions.state.array
    alone = (state[first:last] == UNDECIDED) & ~left_out[first:last]
    alone[found.pairs.later - first] = False
    state[first:last][alone] = STAYS

    earlier_states = state[found.pairs.earlier].tolist()
    here: dict[int, int] = {}
    rows = zip(
        found.pairs.later.tolist(),
        found.pairs.earlier.tolist(),
        found.similarities.tolist(),
        earlier_states,
        strict=True,
    )
    for later, similar in groupby(rows, key=itemgetter(0)):
        now = ((earlier, one, here.get(earlier, before)) for _, earlier, one, before in similar)
        verdict = verdict_on(now, is_open=bool(left_out[later]))
        here[later] = verdict.state
        if verdict.state == IS_COPY:
            decisions.of.array[later] = verdict.of
            decisions.similarity.array[later] = verdict.similarity
    state[list(here)] = list(here.values())


def verdict_on(similar: Iterable[tuple[int, float, int]], *, is_open: bool) -> Verdict:
    """What becomes of a contender in a round.

    Args:
        similar: those before it that it is similar to, in document order: number, similarity,
            and what has become of them by now.
        is_open: whether there are more that it was not compared with.

    """
    best, best_similarity = -1, 0.0
    for earlier, similarity, now in similar:
        is_open |= now == UNDECIDED
        # Of equals the first, hence the strict comparison.
        if now == STAYS and similarity > best_similarity:
            best, best_similarity = earlier, similarity
    if best >= 0:
        return Verdict(IS_COPY, best, best_similarity)
    return Verdict(UNDECIDED if is_open else STAYS)
