"""Open an input file and nothing else in its place, and unpack no more of it than is honest."""

import bz2
import errno
import gzip
import io
import lzma
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from backports import zstd

from cleaner.stages.head import AT_ONCE
from cleaner.stages.source_file import Compression, SourceFile
from cleaner.stages.xz import XzStream
from cleaner.stages.zstd_dictionary import with_dictionary

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DAMAGED = (EOFError, zlib.error, zstd.ZstdError, gzip.BadGzipFile, lzma.LZMAError)

FREE_MEGABYTES = 8
"""What any file may unpack to, however small it is: a few rows that are nothing but copies."""
REPLACED = "the file was replaced by something else after it was listed; run again"
TOO_WIDE = "too much memory"
"""What the library says of a zstd window of more than 128 MB, the most that zstd itself reads
unless it is told to."""

OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    OPEN_FLAGS |= getattr(os, _flag, 0)
FOLLOWS_NO_LINKS = hasattr(os, "O_NOFOLLOW")


class NotReadError(Exception):
    """A file is not read, or not read on; says why, and what to do."""


class _Packed(Protocol):
    """A stream of unpacked bytes, as `gzip` and `zstd` open one."""

    def read1(self, size: int, /) -> bytes: ...


@contextmanager
def opened_file(file: SourceFile, expansion: int) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """A file's bytes, unpacked; and the file as it lies on the disk, to ask how much was read.

    A pipe or a link that has taken the file's place since it was listed is neither waited for nor
    followed.

    Raises:
        OSError: it cannot be opened.
        NotReadError: it is no file any more, or is reached by a link; or, while reading, it has
            unpacked to more than `expansion` times what was read from the disk, and to more than
            `FREE_MEGABYTES`.

    """
    with (
        opened_path(file.path) as packed,
        unpacked(packed, file.compression, expansion=expansion) as stream,
    ):
        yield stream, packed


def opened_path(path: Path) -> BinaryIO:
    """A file's bytes, as they lie on the disk. Raises as `opened_file` does."""
    return os.fdopen(_descriptor(path), "rb")


def is_too_wide(error: Exception) -> bool:
    """Whether zstd data needs a larger window than is read."""
    return isinstance(error, zstd.ZstdError) and TOO_WIDE in str(error)


def _descriptor(path: Path) -> int:
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotReadError(REPLACED) from None
        raise
    # A link as the last name is refused by the system; one before it shows in the path.
    is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if not is_file or (FOLLOWS_NO_LINKS and os.path.realpath(path) != str(path)):
        os.close(descriptor)
        raise NotReadError(REPLACED)
    return descriptor


def unpacked(packed: BinaryIO, compression: Compression, *, expansion: int) -> BinaryIO:
    """A stream of the unpacked bytes of another, which stops where these are too many."""
    if compression is Compression.NONE:
        return packed
    counted = _Counted(_opened(packed, compression), packed, expansion)
    return cast("BinaryIO", io.BufferedReader(counted, AT_ONCE))


def _opened(packed: BinaryIO, compression: Compression) -> _Packed:
    if compression is Compression.GZIP:
        return cast("_Packed", gzip.GzipFile(fileobj=packed))
    if compression is Compression.BZIP2:
        return cast("_Packed", bz2.BZ2File(packed))
    if compression is Compression.XZ:
        return XzStream(packed)
    dictionary, data = with_dictionary(packed)
    return cast("_Packed", zstd.ZstdFile(data, zstd_dict=dictionary))


class _Counted(io.RawIOBase):
    """Unpacked bytes, until they are too many for what was read from the disk."""

    def __init__(self, inner: _Packed, packed: BinaryIO, expansion: int) -> None:
        self._inner = inner
        self._packed = packed
        self._expansion = expansion
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        # One piece at a time, so that what comes before a damaged one is not lost with it.
        piece = self._inner.read1(len(view))
        view[: len(piece)] = piece
        self._given += len(piece)
        is_much = self._given > FREE_MEGABYTES << 20
        if is_much and self._given > self._expansion * self._packed.tell():
            raise NotReadError(
                f"the file unpacks to more than {FREE_MEGABYTES} MB and {self._expansion} times "
                "its size; raise --max-expansion to read it"
            )
        return len(piece)
