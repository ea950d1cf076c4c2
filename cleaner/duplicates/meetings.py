"""Who is compared with whom in a round: the first leaders of each bucket with those after them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import CHUNK, spans
from cleaner.duplicates.buckets import FULL, Members
from cleaner.duplicates.shingles import bounds, ranges
from cleaner.duplicates.verify import Pairs

UNDECIDED, STAYS = 0, 1


@dataclass(frozen=True, slots=True)
class Stretch:
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides who is compared with whom in a round."""

    members: Members
    documents: NDArray[np.int64] | None
    """Of each contender, where those of one document are not compared with each other."""
    state: NDArray[np.uint8]
    leaders: int


def meetings(asked: Asked, *, is_last_look: bool) -> Iterator[Stretch]:
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
        for role in np.flatnonzero(np.bincount(rows.roles)).tolist():
            leads = rows.roles == role
            follows = rows.follows & ((rows.roles | role) == FULL)
            before, firsts = rows.before(leads)
            has_led |= leads & (before < leaders)
            # The first leaders of a bucket that this stretch does not end lead on in the next.
            keep |= leads & (before <= leaders) & (rows.buckets == rows.buckets[-1])
            if asked.documents is not None:
                # A document's own come last, as members are in document order.
                before = before - rows.of_own_document(leads, asked.documents)
            has_pairs = follows & (before > 0)
            yield Stretch(
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
