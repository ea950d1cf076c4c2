"""Files of rows, one a line."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

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


@dataclass(slots=True)
class RowsPlace:
    """How far a file of rows is read: the end of a line, and the number of that."""

    byte: int = 0
    """Stays 0 where lines are not told apart by bytes, as in UTF-16."""
    line: int = 0


def read_rows(
    stream: BinaryIO, source: str, config: Config, place: RowsPlace | None = None
) -> Iterator[ReadItem]:
    """The rows of a JSONL file, numbered by their lines.

    Args:
        stream: read forward only, unless a place is given.
        source: the file's name.
        config: the options.
        place: where to begin in a file that is not packed; it goes along with what is read.

    """
    place = place or RowsPlace()
    number = place.line or None
    for number, row in _rows(stream, config, place):
        if row is None:
            yield too_large(source, number, config)
        else:
            yield Record(source, number, Kind.ROW, row)
    if number is None:
        yield Rejection(source, None, "the file holds no rows")


def wide_encoding(start: bytes) -> str | None:
    """UTF-16 or UTF-32, if a file begins with their mark."""
    return next((name for mark, name in WIDE_MARKS.items() if start.startswith(mark)), None)


def _rows(stream: BinaryIO, config: Config, place: RowsPlace) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank, in UTF-8 or whatever one-byte-newline encoding.

    None stands for a line that is too long.
    """
    for number, line in enumerate(_lines(stream, most_bytes(config), place), place.line + 1):
        check_number(number, config, "lines")
        place.line = number
        row = line and line.strip()
        if row != b"":
            yield number, row


def _lines(stream: BinaryIO, limit: int, place: RowsPlace) -> Iterator[bytes | None]:
    if place.byte:
        stream.seek(place.byte)
    else:
        start, stream = with_head(stream, 4)
        wide = wide_encoding(start)
        if wide:
            return _recoded(stream, wide, limit)
    return lines_of(cast("BinaryIO", _Counted(stream, place)), b"\n", limit)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Lines of bytes, and how far one has come."""

    stream: BinaryIO
    place: RowsPlace

    def readline(self, limit: int) -> bytes:
        line = self.stream.readline(limit)
        self.place.byte += len(line)
        return line


def _recoded(stream: BinaryIO, encoding: str, limit: int) -> Iterator[bytes | None]:
    """Lines in UTF-8 of a stream in another encoding."""
    with io.TextIOWrapper(stream, encoding=encoding, newline="\n") as text:
        for line in lines_of(text, "\n", limit):
            yield None if line is None else line.encode("utf-8", "surrogatepass")
