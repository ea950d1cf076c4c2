"""A segment: what one run, or several that were merged, added to an index. Never changed again.

Its columns stand in files. `bands.N.keys` are the upper 32 bits of the keys of band N, ascending;
what is found by them is compared by its whole key afterwards, which its shingles give again.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.catalogue import Names
from cleaner.duplicates.shingles import HashLists, bounds, ranges
from cleaner.duplicates.store import LISTS, Columns
from cleaner.earlier.packing import unpacked
from cleaner.earlier.tables import places_of

KEY_SHIFT, KEY_BITS = np.uint64(32), 32
ROW_COLUMNS = {
    "documents": np.uint32,
    "positions": np.uint32,
    "keys.0": np.uint64,
    "keys.1": np.uint64,
    "negations": np.uint32,
}
"""Over the paragraphs that stay, in the order of the run."""
LINE_COLUMNS = {"keys.0": np.uint64, "keys.1": np.uint64, "sites": np.uint64}
"""Over those of them that are also short lines, which templates are."""
SITE_COLUMNS = {"documents": np.int64, "solid": np.int64}
"""Over the sites: their documents that have lines, and those that keep something for certain."""


class PackedLists:
    """Lists of hashes of which 48 bits are held."""

    def __init__(self, columns: Columns, name: str) -> None:
        self.low = columns.column(f"{name}.low", np.uint32)
        self.high = columns.column(f"{name}.high", np.uint16)
        self.starts = columns.column(f"{name}.starts", np.int64)

    def take(self, rows: NDArray[np.int64]) -> HashLists:
        """Some of the lists."""
        firsts = self.starts.array[rows]
        sizes = self.starts.array[rows + 1] - firsts
        at = ranges(firsts, sizes)
        return HashLists(unpacked(self.low.array[at], self.high.array[at]), bounds(sizes))


class Segment(Columns):
    """The columns of a segment."""

    def __init__(self, folder: Path, bands: int) -> None:
        super().__init__(folder)
        self.folder = folder
        self.rows = {name: self.column(name, kind) for name, kind in ROW_COLUMNS.items()}
        self.lists_of = {name: PackedLists(self, name) for name in LISTS}
        self.band_keys = [self.column(f"bands.{band}.keys", np.uint32) for band in range(bands)]
        self.band_rows = [self.column(f"bands.{band}.rows", np.uint32) for band in range(bands)]
        self.line_rows = self.column("lines.rows", np.uint32)
        self.lines = {
            name: self.column(f"lines.{name}", kind) for name, kind in LINE_COLUMNS.items()
        }
        self.names = Names(folder, "ids")
        self.name_keys = self.column("ids.hashes", np.uint64)
        self.name_rows = self.column("ids.rows", np.uint32)
        self.repeats = self.column("repeats", np.uint64)
        self.held_keys = self.column("held.keys", np.uint64)
        self.held_counts = self.column("held.counts", np.uint32)
        self.sites = self.column("sites.keys", np.uint64)
        self.site_columns = {
            name: self.column(f"sites.{name}", kind) for name, kind in SITE_COLUMNS.items()
        }
        self.hollow_sites = self.column("hollow.sites", np.uint64)
        self.hollow_starts = self.column("hollow.starts", np.int64)
        self.hollow_keys = tuple(self.column(f"hollow.keys.{half}", np.uint64) for half in (0, 1))

    def __len__(self) -> int:
        return len(self.rows["documents"])

    def rows_in_bands(self, band: int, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The paragraphs that may have one of these keys of a band; one may come more than once."""
        wanted = np.unique((keys >> KEY_SHIFT).astype(np.uint32))
        firsts, sizes = places_of(self.band_keys[band], wanted)
        return self.band_rows[band].array[ranges(firsts, sizes)].astype(np.int64)

    def row_at(self, document: int, position: int) -> int | None:
        """The paragraph at a position of a document, if it is held."""
        documents = self.rows["documents"].array
        first, last = np.searchsorted(documents, [document, document + 1]).tolist()
        positions = self.rows["positions"].array[first:last]
        at = int(np.searchsorted(positions, position))
        return first + at if at < len(positions) and positions[at] == position else None

    def names_taken(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """For each hash of a name, how many documents have it, as their own or given to them."""
        given, own = places_of(self.name_keys, hashes)[1], places_of(self.repeats, hashes)[1]
        return given + own

    def held(self, lines: NDArray[np.uint64]) -> NDArray[np.int64]:
        """For each line of a site, how many of its documents hold it."""
        firsts, sizes = places_of(self.held_keys, lines)
        counts = np.zeros(len(lines), dtype=np.int64)
        counts[sizes > 0] = self.held_counts.array[firsts[sizes > 0]]
        return counts

    def site_counts(self, name: str, sites: NDArray[np.uint64]) -> NDArray[np.int64]:
        """For each site a number of its documents, by the name of the column."""
        firsts, sizes = places_of(self.sites, sites)
        counts = np.zeros(len(sites), dtype=np.int64)
        counts[sizes > 0] = self.site_columns[name].array[firsts[sizes > 0]]
        return counts

    def hollow_of(self, sites: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The numbers of the hollow documents of some sites, ascending."""
        return np.sort(ranges(*places_of(self.hollow_sites, sites)))

    def files(self) -> Iterator[Path]:
        """Its files."""
        yield from sorted(self.folder.iterdir())
