"""Read files into records, and records into batches. The only stage that opens input."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cleaner.config import Config
from cleaner.document import Record
from cleaner.formats.dispatch import records_in
from cleaner.formats.limits import Found, ReadItem
from cleaner.formats.settled import settled
from cleaner.stages.rejection import Skipped
from cleaner.stages.skips import Skips
from cleaner.stages.source_file import SourceFile
from cleaner.stages.unpack import opened_file

__all__ = ["Batch", "ReadItem", "read_batches", "read_records"]


BATCH_BYTES, BATCH_RECORDS = 1 << 20, 256
"""A batch ends with the record that reaches either."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records, enough to be worth handing to a worker."""

    number: int
    items: tuple[ReadItem, ...]
    input_bytes: int
    """Bytes of the input files, as they lie on disk, that are read with this batch."""


def read_batches(
    files: Iterable[SourceFile],
    config: Config,
    skips: Skips | None = None,
    *,
    batch_bytes: int = BATCH_BYTES,
    batch_records: int = BATCH_RECORDS,
) -> Iterator[Batch]:
    """Group the records of all files, in order, and note in `skips` what is none.

    The borders depend on the input alone, so that the output cannot depend on who does the work.
    """
    number = size = read = credited = 0
    items: list[ReadItem] = []
    for file in files:
        for item, position in read_records(file, config):
            if isinstance(item, Skipped):
                if skips is not None:
                    skips.note(item)
                continue
            items.append(item)
            size += size_of(item)
            if size >= batch_bytes or len(items) >= batch_records:
                reached = max(read + min(position, file.size), credited)
                yield Batch(number, tuple(items), reached - credited)
                number, size, credited, items = number + 1, 0, reached, []
        read += file.size
    if items or credited < read:
        yield Batch(number, tuple(items), read - credited)


def size_of(item: ReadItem) -> int:
    """The bytes that a record counts for in a batch; none where it could not be read."""
    return len(item.data) if isinstance(item, Record) else 0


def read_records(file: SourceFile, config: Config) -> Iterator[tuple[Found, int]]:
    """The records of one file, each with the bytes read from the disk so far.

    What cannot be read becomes a rejection; nothing is raised. A record of more than
    `max_record_megabytes`, unpacked, is rejected without being held in memory. A file of many that
    is damaged, unpacks to too much or has too many gives its whole records first and then one
    rejection for the rest.
    """
    place = _Place(file.size)
    records = _records(file, config, place)
    for item in settled(records, file.name, file.compression, file.format):
        yield item, place.reached()


@dataclass(slots=True)
class _Place:
    """How far a file is read."""

    size: int
    packed: BinaryIO | None = None
    """The file as it lies on the disk, while it is open."""

    def reached(self) -> int:
        return self.size if self.packed is None else self.packed.tell()


def _records(file: SourceFile, config: Config, place: _Place) -> Iterator[Found]:
    with opened_file(file, config.max_expansion) as (stream, packed):
        place.packed = packed
        try:
            yield from records_in(stream, file.name, file.format, config)
        finally:
            place.packed = None
