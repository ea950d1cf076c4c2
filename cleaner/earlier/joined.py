"""The store of a run with what it meets of the earlier corpus before it, for one search over both.

    what shares a band with the run ─┐
    what its lines share with sites ─┼─► store, sites, lines, names ─► templates, copies as ever
    the run ─────────────────────────┘

What shares no band with any paragraph of the run is nothing to it, so the rest of an index stays
where it is, however large.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.catalogue import Catalogue, Names, NamesWriter
from cleaner.columns import ColumnWriter, spans
from cleaner.config import Config
from cleaner.duplicates.store import Store, StoreWriter
from cleaner.earlier.index import EarlierCorpus, Neighbours
from cleaner.earlier.known_lines import (
    Lines,
    documents_of,
    hollow_lines,
    lines_of_neighbours,
    witnesses,
)
from cleaner.earlier.sketched import (
    Known,
    known_lines,
    known_paragraphs,
    own_lines,
    own_paragraphs,
)

AT_ONCE = 1 << 12
"""Names that are copied at once."""
PLACES = ("documents", "positions", "short.documents", "short.positions", "ids", "ids.starts")
"""Columns that say what decisions are about."""


@dataclass(frozen=True, slots=True)
class EarlierSites:
    """Sites, and how many documents they had before the run, hollow ones left out."""

    sites: NDArray[np.uint64]
    documents: NDArray[np.int64]
    """With lines."""
    solid: NDArray[np.int64]
    """That keep something, whatever turns out to be a template."""


@dataclass(frozen=True, slots=True)
class Run:
    """The documents of a run, before anything is decided about them."""

    store: Store
    catalogue: Catalogue
    names: Names


@dataclass(frozen=True, slots=True)
class Joined:
    """What `join` found out besides what it wrote."""

    paragraphs: int
    """That come first, and stay."""
    weights: NDArray[np.int64]
    """Of the lines that come first, how many documents each stands for."""
    sites: EarlierSites


def join(run: Run, earlier: EarlierCorpus, config: Config, folder: Path) -> Joined:
    """Write the store, the documents' sites, numbers of lines and names to a folder."""
    neighbours = neighbours_of(run.store, earlier)
    numbers, names = _numbered(neighbours)
    near = lines_of_neighbours(neighbours, numbers)
    sites = np.unique(np.concatenate((run.catalogue.sites.array, near.sites)))
    hollow = hollow_lines(earlier, sites)
    held, counts = witnesses(earlier, run.store, run.catalogue.sites, (near, hollow))
    known = Known(names, near, hollow, held)
    _write_documents(run, known, folder)
    with StoreWriter(folder) as writer:
        # Lines come first, as they name paragraphs by their numbers in the whole.
        writer.append(known_lines(known, config), 0)
        for sketches in own_lines(run.store, known, len(numbers), config):
            writer.append(sketches, 0)
        for sketches in known_paragraphs(neighbours, numbers, config):
            writer.append(sketches, 0)
        for sketches in own_paragraphs(run.store, config):
            writer.append(sketches, known.documents)
    weights = np.concatenate((np.zeros(len(near) + len(hollow), dtype=np.int64), counts))
    return Joined(len(numbers), weights, _sites_without(hollow, sites, earlier))


def delete_searched(folder: Path) -> None:
    """Delete what only the search needed of a joined store, which is most of it."""
    for path in folder.iterdir():
        if path.name not in PLACES:
            path.unlink()


def neighbours_of(store: Store, earlier: EarlierCorpus) -> list[Neighbours]:
    """Of each segment, the paragraphs that share a band with one of the store."""
    found = []
    for segment in earlier.segments:
        rows = np.empty(0, dtype=np.int64)
        for at, band in enumerate(store.bands):
            for first, last in spans(len(store)):
                more = segment.rows_in_bands(at, band.array[first:last])
                rows = np.union1d(rows, more)
                store.release()
            segment.release()
        found.append(Neighbours(segment, rows))
    return found


def _numbered(neighbours: Sequence[Neighbours]) -> tuple[NDArray[np.int64], list[str]]:
    """The documents of all neighbours, counted on, and their names."""
    numbers, names = [np.empty(0, dtype=np.int64)], list[str]()
    for one in neighbours:
        theirs = one.segment.rows["documents"].array[one.rows]
        documents, places = np.unique(theirs, return_inverse=True)
        numbers.append(len(names) + places)
        names += [one.segment.names[number] for number in documents.tolist()]
    return np.concatenate(numbers), names


def _write_documents(run: Run, known: Known, folder: Path) -> None:
    """Of all documents the site, how many lines each may keep, and the name.

    Neighbours are counted with their sites, so that their documents have no lines here.
    """
    near_sites = np.zeros(len(known.names), dtype=np.uint64)
    near_sites[known.near.documents] = known.near.sites
    hollow_sites, hollow_lines_each = documents_of(known.hollow)
    held_sites, _ = documents_of(known.held)
    with ColumnWriter(folder) as columns:
        columns.append("sites", np.concatenate((near_sites, hollow_sites, held_sites)))
        lines = np.zeros(known.documents, dtype=np.int64)
        lines[len(near_sites) : len(near_sites) + len(hollow_sites)] = hollow_lines_each
        columns.append("lines", lines)
        for name, column in (("sites", run.catalogue.sites), ("lines", run.catalogue.lines)):
            for first, last in spans(len(column)):
                columns.append(name, column.array[first:last])
        writer = NamesWriter(columns, "ids")
        writer.begin()
        writer.append(known.names + [""] * (known.documents - len(known.names)))
        for first, last in spans(len(run.names), AT_ONCE):
            writer.append([run.names[number] for number in range(first, last)])


def _sites_without(
    hollow: Lines, sites: NDArray[np.uint64], earlier: EarlierCorpus
) -> EarlierSites:
    hollow_sites, _ = documents_of(hollow)
    places = np.searchsorted(sites, hollow_sites)
    documents = earlier.site_counts("documents", sites) - np.bincount(places, minlength=len(sites))
    return EarlierSites(sites, documents, earlier.site_counts("solid", sites))
