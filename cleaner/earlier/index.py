"""An index, opened: what of its paragraphs, names and lines is like those of a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.duplicates.bands import bands_for
from cleaner.duplicates.shingles import ranges
from cleaner.earlier.manifest import Manifest
from cleaner.earlier.segment import Segment
from cleaner.earlier.tables import places_of
from cleaner.ids import hash_of


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Some paragraphs of a segment, ascending."""

    segment: Segment
    rows: NDArray[np.int64]


class EarlierCorpus:
    """What earlier runs hold, over all segments, the earliest first."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.identity = manifest.identity
        bands = bands_for(float(manifest.parameters["threshold"]))
        self.segments = [Segment(folder / part.name, bands) for part in manifest.parts]

    def release(self) -> None:
        """Give back the memory of what was looked at."""
        for segment in self.segments:
            segment.release()

    def names_taken(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """For each hash of a name, how many documents have it. Shape (hashes,)."""
        return self._added([one.names_taken(hashes) for one in self.segments], len(hashes))

    def place_of(self, name: str, position: int) -> tuple[Segment, int] | None:
        """The segment of a paragraph, and its row there, by the id of its document."""
        wanted = np.array([hash_of(name)], dtype=np.uint64)
        for segment in self.segments:
            firsts, sizes = places_of(segment.name_keys, wanted)
            for document in segment.name_rows.array[ranges(firsts, sizes)].tolist():
                row = segment.row_at(document, position)
                if row is not None and segment.names[document] == name:
                    return segment, row
        return None

    def held(self, lines: NDArray[np.uint64]) -> NDArray[np.int64]:
        """For each line of a site, how many of its documents hold it. Shape (lines,)."""
        return self._added([one.held(lines) for one in self.segments], len(lines))

    def site_counts(self, name: str, sites: NDArray[np.uint64]) -> NDArray[np.int64]:
        """For each site a number of its documents, by the name of the column. Shape (sites,)."""
        return self._added([one.site_counts(name, sites) for one in self.segments], len(sites))

    def _added(self, counts: Sequence[NDArray[np.int64]], size: int) -> NDArray[np.int64]:
        self.release()
        return sum(counts, np.zeros(size, dtype=np.int64))
