"""Files of rows, as they lie on the disk: plain, or packed with gzip or zstd.

What is appended to a packed file is packed by itself, as a member (RFC 1952) or a frame (RFC 8878):
so that workers can do it, and a file can be cut back to where one ends. Readers take them for one.
"""

import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from backports import zstd

GZIP, ZSTD = ".gz", ".zst"
GZIP_LEVEL = 6
"""The default of gzip itself. At 9, text takes a quarter more time, and is a thousandth smaller."""
ZSTD_OPTIONS: Mapping[int, int] = {
    zstd.CompressionParameter.compression_level: 3,
    zstd.CompressionParameter.checksum_flag: 1,
}
"""The default level of zstd, and a checksum to each frame, as gzip has one."""
BUFFER = 1 << 18
"""Bytes written at once; rows are thousands of bytes, and each write a call of the system."""
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError)
"""What is raised while a packed file is read that is damaged or cut off."""


class RowFile:
    """A file to write rows to, packed if its name says so. Use it in a `with` statement.

    Without rows it has no bytes, however it is packed.
    """

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb", BUFFER)
        self._suffix = path.suffix
        self._stream: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._stream is not None:
                self._stream.close()
        finally:
            self._raw.close()

    def write(self, line: bytes) -> None:
        """Write a row with its line feed."""
        if self._stream is None:
            self._stream = _packing(self._raw, self._suffix)
        self._stream.write(line)


def open_rows(path: Path) -> IO[bytes]:
    """Open a file of rows to read its lines, unpacked if its name says that it is packed.

    Reading raises one of `DAMAGED` where a packed file is not whole.
    """
    if path.suffix == GZIP:
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if path.suffix == ZSTD:
        return cast("IO[bytes]", zstd.open(path, "rb"))
    return path.open("rb")


def nothing_packed(suffix: str) -> bytes:
    """A whole file without rows, for a suffix of a file name."""
    if suffix == GZIP:
        return gzip.compress(b"", GZIP_LEVEL, mtime=0)
    return zstd.compress(b"", options=ZSTD_OPTIONS) if suffix == ZSTD else b""


def _packing(raw: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == GZIP:
        # Neither name nor time, so that the same rows give the same bytes.
        packed = gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0)
        return cast("IO[bytes]", packed)
    if suffix == ZSTD:
        return cast("IO[bytes]", zstd.ZstdFile(raw, "wb", options=ZSTD_OPTIONS))
    return raw
