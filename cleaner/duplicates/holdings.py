"""Which sets of facts hold which others, among those of crowded paragraphs.

Two paragraphs agree in their numbers if one has all of the other's, and so in their names. For
that they need not be compared: each is put under every pair of sets that it holds and that some
paragraph has as all of its own, and there two meet if for numbers, and for names, the set is all
that one of them has.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import spans
from cleaner.config import Config
from cleaner.duplicates.contenders import Contenders
from cleaner.duplicates.shingles import HashLists, bounds, ranges, set_hashes
from cleaner.duplicates.tokens import mix64
from cleaner.duplicates.verify import Pairs, shared_counts

MOST_VARIANTS = 16
"""Of one paragraph. One that holds more sets than that is compared with all others of its bucket:
each is put under one key more, where those meet all and the others only them."""
ALL_NUMBERS, ALL_NAMES = 1, 2
"""Bits of a role: the set is all that the paragraph has."""
AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Variants:
    """The ways in which some paragraphs may agree with others: one or more for each."""

    salts: NDArray[np.uint64]
    """Equal for two paragraphs where they hold the same sets and negate as often."""
    roles: NDArray[np.uint8]
    starts: NDArray[np.int64]
    """Where each paragraph's begin, and where all end. Shape (paragraphs + 1,)."""


@dataclass(frozen=True, slots=True)
class Containments:
    """Which of some distinct sets hold which."""

    hashes: NDArray[np.uint64]
    """Of each set; ascending."""
    starts: NDArray[np.int64]
    """Where in `inner` each set's begin, and where all end."""
    inner: NDArray[np.int64]
    """The numbers of the sets that each set holds, itself among them."""


class Holdings:
    """The sets of facts of crowded contenders."""

    def __init__(
        self,
        contenders: Contenders,
        crowded: NDArray[np.int64],
        config: Config,
        known: tuple[Containments, Containments] | None = None,
    ) -> None:
        numbers, names = known or (None, None)
        self._numbers = _held(contenders.numbers, crowded, numbers, agree=config.numbers_agree)
        self._names = _held(contenders.names, crowded, names, agree=config.names_agree)
        self._negations = contenders.negations[crowded] * config.negations_agree
        self._is_manifold = self._numbers.widths() * self._names.widths() > MOST_VARIANTS
        self._some_are_manifold = bool(self._is_manifold.any())

    def variants(self, places: NDArray[np.int64]) -> Variants:
        """Those of some crowded contenders, given by their places among the crowded."""
        numbers, names = self._numbers, self._names
        own_numbers, own_names = numbers.kinds[places], names.kinds[places]
        first_numbers, first_names = numbers.starts[own_numbers], names.starts[own_names]
        widths = names.starts[own_names + 1] - first_names
        sizes = (numbers.starts[own_numbers + 1] - first_numbers) * widths
        sizes[self._is_manifold[places]] = 0
        owners = np.repeat(np.arange(len(places)), sizes)
        row, column = np.divmod(ranges(np.zeros_like(sizes), sizes), widths[owners])
        held_numbers = numbers.inner[first_numbers[owners] + row]
        held_names = names.inner[first_names[owners] + column]
        salts = mix64(self._negations[places][owners].astype(np.uint64))
        for held in (held_numbers, held_names):
            salts = mix64(salts + held.astype(np.uint64))
        roles = np.where(held_numbers == own_numbers[owners], ALL_NUMBERS, 0) | np.where(
            held_names == own_names[owners], ALL_NAMES, 0
        )
        made = Variants(salts, roles.astype(np.uint8), bounds(sizes))
        return self._with_manifold(made, places) if self._some_are_manifold else made

    def _with_manifold(self, variants: Variants, places: NDArray[np.int64]) -> Variants:
        """One more for each paragraph, under a key that only its negations decide."""
        ends = variants.starts[1:]
        role = np.where(self._is_manifold[places], ALL_NUMBERS | ALL_NAMES, 0).astype(np.uint8)
        return Variants(
            np.insert(variants.salts, ends, mix64(~self._negations[places].astype(np.uint64))),
            np.insert(variants.roles, ends, role),
            variants.starts + np.arange(len(variants.starts)),
        )


@dataclass(frozen=True, slots=True)
class _Held:
    kinds: NDArray[np.int64]
    """For each crowded contender the number of its set."""
    starts: NDArray[np.int64]
    """Where in `inner` each set's begin, and where all end."""
    inner: NDArray[np.int64]
    """The numbers of the sets that each set holds, itself among them."""

    def widths(self) -> NDArray[np.int64]:
        """How many sets each crowded contender's holds."""
        return np.diff(self.starts)[self.kinds]


def _held(
    facts: HashLists, crowded: NDArray[np.int64], known: Containments | None, *, agree: bool
) -> _Held:
    if not agree:
        alone = np.zeros(1, dtype=np.int64)
        return _Held(np.zeros(len(crowded), dtype=np.int64), np.array([0, 1]), alone)
    hashes = hashes_of(facts, crowded)
    if known is None:
        _, firsts = np.unique(hashes, return_index=True)
        known = containments(facts.take(crowded[firsts]))
    return _Held(np.searchsorted(known.hashes, hashes), known.starts, known.inner)


def hashes_of(facts: HashLists, crowded: NDArray[np.int64]) -> NDArray[np.uint64]:
    """One hash for the set of each crowded contender."""
    hashes = [set_hashes(facts.take(crowded[a:b])) for a, b in spans(len(crowded), AT_ONCE)]
    return np.concatenate([np.empty(0, dtype=np.uint64), *hashes])


def containments(sets: HashLists) -> Containments:
    """Which of some distinct sets, in the order of their hashes, hold which."""
    pairs = _containments(sets)
    order = np.lexsort((pairs.earlier, pairs.later))
    sizes = np.bincount(pairs.later, minlength=len(sets))
    return Containments(set_hashes(sets), bounds(sizes), pairs.earlier[order])


def _containments(sets: HashLists) -> Pairs:
    """All pairs of distinct sets of which the later holds the earlier; each set holds itself.

    What a set holds has its rarest element in it, so only sets of that rarest element are tried.
    """
    elements, numbers, counts = np.unique(sets.hashes, return_inverse=True, return_counts=True)
    sizes = sets.sizes()
    owners = np.repeat(np.arange(len(sets)), sizes)
    by_rarity = np.lexsort((numbers, counts[numbers], owners))
    filled, empty = np.flatnonzero(sizes), np.flatnonzero(sizes == 0)
    rarest = numbers[by_rarity[sets.offsets[filled]]]
    by_rarest = filled[np.argsort(rarest, kind="stable")]
    starts = bounds(np.bincount(rarest, minlength=len(elements)))
    tried = np.diff(starts)[numbers]
    # Everything holds the set without elements, where there is one.
    outer = [np.arange(len(sets)) for _ in empty]
    inner = [np.full(len(sets), one) for one in empty]
    cuts = np.searchsorted(np.cumsum(tried), np.arange(AT_ONCE, int(tried.sum()), AT_ONCE))
    for some in np.split(np.arange(len(owners)), cuts):
        pairs = Pairs(
            by_rarest[ranges(starts[numbers[some]], tried[some])],
            np.repeat(owners[some], tried[some]),
        )
        is_held = shared_counts(sets, pairs) == sizes[pairs.later]
        inner.append(pairs.later[is_held])
        outer.append(pairs.earlier[is_held])
    return Pairs(np.concatenate(outer), np.concatenate(inner))
