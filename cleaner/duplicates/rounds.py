"""Decide which contenders stay and which are copies, in rounds.

In document order, the first stays; a later one goes only if it is similar enough to one that
stays: the lexicographically first maximal independent set of the similarity graph. A round
compares every undecided contender with the first few leaders of its buckets, that is with those
before it that are undecided, or stay and have not been compared with the whole bucket. Decided are
those for whom these were all, and copies. A bucket thus costs its members times those of them that
stay, and a cluster of a million copies of one line is gone after one round. Nothing depends on how
much memory there is or who does the work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import CHUNK, Column, spans
from cleaner.duplicates.buckets import FULL, LONG, Members
from cleaner.duplicates.contenders import Contenders
from cleaner.duplicates.shingles import bounds, ranges
from cleaner.duplicates.terms import Relation, Terms
from cleaner.duplicates.verify import Pairs, SimilarPairs, similar_pairs

UNDECIDED, STAYS, IS_COPY = 0, 1, 2
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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some followers, and the leaders before them in their buckets."""

    followers: NDArray[np.int64]
    firsts: NDArray[np.int64]
    """Where in `leaders` those of each follower's bucket begin."""
    counts: NDArray[np.int64]
    """With how many of them each is compared."""
    leaders: NDArray[np.int64]
    left_out: NDArray[np.int64]
    """Followers that have more leaders before them than they are compared with."""

    def pairs(self) -> Iterator[Pairs]:
        """The pairs, a bounded number at once."""
        ends = np.cumsum(self.counts)
        cuts = np.searchsorted(ends, np.arange(CHUNK, ends[-1] if len(ends) else 0, CHUNK))
        for some in np.split(np.arange(len(ends)), cuts):
            counts = self.counts[some]
            yield Pairs(
                np.repeat(self.followers[some], counts),
                self.leaders[ranges(self.firsts[some], counts)],
            )


