"""A segment from what a run knows: its sketches, its documents, and what became of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.catalogue import Catalogue, Names, NamesWriter
from cleaner.columns import Column, ColumnWriter, spans
from cleaner.duplicates.shingles import HashLists, as_sets, bounds
from cleaner.duplicates.store import LISTS, Store
from cleaner.duplicates.terms import key_within
from cleaner.earlier.packing import packed
from cleaner.earlier.segment import KEY_BITS, KEY_SHIFT
from cleaner.earlier.tables import Rows, in_order, is_inside, summed
from cleaner.ids import hash_of

AT_ONCE = 1 << 14
"""Paragraphs whose shingles are sorted at once."""
HASH_BITS = 64
NOT_HELD = -1


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that is decided."""

    store: Store
    catalogue: Catalogue
    names: Names
    """The ids that its documents are written with."""
    stays: NDArray[np.uint8]
    """Of each paragraph, whether others may be copies of it."""
    dropped: NDArray[np.bool_]
    """Of each paragraph, whether it went as a copy."""
    memory: int
    """Bytes to sort in."""


def write_segment(run: Finished, folder: Path, work: Path) -> None:
    """Write the columns of a segment to a folder; another one is for files on the way."""
    with ColumnWriter(folder) as columns:
        numbers = _write_rows(run, columns, work)
        _write_bands(run, columns, numbers)
        _write_lines(run, columns, numbers)
        _write_names(run, columns)
        _write_held(run, columns)
        _write_sites(run, columns)


def _write_rows(run: Finished, columns: ColumnWriter, work: Path) -> Column:
    """What is known of each paragraph that stays; for each paragraph its number among them."""
    store, total = run.store, 0
    numbers = Column.filled(work / "numbers", np.int64, len(store), NOT_HELD)
    begin_lists(columns)
    written = dict.fromkeys(LISTS, 0)
    for first, last in spans(len(store), AT_ONCE):
        rows = first + np.flatnonzero(run.stays[first:last])
        numbers.array[rows] = np.arange(total, total + len(rows))
        total += len(rows)
        columns.append("documents", store.documents.array[rows].astype(np.uint32))
        columns.append("positions", store.positions.array[rows].astype(np.uint32))
        columns.append("keys.0", store.keys[0].array[rows])
        columns.append("keys.1", store.keys[1].array[rows])
        columns.append("negations", store.negations.array[rows].astype(np.uint32))
        for name in LISTS:
            lists: HashLists = getattr(store, name)
            _append_list(columns, name, as_sets(lists.take(rows)), written)
        store.release()
    return numbers


def begin_lists(columns: ColumnWriter) -> None:
    """Write where the first of all lists begins."""
    for name in LISTS:
        columns.append(f"{name}.starts", np.zeros(1, dtype=np.int64))


def _append_list(
    columns: ColumnWriter, name: str, sets: HashLists, written: dict[str, int]
) -> None:
    low, high = packed(sets.hashes)
    columns.append(f"{name}.low", low)
    columns.append(f"{name}.high", high)
    columns.append(f"{name}.starts", sets.offsets[1:] + written[name])
    written[name] += len(sets.hashes)


def _write_bands(run: Finished, columns: ColumnWriter, numbers: Column) -> None:
    """For each band the upper bits of its keys in order, and the paragraphs that have them."""
    for at, band in enumerate(run.store.bands):

        def read(first: int, last: int, band: Column = band) -> Rows:
            parts = [_held_keys(band, numbers, span, (first, last)) for span in spans(len(numbers))]
            run.store.release()
            numbers.release()
            keys = [np.empty(0, dtype=np.uint32), *(keys for keys, _ in parts)]
            rows = [np.empty(0, dtype=np.uint32), *(rows for _, rows in parts)]
            return np.concatenate(keys), np.concatenate(rows)

        for keys, rows in in_order(read, len(numbers), KEY_BITS, run.memory):
            columns.append(f"bands.{at}.keys", keys)
            columns.append(f"bands.{at}.rows", rows)


def _held_keys(
    band: Column, numbers: Column, span: tuple[int, int], keys_in: tuple[int, int]
) -> Rows:
    rows = numbers.array[span[0] : span[1]]
    keys = (band.array[span[0] : span[1]] >> KEY_SHIFT).astype(np.uint32)
    wanted = (rows != NOT_HELD) & is_inside(keys, *keys_in)
    return keys[wanted], rows[wanted].astype(np.uint32)


