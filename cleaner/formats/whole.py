"""Files that are one document each."""

from collections.abc import Iterator
from typing import BinaryIO

from cleaner.config import Config
from cleaner.document import Kind, Record
from cleaner.formats.limits import ReadItem, most_bytes, read_piecewise, too_large
from cleaner.stages.rejection import Rejection


def read_whole(stream: BinaryIO, source: str, config: Config, kind: Kind) -> Iterator[ReadItem]:
    """The file as one record."""
    most = most_bytes(config)
    data = read_piecewise(stream, most + 1)
    if len(data) > most:
        yield too_large(source, None, config)
    elif not data.strip():
        yield Rejection(source, None, "the file is empty")
    else:
        yield Record(source, None, kind, data)
