"""One segment from several that stand side by side in an index."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from cleaner.catalogue import NamesWriter
from cleaner.columns import Column, ColumnWriter, spans
from cleaner.duplicates.shingles import bounds, ranges
from cleaner.duplicates.store import LISTS
from cleaner.earlier.building import HASH_BITS, begin_lists
from cleaner.earlier.segment import KEY_BITS, LINE_COLUMNS, ROW_COLUMNS, SITE_COLUMNS, Segment
from cleaner.earlier.tables import Rows, in_order, slice_of, summed

AT_ONCE = 1 << 12


def merge(segments: Sequence[Segment], folder: Path, memory: int) -> None:
    """Write a segment that holds what these do, the first of them first."""
    rows = bounds(np.array([len(one) for one in segments]))[:-1].tolist()
    documents = bounds(np.array([len(one.names) for one in segments]))[:-1].tolist()
    with ColumnWriter(folder) as columns:
        begin_lists(columns)
        written = dict.fromkeys(LISTS, 0)
        for segment, first_row, first_document in zip(segments, rows, documents, strict=True):
            _append_rows(segment, columns, first_document, written)
            _append_lines(segment, columns, first_row)
        _merge_names(segments, columns, documents, memory)
        for band in range(len(segments[0].band_keys)):
            tables = [(one.band_keys[band], one.band_rows[band]) for one in segments]
            names = f"bands.{band}.keys", f"bands.{band}.rows"
            _merge_tables(tables, rows, columns, names, (KEY_BITS, memory))
        _merge_held(segments, columns, memory)
        _merge_sites(segments, columns)
        _merge_hollow(segments, columns)


def _append_rows(
    segment: Segment, columns: ColumnWriter, first_document: int, written: dict[str, int]
) -> None:
    for name in ROW_COLUMNS:
        shift = first_document if name == "documents" else 0
        _append_column(columns, name, segment.rows[name], shift)
    for name, lists in segment.lists_of.items():
        _append_column(columns, f"{name}.low", lists.low)
        _append_column(columns, f"{name}.high", lists.high)
        for first, last in spans(len(segment)):
            ends = lists.starts.array[first + 1 : last + 1]
            columns.append(f"{name}.starts", ends + written[name])
        written[name] += len(lists.low)
        segment.release()


def _append_column(columns: ColumnWriter, name: str, column: Column, shift: int = 0) -> None:
    for first, last in spans(len(column)):
        columns.append(name, column.array[first:last] + column.array.dtype.type(shift))
        column.release()


def _append_lines(segment: Segment, columns: ColumnWriter, first_row: int) -> None:
    _append_column(columns, "lines.rows", segment.line_rows, first_row)
    for name in LINE_COLUMNS:
        _append_column(columns, f"lines.{name}", segment.lines[name])


def _merge_names(
    segments: Sequence[Segment], columns: ColumnWriter, documents: Sequence[int], memory: int
) -> None:
    names = NamesWriter(columns, "ids")
    names.begin()
    for segment in segments:
        for first, last in spans(len(segment.names), AT_ONCE):
            names.append([segment.names[number] for number in range(first, last)])
    tables = [(one.name_keys, one.name_rows) for one in segments]
    _merge_tables(tables, documents, columns, ("ids.hashes", "ids.rows"), (HASH_BITS, memory))
    read = _reader([(one.repeats, one.repeats) for one in segments], [0] * len(segments))
    total = sum(len(one.repeats) for one in segments)
    for keys, _ in in_order(read, total, HASH_BITS, memory):
        columns.append("repeats", keys)


def _merge_tables(
    tables: Sequence[tuple[Column, Column]],
    shifts: Sequence[int],
    columns: ColumnWriter,
    names: tuple[str, str],
    bits_and_memory: tuple[int, int],
) -> None:
    total = sum(len(keys) for keys, _ in tables)
    for keys, values in in_order(_reader(tables, shifts), total, *bits_and_memory):
        columns.append(names[0], keys)
        columns.append(names[1], values)


def _reader(
    tables: Sequence[tuple[Column, Column]], shifts: Sequence[int]
) -> Callable[[int, int], Rows]:
    """Reads a range of keys from all tables, and shifts the values of each."""

    def read(first: int, last: int) -> Rows:
        all_keys, all_values = [], []
        for (keys, values), shift in zip(tables, shifts, strict=True):
            part = slice_of(keys, first, last)
            all_keys.append(keys.array[part])
            all_values.append(values.array[part] + values.array.dtype.type(shift))
        return np.concatenate(all_keys), np.concatenate(all_values)

    return read


def _merge_held(segments: Sequence[Segment], columns: ColumnWriter, memory: int) -> None:
    tables = [(one.held_keys, one.held_counts) for one in segments]
    total = sum(len(keys) for keys, _ in tables)
    for keys, counts in in_order(_reader(tables, [0] * len(tables)), total, HASH_BITS, memory):
        lines, sums = summed(keys, counts)
        columns.append("held.keys", lines)
        columns.append("held.counts", sums.astype(np.uint32))


def _merge_sites(segments: Sequence[Segment], columns: ColumnWriter) -> None:
    keys = np.concatenate([one.sites.array for one in segments])
    order = np.argsort(keys, kind="stable")
    for name in SITE_COLUMNS:
        values = np.concatenate([one.site_columns[name].array for one in segments])
        sites, sums = summed(keys[order], values[order])
        columns.append(f"sites.{name}", sums.astype(np.int64))
    columns.append("sites.keys", sites)


def _merge_hollow(segments: Sequence[Segment], columns: ColumnWriter) -> None:
    sites = np.concatenate([one.hollow_sites.array for one in segments])
    sizes = np.concatenate([np.diff(one.hollow_starts.array) for one in segments])
    order = np.argsort(sites, kind="stable")
    columns.append("hollow.sites", sites[order])
    columns.append("hollow.starts", bounds(sizes[order]))
    lines = ranges(bounds(sizes)[:-1][order], sizes[order])
    for half in (0, 1):
        keys = np.concatenate([one.hollow_keys[half].array for one in segments])
        columns.append(f"hollow.keys.{half}", keys[lines])
