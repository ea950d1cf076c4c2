"""Tables of text, as spreadsheets and databases write them: CSV and TSV (RFC 4180)."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from cleaner.charsets.encodings import decode_as
from cleaner.config import Config
from cleaner.document import Envelope, Kind, Record
from cleaner.formats.limits import ReadItem, check_number, lines_of, most_bytes
from cleaner.formats.named_columns import check_columns
from cleaner.formats.text_of import text_of, with_encoding
from cleaner.json_lines import dump_line
from cleaner.stages.charset import Decoded, decode_bytes, how_decoded
from cleaner.stages.head import with_head
from cleaner.stages.rejection import Rejection
from cleaner.stages.unpack import NotReadError

SEPARATORS = ",;\t|"
AS_BYTES = "latin-1"
"""So that fields are told apart before it is known what their bytes mean. In no encoding that is
read is a byte of a longer character a quote, a line break, or one of the usual separators."""
WIDE = ("utf-16", "utf-32")


def read_table(stream: BinaryIO, source: str, config: Config) -> Iterator[ReadItem]:
    """The rows of a table below its first, which names the columns; numbered by their lines.

    Raises:
        NotReadError: quotes do not match, a row is too large, or no column holds a document.

    """
    decoded, stream = with_encoding(stream)
    is_wide = decoded.charset.startswith(WIDE)
    encoded = None if is_wide else decoded
    text = text_of(stream, decoded) if is_wide else _as_bytes(stream)
    lines = _Lines(text, most_bytes(config))
    with _long_fields(most_bytes(config)):
        rows = _numbered(lines, source)
        _, header = next(rows, (0, []))
        names = [_decoded(name, encoded) for name in header]
        check_columns(names, config)
        number = None
        for number, cells in rows:
            check_number(number, config, "lines")
            yield _item(source, number, names, [_decoded(cell, encoded) for cell in cells], decoded)
    if number is None:
        yield Rejection(source, None, "the file holds no rows")


class _Lines:
    """Lines for the reader of a table, no more for one row than a row may hold."""

    def __init__(self, text: IO[str], most: int) -> None:
        self._lines = lines_of(text, "\n", most)
        self._most = most
        self.of_row = 0
        """Characters handed out since the last row was whole."""
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            self.of_row += self._most + 1 if line is None else len(line)
            if line is None or self.of_row > self._most:
                raise NotReadError(
                    f"the row that ends in line {self.number} or later is larger than "
                    f"{self._most >> 20} MB, or a quote before it is not closed; "
                    "mend it, or raise --max-record-megabytes"
                )
            yield line


def _numbered(lines: _Lines, source: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the numbers of their first lines; those without anything are left out."""
    feed = iter(lines)
    first = next(feed, "")
    separator = "\t" if ".tsv" in PurePosixPath(source.lower()).suffixes else _separator(first)
    reader = csv.reader(chain([first], feed), delimiter=separator, strict=True)
    begun = 1
    try:
        for row in reader:
            if any(row):
                yield begun, row
            begun, lines.of_row = reader.line_num + 1, 0
    except csv.Error as error:
        raise NotReadError(
            f"the row in line {begun} is not a row of a table ({error}, up to line "
            f"{reader.line_num}); set its quotes right"
        ) from None


def _separator(header: str) -> str:
    """The sign that parts the names of the columns: that which is there most often."""
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=unquoted.count)


@contextmanager
def _long_fields(most: int) -> Iterator[None]:
    """Let the library take fields as long as a record may be: its limit is one for the process."""
    before = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _as_bytes(stream: BinaryIO) -> io.TextIOWrapper:
    mark, rest = with_head(stream, len(codecs.BOM_UTF8))
    if mark == codecs.BOM_UTF8:
        rest.read(len(mark))
    return io.TextIOWrapper(rest, encoding=AS_BYTES, newline="")


def _decoded(cell: str, decoded: Decoded | None) -> str:
    """What a cell's bytes mean in the file's encoding; in UTF-8, a cell of another by itself."""
    if decoded is None:
        return cell
    data = cell.encode(AS_BYTES)
    if decoded.charset != "utf-8":
        return decode_as(data, decoded.charset)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return decode_bytes(data, is_html=False).text


def _item(
    source: str, number: int, names: Sequence[str], cells: Sequence[str], decoded: Decoded
) -> ReadItem:
    if len(cells) > len(names):
        return Rejection(
            source,
            number,
            f"the row has {len(cells)} cells and the table {len(names)} columns; "
            "set its quotes right",
        )
    row = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
    is_plain = decoded.decided_by == "valid UTF-8"
    metadata = {} if is_plain else {"encoding": how_decoded(decoded)}
    return Record(source, number, Kind.ROW, dump_line(row).rstrip(), Envelope(metadata=metadata))
