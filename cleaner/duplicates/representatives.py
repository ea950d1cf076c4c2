"""Decide, paragraph by paragraph in document order, which stay and which are copies.

The first stays. A later one goes only if its true Jaccard similarity to one that stays reaches
the threshold, so no paragraph ever goes because of another that has gone itself. This is the
lexicographically first maximal independent set of the similarity graph.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph that goes, and the one that stays. Places are (document, position)."""

    place: tuple[int, int]
    of: tuple[int, int]
    similarity: float


class Representatives:
    """The paragraphs that stay so far, to be asked about the next one."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._places: list[tuple[int, int]] = []
        self._sets: list[NDArray[np.uint64]] = []
        self._buckets: dict[int, list[int]] = {}

    def decide(
        self, place: tuple[int, int], shingles: NDArray[np.uint64], bands: Iterable[int]
    ) -> Copy | None:
        """Whether a paragraph copies one that stays; if not, it stays itself."""
        keys = list(bands)
        best: tuple[float, int] | None = None
        for number in self._candidates(keys, place):
            similarity = self._similarity(number, shingles)
            # The most similar one; of equals the first, hence the strict comparison.
            if similarity >= self._config.threshold and (best is None or similarity > best[0]):
                best = similarity, number
        if best is not None:
            return Copy(place, self._places[best[1]], best[0])
        self._add(place, shingles, keys)
        return None

    def _candidates(self, keys: Iterable[int], place: tuple[int, int]) -> Iterator[int]:
        """Representatives that share a bucket and that the options let it be a copy of."""
        found = {number for key in keys for number in self._buckets.get(key, ())}
        for number in sorted(found):
            same_document = self._places[number][0] == place[0]
            if self._config.within_documents if same_document else self._config.across_documents:
                yield number

    def _similarity(self, number: int, shingles: NDArray[np.uint64]) -> float:
        """True Jaccard similarity; 0 where the sizes alone rule the threshold out."""
        other = self._sets[number]
        smaller, larger = sorted((len(other), len(shingles)))
        if smaller / larger < self._config.threshold:
            return 0.0
        shared = len(np.intersect1d(other, shingles, assume_unique=True))
        return shared / (smaller + larger - shared)

    def _add(self, place: tuple[int, int], shingles: NDArray[np.uint64], keys: list[int]) -> None:
        number = len(self._places)
        self._places.append(place)
        self._sets.append(shingles)
        for key in keys:
            self._buckets.setdefault(key, []).append(number)
