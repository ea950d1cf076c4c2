"""The store of a run with what it meets of the earlier corpus before it, for one search over both.

    what shares a band with the run ─┐
    what its lines share with sites ─┼─► store, sites, lines, names ─► templates, copies as ever
    the run ─────────────────────────┘

What shares no band with any paragraph of the run is nothing to it, so the rest of an index stays
where it is, however large.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.catalogue import Catalogue, Names, NamesWriter
from cleaner.columns import ColumnWriter, spans
from cleaner.config import Config
from cleaner.duplicates.bands import band_keys, bands_for, rows_per_band
from cleaner.duplicates.shingles import HashLists, as_sets
from cleaner.duplicates.signatures import minhash_signatures
from cleaner.duplicates.sketch import Sketches
from cleaner.duplicates.store import LISTS, Store, StoreWriter
from cleaner.earlier.index import EarlierCorpus, Neighbours
from cleaner.earlier.known_lines import (
    Lines,
    documents_of,
    hollow_lines,
    lines_of_neighbours,
    together,
    witnesses,
)
from cleaner.earlier.packing import narrowed

AT_ONCE = 1 << 14
"""Paragraphs that are copied at once."""
NO_HASHES = np.empty(0, dtype=np.uint64)
NO_NUMBERS = np.empty(0, dtype=np.int64)
NO_LISTS = HashLists(NO_HASHES, np.zeros(1, dtype=np.int64))


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
class Known:
    """What comes before a run's own: documents of neighbours, hollow ones, one for each site."""

    names: list[str]
    near: Lines
    hollow: Lines
    held: Lines

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self.names) + sum(len(documents_of(one)[0]) for one in (self.hollow, self.held))


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
        writer.append(_known_lines(known, config), 0)
        for sketches in _own_lines(run.store, known, len(numbers), config):
            writer.append(sketches, 0)
        for sketches in _sketches_of(neighbours, numbers, config):
            writer.append(sketches, 0)
        for sketches in _own_sketches(run.store, config):
            writer.append(sketches, known.documents)
    weights = np.concatenate((np.zeros(len(near) + len(hollow), dtype=np.int64), counts))
    return Joined(len(numbers), weights, _sites_without(hollow, sites, earlier))


def neighbours_of(store: Store, earlier: EarlierCorpus) -> list[Neighbours]:
    """Of each segment, the paragraphs that share a band with one of the store."""
    found = []
    for segment in earlier.segments:
        rows = NO_NUMBERS
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
    numbers, names = [NO_NUMBERS], list[str]()
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


def _without_paragraphs(lines: Lines, config: Config) -> Sketches:
    """Short lines alone; what they say of paragraphs is counted from the first of all."""
    size = len(lines)
    bands = bands_for(config.threshold)
    return Sketches(
        *(NO_NUMBERS, NO_NUMBERS, np.empty((0, 2), dtype=np.uint64)),
        np.empty((0, bands), dtype=np.uint64),
        *(NO_LISTS, NO_LISTS, NO_LISTS, NO_NUMBERS, NO_NUMBERS.astype(np.uint8)),
        short_documents=lines.documents,
        short_positions=np.zeros(size, dtype=np.int64),
        short_keys=np.column_stack(lines.keys),
        short_paragraphs=lines.paragraphs,
    )


def _known_lines(known: Known, config: Config) -> Sketches:
    """The short lines that come before the run's own."""
    hollow, held = known.hollow, known.held
    first = len(known.names)
    second = first + len(documents_of(hollow)[0])
    parts = (
        known.near,
        replace(hollow, documents=hollow.documents + first),
        replace(held, documents=held.documents + second),
    )
    return _without_paragraphs(together(parts), config)


def _own_lines(store: Store, known: Known, paragraphs: int, config: Config) -> Iterator[Sketches]:
    for first, last in spans(len(store.short_documents)):
        theirs = store.short_paragraphs.array[first:last]
        lines = Lines(
            (store.short_keys[0].array[first:last], store.short_keys[1].array[first:last]),
            np.empty(0, dtype=np.uint64),
            store.short_documents.array[first:last] + known.documents,
            np.where(theirs >= 0, theirs + paragraphs, -1),
        )
        sketches = _without_paragraphs(lines, config)
        yield replace(sketches, short_positions=store.short_positions.array[first:last])
        store.release()


def _sketches_of(
    neighbours: Sequence[Neighbours], numbers: NDArray[np.int64], config: Config
) -> Iterator[Sketches]:
    """The paragraphs of the earlier corpus as those of a run."""
    start = 0
    for one in neighbours:
        segment = one.segment
        for first, last in spans(len(one.rows), AT_ONCE):
            rows = one.rows[first:last]
            lists = {name: lists.take(rows) for name, lists in segment.lists_of.items()}
            signatures = minhash_signatures(lists["shingles"])
            yield replace(
                _without_paragraphs(together(()), config),
                documents=numbers[start + first : start + last],
                positions=segment.rows["positions"].array[rows].astype(np.int64),
                keys=np.column_stack([segment.rows[f"keys.{half}"].array[rows] for half in (0, 1)]),
                bands=band_keys(signatures, rows_per_band(config.threshold)),
                negations=segment.rows["negations"].array[rows].astype(np.int64),
                statements=np.zeros(len(rows), dtype=np.uint8),
                **{name: _narrowed(name, some) for name, some in lists.items()},
            )
            segment.release()
        start += len(one.rows)


def _own_sketches(store: Store, config: Config) -> Iterator[Sketches]:
    for first, last in spans(len(store), AT_ONCE):
        rows = np.arange(first, last)
        yield replace(
            _without_paragraphs(together(()), config),
            documents=store.documents.array[first:last],
            positions=store.positions.array[first:last],
            keys=np.column_stack([half.array[first:last] for half in store.keys]),
            bands=np.column_stack([band.array[first:last] for band in store.bands]),
            negations=store.negations.array[first:last],
            statements=store.statements.array[first:last],
            **{name: _narrowed(name, getattr(store, name).take(rows)) for name in LISTS},
        )
        store.release()


def _narrowed(name: str, lists: HashLists) -> HashLists:
    """Lists of narrowed hashes: sets ascending, shingles in the order of the text."""
    some = HashLists(narrowed(lists.hashes), lists.offsets)
    return some if name == "shingles" else as_sets(some)


def _sites_without(
    hollow: Lines, sites: NDArray[np.uint64], earlier: EarlierCorpus
) -> EarlierSites:
    hollow_sites, _ = documents_of(hollow)
    places = np.searchsorted(sites, hollow_sites)
    documents = earlier.site_counts("documents", sites) - np.bincount(places, minlength=len(sites))
    return EarlierSites(sites, documents, earlier.site_counts("solid", sites))
