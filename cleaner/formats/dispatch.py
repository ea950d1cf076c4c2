"""From a format to its reader."""

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from cleaner.config import Config
from cleaner.document import Kind
from cleaner.formats.extras import extra_for, is_lacking
from cleaner.formats.json_values import read_json
from cleaner.formats.limits import Found
from cleaner.formats.rows import read_rows
from cleaner.formats.table import read_table
from cleaner.formats.tar_archive import read_tar
from cleaner.formats.whole import read_whole
from cleaner.formats.zip_archive import read_zip
from cleaner.stages.source_file import Format
from cleaner.stages.unpack import NotReadError

WHOLE = {Format.TEXT: Kind.TEXT, Format.HTML: Kind.HTML, Format.XML: Kind.XML}
"""Formats of which a file is one document."""


def records_in(stream: BinaryIO, source: str, format_: Format, config: Config) -> Iterator[Found]:
    """The records that a stream of unpacked bytes holds.

    Args:
        stream: read from beginning to end; of ZIP and Parquet a file on disk.
        source: the name by which it is known.
        format_: what it holds.
        config: the options.

    Raises:
        NotReadError, OSError, UnicodeError: it can be read no further; see also
            `cleaner.stages.unpack.DAMAGED`.

    """
    if format_ in WHOLE:
        return read_whole(stream, source, config, WHOLE[format_])
    if format_ in (Format.ZIP, Format.TAR):
        read = read_zip if format_ is Format.ZIP else read_tar
        return read(stream, source, config, partial(_records_of_member, config=config))
    if is_lacking(format_):
        raise NotReadError(f"{format_} files need: pip install '{extra_for(format_)}'")
    if format_ is Format.PARQUET:
        from cleaner.formats.parquet import read_parquet

        return read_parquet(stream, source, config)
    if format_ is Format.WARC:
        from cleaner.formats.warc import read_warc

        return read_warc(stream, source, config)
    readers = {Format.JSONL: read_rows, Format.JSON: read_json, Format.TABLE: read_table}
    return readers[format_](stream, source, config)


def _records_of_member(
    stream: BinaryIO, source: str, format_: Format, config: Config
) -> Iterator[Found]:
    return records_in(stream, source, format_, config)