def decide(contenders: Contenders, members: Members, terms: Terms, folder: Path) -> Decisions:
    """Decide about every contender."""
    size = len(contenders)
    decisions = Decisions(
        Column.filled(folder / "state", np.uint8, size, UNDECIDED),
        Column.filled(folder / "of", np.int64, size, -1),
        Column.filled(folder / "similarity", np.float64, size, 0),
    )
    leaders = FIRST_LEADERS
    while (decisions.state.array == UNDECIDED).any():
        asked = _Asked(
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What decides who is compared with whom in a round."""

    members: Members
    documents: NDArray[np.int64] | None
    """Of each contender, where those of one document are not compared with each other."""
    state: NDArray[np.uint8]
    leaders: int


def _stretches(asked: _Asked, *, is_last_look: bool) -> Iterator[_Stretch]:
    """Go through all buckets and tell who is compared with whom in a round.

    Followers are the undecided. Leaders are they, and those that stay but have not led yet.
    """
    members, state, leaders = asked.members, asked.state, asked.leaders
    carried = _Rows.none()
    for first, last in spans(len(members)):
        theirs = state[members.members.array[first:last]]
        to_lead = (theirs == STAYS) & (members.led.array[first:last] == 0)
        places = first + np.flatnonzero((theirs == UNDECIDED) | to_lead)
        rows = carried.followed_by(
            _Rows(
                members.buckets.array[places],
                members.members.array[places],
                members.roles.array[places],
                theirs[places - first] == UNDECIDED,
            )
        )
        if not len(rows.buckets):
            continue
        has_led = np.zeros(len(rows.buckets), dtype=bool)
        keep = np.zeros(len(rows.buckets), dtype=bool)
        for role in (FULL, LONG):
            leads = rows.roles == role
            follows = rows.follows if role == FULL else rows.follows & (rows.roles == FULL)
            before, firsts = rows.before(leads)
            has_led |= leads & (before < leaders)
            # The first leaders of a bucket that this stretch does not end lead on in the next.
            keep |= leads & (before <= leaders) & (rows.buckets == rows.buckets[-1])
            if asked.documents is not None:
                # A document's own come last, as members are in document order.
                before = before - rows.of_own_document(leads, asked.documents)
            has_pairs = follows & (before > 0)
            yield _Stretch(
                rows.members[has_pairs],
                firsts[has_pairs],
                np.minimum(before[has_pairs], leaders),
                rows.members[leads],
                rows.members[follows & (before > leaders)],
            )
        if is_last_look:
            members.led.array[places] = has_led[len(carried.buckets) :]
        carried = rows.leading(keep)
        members.release()


@dataclass(frozen=True, slots=True)
class _Rows:
    """Members of buckets that still count."""

    buckets: NDArray[np.int64]
    members: NDArray[np.int64]
    roles: NDArray[np.uint8]
    follows: NDArray[np.bool_]

    @classmethod
    def none(cls) -> "_Rows":
        nothing = np.empty(0, dtype=np.int64)
        return cls(nothing, nothing, nothing.astype(np.uint8), nothing.astype(bool))

    def followed_by(self, rows: "_Rows") -> "_Rows":
        return _Rows(
            np.concatenate((self.buckets, rows.buckets)),
            np.concatenate((self.members, rows.members)),
            np.concatenate((self.roles, rows.roles)),
            np.concatenate((self.follows, rows.follows)),
        )

    def leading(self, chosen: NDArray[np.bool_]) -> "_Rows":
        """Some of the rows, which follow no more."""
        follows = np.zeros(int(chosen.sum()), dtype=bool)
        return _Rows(self.buckets[chosen], self.members[chosen], self.roles[chosen], follows)

    def before(self, leads: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many leaders of its bucket stand before each row, and where among all they begin."""
        leaders_before = bounds(leads.astype(np.int64))[:-1]
        firsts = leaders_before[_first_of_run(self.buckets[1:] != self.buckets[:-1])]
        return leaders_before - firsts, firsts

    def of_own_document(
        self, leads: NDArray[np.bool_], documents: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """How many of the leaders before each row in its bucket are of the row's own document."""
        theirs = documents[self.members]
        changes = (self.buckets[1:] != self.buckets[:-1]) | (theirs[1:] != theirs[:-1])
        leaders_before = bounds(leads.astype(np.int64))[:-1]
        own: NDArray[np.int64] = leaders_before - leaders_before[_first_of_run(changes)]
        return own


def _first_of_run(changes: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each row, where its run begins, from whether each but the first begins one."""
    begins = np.concatenate(([True], changes))
    firsts: NDArray[np.int64] = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    return firsts


def _plan(asked: _Asked, memory: int) -> tuple[list[int], NDArray[np.bool_]]:
    """Where to part the contenders so that the pairs of each part fit, and who is left out."""
    size = len(asked.state)
    left_out = np.zeros(size, dtype=bool)
    width = -(-size // PARTS)
    counts = np.zeros(PARTS, dtype=np.int64)
    for stretch in _stretches(asked, is_last_look=False):
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


def _parts(asked: _Asked, edges: list[int], folder: Path) -> Iterator[Pairs]:
    """The pairs of each part, by the later contender and then the earlier one, each pair once.

    All are found before the first is given out, as decisions change what would be found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cuts = np.array(edges[1:-1], dtype=np.uint64) << HALF
    held: list[NDArray[np.uint64]] = []
    for stretch in _stretches(asked, is_last_look=True):
        for pairs in stretch.pairs():
            packed = np.unique(_packed(pairs))
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
        yield _unpacked(np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *held])))


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
        best, best_similarity = -1, 0.0
        is_open = bool(left_out[later])
        for _, earlier, similarity, before in similar:
            now = here.get(earlier, before)
            is_open |= now == UNDECIDED
            # Of equals the first, hence the strict comparison.
            if now == STAYS and similarity > best_similarity:
                best, best_similarity = earlier, similarity
        if best >= 0:
            here[later] = IS_COPY
            decisions.of.array[later] = best
            decisions.similarity.array[later] = best_similarity
        else:
            here[later] = UNDECIDED if is_open else STAYS
    state[list(here)] = list(here.values())
