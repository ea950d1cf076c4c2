"""Read files into records, and records into batches. The only stage that opens input."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, AnyStr, BinaryIO, cast

from backports import zstd

from cleaner.document import Kind, Record
from cleaner.stages.discover import Compression, Format, SourceFile
from cleaner.stages.rejection import Rejection

ReadItem = Record | Rejection

WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte-order marks of encodings whose line breaks are not the byte 0x0A alone."""

DAMAGED = (EOFError, zlib.error, zstd.ZstdError, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records, enough to be worth handing to a worker."""

    number: int
    items: tuple[ReadItem, ...]
    input_bytes: int
    """Bytes of the input files, as they lie on disk, that are read with this batch."""


def read_batches(
    files: Iterable[SourceFile],
    record_bytes: int,
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
        for item, position in read_records(file, record_bytes):
            items.append(item)
            size += len(item.data) if isinstance(item, Record) else 0
            if size >= batch_bytes or len(items) >= batch_records:
                reached = read + min(position, file.size)
                yield Batch(number, tuple(items), reached - credited)
                number, size, credited, items = number + 1, 0, reached, []
        read += file.size
    if items or credited < read:
        yield Batch(number, tuple(items), read - credited)


def read_records(file: SourceFile, record_bytes: int) -> Iterator[tuple[ReadItem, int]]:
    """The records of one file, each with the bytes read from the disk so far.

    What cannot be read becomes a rejection; nothing is raised. A record of more than
    `record_bytes`, unpacked, is rejected without being held in memory. A damaged JSONL file gives
    its whole lines first and then one rejection for the rest.
    """
    record: int | None = None
    is_jsonl = file.format is Format.JSONL
    try:
        with file.path.open("rb") as packed, _unpacked(packed, file.compression) as stream:
            if is_jsonl:
                for record, row in _rows(stream, record_bytes):
                    yield _row_item(file.name, record, row, record_bytes), packed.tell()
                if record is None:
                    yield Rejection(file.name, None, "the file holds no rows"), file.size
            else:
                yield _whole_file(file, stream.read(record_bytes + 1), record_bytes), file.size
    except DAMAGED as error:
        after = f" after line {record}" if record else ""
        reason = (
            f"the {file.compression} data is damaged or cut off{after} ({error}); fetch it again"
        )
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or error}"
    except UnicodeError as error:
        reason = f"the UTF-16 or UTF-32 text is damaged or cut off: {error}"
    else:
        return
    after_last = None if record is None else record + 1
    yield Rejection(file.name, after_last, reason), file.size


def _unpacked(packed: BinaryIO, compression: Compression) -> BinaryIO:
    if compression is Compression.GZIP:
        return cast("BinaryIO", gzip.open(packed, "rb"))
    if compression is Compression.ZSTD:
        return cast("BinaryIO", zstd.open(packed, "rb"))
    return packed


def _row_item(name: str, record: int, row: bytes | None, record_bytes: int) -> ReadItem:
    if row is None:
        return _too_large(name, record, record_bytes)
    return Record(name, record, Kind.ROW, row)


def _whole_file(file: SourceFile, data: bytes, record_bytes: int) -> ReadItem:
    if len(data) > record_bytes:
        return _too_large(file.name, None, record_bytes)
    if not data.strip():
        return Rejection(file.name, None, "the file is empty")
    kind = Kind.HTML if file.format is Format.HTML else Kind.TEXT
    return Record(file.name, None, kind, data)


def _too_large(name: str, record: int | None, record_bytes: int) -> Rejection:
    megabytes = record_bytes >> 20
    return Rejection(
        name, record, f"it is larger than {megabytes} MB; raise --max-record-megabytes to read it"
    )


def _rows(stream: BinaryIO, record_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank, in UTF-8 or whatever one-byte-newline encoding.

    None stands for a line that is too long.
    """
    start = stream.read(4)
    stream.seek(0)
    wide = next((name for mark, name in WIDE_MARKS.items() if start.startswith(mark)), None)
    lines = _recoded(stream, wide, record_bytes) if wide else _lines(stream, b"\n", record_bytes)
    for number, line in enumerate(lines, 1):
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
