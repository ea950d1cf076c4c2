"""What every reader holds to: how large a record may be, and how many a file may have."""

from collections.abc import Iterator
from typing import IO, AnyStr, BinaryIO

from cleaner.config import Config
from cleaner.document import Record
from cleaner.stages.rejection import Rejection, Skipped
from cleaner.stages.unpack import NotReadError

ReadItem = Record | Rejection
Found = ReadItem | Skipped


def most_bytes(config: Config) -> int:
    """Bytes of the largest record that is read."""
    return config.max_record_megabytes << 20


def too_large(source: str, number: int | None, config: Config) -> Rejection:
    """What becomes of a larger one."""
    megabytes = config.max_record_megabytes
    return Rejection(
        source, number, f"it is larger than {megabytes} MB; raise --max-record-megabytes to read it"
    )


def check_number(number: int, config: Config, unit: str) -> None:
    """Stop at the record after the last that is read.

    Raises:
        NotReadError: it is reached.

    """
    if number > config.max_rows:
        raise NotReadError(
            f"the file has more than {config.max_rows} {unit}; raise --max-rows to read the rest"
        )


def lines_of(stream: IO[AnyStr], newline: AnyStr, limit: int) -> Iterator[AnyStr | None]:
    """Lines of bytes or text; None for each that is longer than the limit."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(newline):
            line = stream.readline(limit)
        yield None


def read_piecewise(stream: BinaryIO, most: int) -> bytes:
    """Up to so many bytes, in small pieces: what a stream asks for at once it may have to hold."""
    pieces = []
    while most > 0 and (piece := stream.read(min(most, 1 << 20))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)