def _write_lines(run: Finished, columns: ColumnWriter, numbers: Column) -> None:
    """Which paragraphs that stay are short lines as well, and of which site."""
    store = run.store
    for first, last in spans(len(store.short_documents)):
        paragraphs = store.short_paragraphs.array[first:last]
        rows = np.full(len(paragraphs), NOT_HELD)
        rows[paragraphs >= 0] = numbers.array[paragraphs[paragraphs >= 0]]
        wanted = first + np.flatnonzero(rows != NOT_HELD)
        columns.append("lines.rows", rows[rows != NOT_HELD].astype(np.uint32))
        columns.append("lines.keys.0", store.short_keys[0].array[wanted])
        columns.append("lines.keys.1", store.short_keys[1].array[wanted])
        documents = store.short_documents.array[wanted]
        columns.append("lines.sites", run.catalogue.sites.array[documents])
        store.release()


def _write_names(run: Finished, columns: ColumnWriter) -> None:
    """The ids of all documents, their hashes in order, and those of own ids that others have."""
    names = NamesWriter(columns, "ids")
    names.begin()
    hashes = np.empty(len(run.catalogue), dtype=np.uint64)
    for first, last in spans(len(hashes), AT_ONCE):
        some = [run.names[number] for number in range(first, last)]
        names.append(some)
        hashes[first:last] = [hash_of(name) for name in some]
    order = np.argsort(hashes, kind="stable")
    columns.append("ids.hashes", hashes[order])
    columns.append("ids.rows", order.astype(np.uint32))
    own = run.catalogue.hashes.array
    columns.append("repeats", np.sort(own[own != hashes]))


def _write_held(run: Finished, columns: ColumnWriter) -> None:
    """For each short line of a site, how many of its documents hold it."""
    store = run.store

    def read(first: int, last: int) -> Rows:
        keys, owners = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int64)]
        for start, end in spans(len(store.short_documents)):
            documents = store.short_documents.array[start:end]
            sites = run.catalogue.sites.array[documents]
            lines = key_within(store.short_keys[0].array[start:end], sites)
            inside = is_inside(lines, first, last)
            keys.append(lines[inside])
            owners.append(documents[inside])
            store.release()
        return np.concatenate(keys), np.concatenate(owners)

    for keys, documents in in_order(read, len(store.short_documents), HASH_BITS, run.memory):
        # Documents ascend under each key, so that those of one stand side by side.
        is_new = np.ones(len(keys), dtype=bool)
        is_new[1:] = (keys[1:] != keys[:-1]) | (documents[1:] != documents[:-1])
        lines, counts = summed(keys, is_new)
        columns.append("held.keys", lines)
        columns.append("held.counts", counts.astype(np.uint32))


def _write_sites(run: Finished, columns: ColumnWriter) -> None:
    """How many documents each site has, and of those that may keep nothing all that they hold.

    Hollow is a document that keeps nothing but short lines: should these turn out to be templates,
    it counts no more as one of its site's.
    """
    store, lines = run.store, run.catalogue.lines.array
    shorts = _short_lines_that_stayed(run)
    rest = lines - np.bincount(store.short_documents.array[shorts], minlength=len(lines))
    np.subtract.at(rest, store.documents.array[run.dropped], 1)
    has_shorts = np.zeros(len(lines), dtype=bool)
    has_shorts[store.short_documents.array[shorts]] = True
    sites, kinds = np.unique(run.catalogue.sites.array, return_inverse=True)
    columns.append("sites.keys", sites)
    for name, counted in (("documents", lines > 0), ("solid", rest > 0)):
        counts = np.bincount(kinds[counted], minlength=len(sites))
        columns.append(f"sites.{name}", counts.astype(np.int64))
    hollow = has_shorts & (rest == 0)
    _write_hollow(run, columns, shorts[hollow[store.short_documents.array[shorts]]])


def _short_lines_that_stayed(run: Finished) -> NDArray[np.int64]:
    """The short lines that did not go as copies."""
    paragraphs = run.store.short_paragraphs.array
    went = paragraphs >= 0
    went[went] = run.dropped[paragraphs[went]]
    return np.flatnonzero(~went)


def _write_hollow(run: Finished, columns: ColumnWriter, shorts: NDArray[np.int64]) -> None:
    """The hollow documents by their sites, each with its short lines, given by their numbers."""
    documents = run.store.short_documents.array[shorts]
    sites = run.catalogue.sites.array[documents]
    order = np.lexsort((shorts, documents, sites))
    documents, sites, shorts = documents[order], sites[order], shorts[order]
    begins = np.flatnonzero(np.diff(documents, prepend=-1))
    columns.append("hollow.sites", sites[begins])
    columns.append("hollow.starts", bounds(np.diff(begins, append=len(documents))))
    for half, keys in enumerate(run.store.short_keys):
        columns.append(f"hollow.keys.{half}", keys.array[shorts])
