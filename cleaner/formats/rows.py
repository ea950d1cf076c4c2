"""Files of rows, one a line."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from cleaner.config import Config
from cleaner.document import Kind, Record
from cleaner.formats.limits import ReadItem, check_number, lines_of, most_bytes, too_large
from cleaner.stages.head import with_head
from cleaner.stages.rejection import Rejection

WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte-order marks of encodings whose line breaks are not the byte 0x0A alone."""


def read_rows(stream: BinaryIO, source: str, config: Config) -> Iterator[ReadItem]:
    """The rows of a JSONL file, numbered by their lines."""
    number = None
    for number, row in _rows(stream, config):
        if row is None:
            yield too_large(source, number, config)
        else:
            yield Record(source, number, Kind.ROW, row)
    if number is None:
        yield Rejection(source, None, "the file holds no rows")


def wide_encoding(start: bytes) -> str | None:
    """UTF-16 or UTF-32, if a file begins with their mark."""
    return next((name for mark, name in WIDE_MARKS.items() if start.startswith(mark)), None)


def _rows(stream: BinaryIO, config: Config) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank, in UTF-8 or whatever one-byte-newline encoding.

    None stands for a line that is too long.
    """
    limit = most_bytes(config)
    start, stream = with_head(stream, 4)
    wide = wide_encoding(start)
    lines = _recoded(stream, wide, limit) if wide else lines_of(stream, b"\n", limit)
    for number, line in enumerate(lines, 1):
        check_number(number, config, "lines")
        row = line and line.strip()
        if row != b"":
            yield number, row


def _recoded(stream: BinaryIO, encoding: str, limit: int) -> Iterator[bytes | None]:
    """Lines in UTF-8 of a stream in another encoding."""
    with io.TextIOWrapper(stream, encoding=encoding, newline="\n") as text:
        for line in lines_of(text, "\n", limit):
            yield None if line is None else line.encode("utf-8", "surrogatepass")
