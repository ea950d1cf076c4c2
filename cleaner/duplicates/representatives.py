"""The search for a stream: decide about each paragraph as it comes, in memory.

The first stays. A later one is a copy only if its true Jaccard similarity to one that stays reaches
the threshold, so no paragraph ever goes because of another that has gone itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.duplicates.contenders import parity_sketches
from cleaner.duplicates.shingles import as_sets
from cleaner.duplicates.sketch import Sketches
from cleaner.duplicates.terms import Relation
from cleaner.duplicates.verify import longest_runs

ROUNDING = 1e-6
NOTHING = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Sketch:
    """One paragraph."""

    document: int
    position: int
    bands: tuple[int, ...]
    shingles: NDArray[np.uint64]
    """A set: ascending, distinct."""
    in_order: NDArray[np.uint64]
    """The same as the text has them; not kept for what stays."""
    parity: int
    numbers: frozenset[int]
    names: frozenset[int]
    negations: int
    is_statement: bool


@dataclass(frozen=True, slots=True)
class Original:
    """The paragraph that another one copies."""

    document: int
    position: int
    similarity: float


def single_sketches(sketches: Sketches) -> Iterator[Sketch]:
    """The paragraphs of a batch one by one."""
    ordered = sketches.shingles
    sets = as_sets(ordered)
    parities = parity_sketches(sets)
    for row, document in enumerate(sketches.documents.tolist()):
        numbers, names = (
            frozenset(lists.hashes[lists.offsets[row] : lists.offsets[row + 1]].tolist())
            for lists in (sketches.numbers, sketches.names)
        )
        yield Sketch(
            document,
            int(sketches.positions[row]),
            tuple(sketches.bands[row].tolist()),
            sets.hashes[sets.offsets[row] : sets.offsets[row + 1]].copy(),
            ordered.hashes[ordered.offsets[row] : ordered.offsets[row + 1]],
            int.from_bytes(parities[row].tobytes(), "little"),
            numbers,
            names,
            int(sketches.negations[row]),
            bool(sketches.statements[row]),
        )


class Representatives:
    """The paragraphs that stay so far, to be asked about the next one."""

    def __init__(self, relation: Relation, config: Config) -> None:
        self._relation = relation
        self._config = config
        self._sketches: list[Sketch] = []
        self._buckets: dict[int, list[int]] = {}

    def original_of(self, sketch: Sketch) -> Original | None:
        """The paragraph that stays and that this one copies; if there is none, it stays itself.

        The most similar one, and of equals the first.
        """
        best: Original | None = None
        for other in self._candidates(sketch):
            similarity = self._similarity(sketch, other)
            if similarity >= self._config.threshold and self._states_the_same(sketch, other):
                if best is None or similarity > best.similarity:
                    best = Original(other.document, other.position, similarity)
                if similarity == 1:
                    break
        if best is None:
            for key in sketch.bands:
                self._buckets.setdefault(key, []).append(len(self._sketches))
            self._sketches.append(replace(sketch, in_order=NOTHING))
        return best

    def _candidates(self, sketch: Sketch) -> Iterator[Sketch]:
        """Those that share a bucket and that the relation lets it be a copy of, in order."""
        found = {number for key in sketch.bands for number in self._buckets.get(key, ())}
        for number in sorted(found):
            other = self._sketches[number]
            same = other.document == sketch.document
            if same and not sketch.is_statement:
                continue
            if self._relation is Relation.ANY or same == (self._relation is Relation.WITHIN):
                yield other

    def _similarity(self, one: Sketch, other: Sketch) -> float:
        """True Jaccard similarity; 0 where sizes or parities alone rule the threshold out."""
        together = len(one.shingles) + len(other.shingles)
        least = self._config.threshold
        differing = (one.parity ^ other.parity).bit_count()
        differing = max(differing, abs(len(one.shingles) - len(other.shingles)))
        if differing * (1 + least) > together * (1 - least) + ROUNDING:
            return 0.0
        shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
        return shared / (together - shared)

    def _states_the_same(self, one: Sketch, other: Sketch) -> bool:
        """Whether facts agree, and the later one adds nothing to another of its document."""
        config = self._config
        if one.document == other.document:
            is_new = np.isin(one.in_order, other.shingles, invert=True)
            bounds = np.array([0, len(is_new)])
            if longest_runs(is_new, bounds)[0] > config.added_shingles:
                return False
        return (
            (not config.numbers_agree or _one_holds_the_other(one.numbers, other.numbers))
            and (not config.names_agree or _one_holds_the_other(one.names, other.names))
            and (not config.negations_agree or one.negations == other.negations)
        )


def _one_holds_the_other(one: frozenset[int], other: frozenset[int]) -> bool:
    return one <= other or other <= one
