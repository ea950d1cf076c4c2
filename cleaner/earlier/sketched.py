"""Rows of an index, and those of a run, as the sketches that a store for both is written from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import spans
from cleaner.config import Config
from cleaner.duplicates.bands import band_keys, bands_for, rows_per_band
from cleaner.duplicates.shingles import HashLists, as_sets
from cleaner.duplicates.signatures import minhash_signatures
from cleaner.duplicates.sketch import Sketches
from cleaner.duplicates.store import Store
from cleaner.earlier.index import Neighbours
from cleaner.earlier.known_lines import Lines, documents_of, together
from cleaner.earlier.packing import narrowed

AT_ONCE = 1 << 14
"""Paragraphs that are copied at once."""
NO_NUMBERS = np.empty(0, dtype=np.int64)
NO_LISTS = HashLists(np.empty(0, dtype=np.uint64), np.zeros(1, dtype=np.int64))


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


def _without_paragraphs(lines: Lines, config: Config) -> Sketches:
    """Short lines alone; what they say of paragraphs is counted from the first of all."""
    size = len(lines)
    bands = bands_for(config.threshold)
    return Sketches(
        documents=NO_NUMBERS,
        positions=NO_NUMBERS,
        keys=np.empty((0, 2), dtype=np.uint64),
        bands=np.empty((0, bands), dtype=np.uint64),
        shingles=NO_LISTS,
        numbers=NO_LISTS,
        names=NO_LISTS,
        negations=NO_NUMBERS,
        statements=NO_NUMBERS.astype(np.uint8),
        short_documents=lines.documents,
        short_positions=np.zeros(size, dtype=np.int64),
        short_keys=np.column_stack(lines.keys),
        short_paragraphs=lines.paragraphs,
    )


def known_lines(known: Known, config: Config) -> Sketches:
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


def own_lines(store: Store, known: Known, paragraphs: int, config: Config) -> Iterator[Sketches]:
    """The run's own short lines, after so many paragraphs of the earlier corpus."""
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


def known_paragraphs(
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
                shingles=_narrowed(lists["shingles"]),
                numbers=as_sets(_narrowed(lists["numbers"])),
                names=as_sets(_narrowed(lists["names"])),
            )
            segment.release()
        start += len(one.rows)


def own_paragraphs(store: Store, config: Config) -> Iterator[Sketches]:
    """The run's own paragraphs."""
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
            shingles=_narrowed(store.shingles.take(rows)),
            numbers=as_sets(_narrowed(store.numbers.take(rows))),
            names=as_sets(_narrowed(store.names.take(rows))),
        )
        store.release()


def _narrowed(lists: HashLists) -> HashLists:
    return HashLists(narrowed(lists.hashes), lists.offsets)
