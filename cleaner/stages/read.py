"""Read files into records, and records into batches. The only stage that opens input."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cleaner.config import Config
from cleaner.document import Record
from cleaner.formats.dispatch import records_in
from cleaner.formats.limits import Found, ReadItem
from cleaner.formats.rows import RowsPlace, read_rows
from cleaner.formats.settled import settled
from cleaner.stages.read_to import BEGINNING, ReadTo
from cleaner.stages.rejection import Rejection, Skipped
from cleaner.stages.skips import Skips
from cleaner.stages.source_file import Compression, Format, SourceFile
from cleaner.stages.unpack import opened_file

__all__ = ["Batch", "ReadItem", "read_batches", "read_records"]


BATCH_BYTES, BATCH_RECORDS = 1 << 20, 256
"""A batch ends with the record that reaches either."""
UNIT = "records"
"""Of what is skipped in files."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records, enough to be worth handing to a worker."""

    number: int
    items: tuple[ReadItem, ...]
    input_bytes: int
    """Bytes of the input files, as they lie on disk, that are read with this batch."""
    read_to: ReadTo
    """Where it ends."""


def read_batches(  # noqa: PLR0913 - the input, the place in it, who is told, the size
    files: Iterable[SourceFile],
    config: Config,
    skips: Skips | None = None,
    *,
    start: ReadTo = BEGINNING,
    past: Callable[[int], None] = lambda _: None,
    batch_bytes: int = BATCH_BYTES,
    batch_records: int = BATCH_RECORDS,
) -> Iterator[Batch]:
    """Group the records of all files, in order, and note in `skips` what is none.

    The borders depend on the input alone, so that the output cannot depend on who does the work.
    Those after a start are what they are without one; `past` is told of the bytes that are read on
    the way to it.
    """
    skips = Skips() if skips is None else skips
    number, credited = start.batches, start.input_bytes
    size = read = at = 0
    items: list[ReadItem] = []
    for at, file in enumerate(files, 1):
        if at <= start.file:
            read += file.size
            continue
        begin = start if at == start.file + 1 else BEGINNING
        for item, place in _items(file, config, begin, skips):
            if place.items <= begin.items:
                if place.items % batch_records == 0:
                    past(read + min(place.position, file.size))
                continue
            items.append(item)
            size += size_of(item)
            if size >= batch_bytes or len(items) >= batch_records:
                reached = max(read + min(place.position, file.size), credited)
                end = place.read_to(number + 1, reached, at - 1, skips)
                yield Batch(number, tuple(items), reached - credited, end)
                number, size, credited, items = number + 1, 0, reached, []
        read += file.size
    if items or credited < read:
        end = ReadTo(number + 1, read, at, skipped=skips.as_row(UNIT))
        yield Batch(number, tuple(items), read - credited, end)


def size_of(item: ReadItem) -> int:
    """The bytes that a record counts for in a batch; none where it could not be read."""
    return len(item.data) if isinstance(item, Record) else 0


@dataclass(frozen=True, slots=True)
class _InFile:
    """A place in a file, after one of its records."""

    items: int
    position: int
    rows: RowsPlace
    is_end: bool
    """No more can come."""

    def read_to(self, batches: int, input_bytes: int, file: int, skips: Skips) -> ReadTo:
        rows, skipped = self.rows, skips.as_row(UNIT)
        if self.is_end:
            return ReadTo(batches, input_bytes, file + 1, skipped=skipped)
        return ReadTo(batches, input_bytes, file, self.items, rows.byte, rows.line, skipped)


def _items(
    file: SourceFile, config: Config, begin: ReadTo, skips: Skips
) -> Iterator[tuple[ReadItem, _InFile]]:
    """The records of a file, and where each ends; those before a place where it cannot be sought.

    What is met before that place was noted when it was first read.
    """
    rows = RowsPlace(begin.byte, begin.line if begin.byte else 0)
    number = begin.items if begin.byte else 0
    for item, position in read_records(file, config, rows):
        if not isinstance(item, Skipped):
            number += 1
            is_end = isinstance(item, Rejection) and item.is_rest and item.source == file.name
            yield item, _InFile(number, rows.byte or position, rows, is_end)
        elif number >= begin.items:
            skips.note(item)


def read_records(
    file: SourceFile, config: Config, rows: RowsPlace | None = None
) -> Iterator[tuple[Found, int]]:
    """The records of one file, each with the bytes read from the disk so far.

    What cannot be read becomes a rejection; nothing is raised. A record of more than
    `max_record_megabytes`, unpacked, is rejected without being held in memory. A file of many that
    is damaged, unpacks to too much or has too many gives its whole records first and then one
    rejection for the rest. In a file of rows that is not packed reading begins at `rows`.
    """
    place = _Place(file.size)
    rows = rows or RowsPlace()
    records = _records(file, config, place, rows)
    last = rows.line or None
    for item in settled(records, file.name, file.compression, lambda: file.format, last):
        yield item, place.reached()


@dataclass(slots=True)
class _Place:
    """How far a file is read."""

    size: int
    packed: BinaryIO | None = None
    """The file as it lies on the disk, while it is open."""

    def reached(self) -> int:
        return self.size if self.packed is None else self.packed.tell()


def _records(file: SourceFile, config: Config, place: _Place, rows: RowsPlace) -> Iterator[Found]:
    with opened_file(file, config.max_expansion) as (stream, packed):
        place.packed = packed
        try:
            if file.format is Format.JSONL and file.compression is Compression.NONE:
                yield from read_rows(stream, file.name, config, rows)
            else:
                yield from records_in(stream, file.name, file.format, config)
        finally:
            place.packed = None
