"""Read files into records, and records into batches. The only stage that opens input."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

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
    files: Iterable[SourceFile], *, batch_bytes: int = 1 << 20, batch_records: int = 256
) -> Iterator[Batch]:
    """Group the records of all files, in order.

    The borders depend on the input alone, so that the output cannot depend on who does the work.
    """
    number = size = pending_bytes = 0
    items: list[ReadItem] = []
    for file in files:
        for item in read_records(file):
            items.append(item)
            size += len(item.data) if isinstance(item, Record) else 0
            if size >= batch_bytes or len(items) >= batch_records:
                yield Batch(number, tuple(items), pending_bytes)
                number, size, pending_bytes, items = number + 1, 0, 0, []
        pending_bytes += file.size
    if items or pending_bytes:
        yield Batch(number, tuple(items), pending_bytes)


def read_records(file: SourceFile) -> Iterator[ReadItem]:
    """The records of one file. What cannot be read becomes a rejection; nothing is raised.

    A damaged JSONL file gives its whole lines first and then one rejection for the rest.
    """
    record: int | None = None
    try:
        with _open(file) as stream:
            if file.format is Format.JSONL:
                for record, line in _rows(stream):
                    yield Record(file.name, record, Kind.ROW, line)
                if record is None:
                    yield Rejection(file.name, None, "the file holds no rows")
            else:
                data = stream.read()
                kind = Kind.HTML if file.format is Format.HTML else Kind.TEXT
                if data.strip():
                    yield Record(file.name, None, kind, data)
                else:
                    yield Rejection(file.name, None, "the file is empty")
    except DAMAGED as error:
        after = f" after line {record}" if record else ""
        yield Rejection(
            file.name,
            None if file.format is not Format.JSONL else (record or 0) + 1,
            f"the {file.compression} data is damaged or cut off{after} ({error}); fetch it again",
        )
    except OSError as error:
        yield Rejection(file.name, None, f"the file cannot be read: {error.strerror or error}")
    except UnicodeError as error:
        yield Rejection(file.name, (record or 0) + 1, f"the UTF-16 or UTF-32 text ends: {error}")


def _open(file: SourceFile) -> BinaryIO:
    if file.compression is Compression.GZIP:
        return cast("BinaryIO", gzip.open(file.path, "rb"))
    if file.compression is Compression.ZSTD:
        return cast("BinaryIO", zstd.open(file.path, "rb"))
    return file.path.open("rb")


def _rows(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that are not blank, in UTF-8 or whatever one-byte-newline encoding."""
    start = stream.read(4)
    stream.seek(0)
    wide = next((name for mark, name in WIDE_MARKS.items() if start.startswith(mark)), None)
    lines = _recoded(stream, wide) if wide else stream
    for number, line in enumerate(lines, 1):
        row = line.strip()
        if row:
            yield number, row


def _recoded(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Lines in UTF-8 of a stream in another encoding."""
    with io.TextIOWrapper(stream, encoding=encoding, newline="\n") as text:
        for line in text:
            yield line.encode("utf-8", "surrogatepass")
