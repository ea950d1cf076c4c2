"""Read files into records, and records into batches. The only stage that opens input."""

import codecs
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, AnyStr, BinaryIO

from cleaner.config import Config
from cleaner.document import Kind, Record
from cleaner.stages.discover import Format, SourceFile
from cleaner.stages.rejection import Rejection
from cleaner.stages.unpack import (
    DAMAGED,
    NotReadError,
    is_too_wide,
    opened_file,
)

ReadItem = Record | Rejection

WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte-order marks of encodings whose line breaks are not the byte 0x0A alone."""


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
    *,
    batch_bytes: int = 1 << 20,
    batch_records: int = 256,
) -> Iterator[Batch]:
    """Group the records of all files, in order.

    The borders depend on the input alone, so that the output cannot depend on who does the work.
    """
    number = size = read = credited = 0
    items: list[ReadItem] = []
    for file in files:
        for item, position in read_records(file, config):
            items.append(item)
            size += len(item.data) if isinstance(item, Record) else 0
            if size >= batch_bytes or len(items) >= batch_records:
                reached = read + min(position, file.size)
                yield Batch(number, tuple(items), reached - credited)
                number, size, credited, items = number + 1, 0, reached, []
        read += file.size
    if items or credited < read:
        yield Batch(number, tuple(items), read - credited)


def read_records(file: SourceFile, config: Config) -> Iterator[tuple[ReadItem, int]]:
    """The records of one file, each with the bytes read from the disk so far.

    What cannot be read becomes a rejection; nothing is raised. A record of more than
    `max_record_megabytes`, unpacked, is rejected without being held in memory. A JSONL file that is
    damaged, unpacks to too much or has too many rows gives its whole lines first and then one
    rejection for the rest.
    """
    record: int | None = None
    try:
        with opened_file(file, config.max_expansion) as (stream, packed):
            if file.format is Format.JSONL:
                for record, row in _rows(stream, config):
                    yield _row_item(file.name, record, row, config), packed.tell()
                if record is None:
                    yield Rejection(file.name, None, "the file holds no rows"), file.size
            else:
                yield _whole_file(file, stream, config), file.size
    except NotReadError as error:
        reason = str(error)
    except DAMAGED as error:
        reason = _damage(error, file, record)
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or error}"
    except UnicodeError as error:
        reason = f"the UTF-16 or UTF-32 text is damaged or cut off: {error}"
    else:
        return
    after_last = None if record is None else record + 1
    holds_many = file.format not in {Format.TEXT, Format.HTML}
    yield Rejection(file.name, after_last, reason, is_rest=holds_many), file.size


def _damage(error: Exception, file: SourceFile, record: int | None) -> str:
    if is_too_wide(error):
        return "the zstd data needs a window of more than 128 MB; pack it again without --long"
    after = f" after line {record}" if record else ""
    return f"the {file.compression} data is damaged or cut off{after} ({error}); fetch it again"


def _row_item(name: str, record: int, row: bytes | None, config: Config) -> ReadItem:
    if row is None:
        return _too_large(name, record, config)
    return Record(name, record, Kind.ROW, row)


def _whole_file(file: SourceFile, stream: BinaryIO, config: Config) -> ReadItem:
    most = config.max_record_megabytes << 20
    data = stream.read(most + 1)
    if len(data) > most:
        return _too_large(file.name, None, config)
    if not data.strip():
        return Rejection(file.name, None, "the file is empty")
    kind = Kind.HTML if file.format is Format.HTML else Kind.TEXT
    return Record(file.name, None, kind, data)


def _too_large(name: str, record: int | None, config: Config) -> Rejection:
    megabytes = config.max_record_megabytes
    return Rejection(
        name, record, f"it is larger than {megabytes} MB; raise --max-record-megabytes to read it"
    )


def _rows(stream: BinaryIO, config: Config) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank, in UTF-8 or whatever one-byte-newline encoding.

    None stands for a line that is too long.
    """
    limit = config.max_record_megabytes << 20
    start = stream.read(4)
    stream.seek(0)
    wide = next((name for mark, name in WIDE_MARKS.items() if start.startswith(mark)), None)
    lines = _recoded(stream, wide, limit) if wide else _lines(stream, b"\n", limit)
    for number, line in enumerate(lines, 1):
        if number > config.max_rows:
            raise NotReadError(
                f"the file has more than {config.max_rows} lines; raise --max-rows to read the rest"
            )
        row = line and line.strip()
        if row != b"":
            yield number, row


def _lines(stream: IO[AnyStr], newline: AnyStr, limit: int) -> Iterator[AnyStr | None]:
    """Lines of bytes or text; None for each that is longer than the limit."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(newline):
            line = stream.readline(limit)
        yield None


def _recoded(stream: BinaryIO, encoding: str, limit: int) -> Iterator[bytes | None]:
    """Lines in UTF-8 of a stream in another encoding."""
    with io.TextIOWrapper(stream, encoding=encoding, newline="\n") as text:
        for line in _lines(text, "\n", limit):
            yield None if line is None else line.encode("utf-8", "surrogatepass")
