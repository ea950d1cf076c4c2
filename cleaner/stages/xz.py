"""Unpack XZ data within a bound of memory, which the standard library's file does not keep."""

import lzma
from typing import BinaryIO

MOST_MEMORY = 128 << 20
"""Bytes, as for zstd. The strongest preset of the `xz` program needs half of it."""
AT_ONCE = 1 << 16


class XzStream:
    """One or several XZ streams, one after the other."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._unpacker = _unpacker()

    def read1(self, size: int) -> bytes:
        """A piece of the unpacked bytes; empty at the end.

        Raises:
            lzma.LZMAError: the data are damaged, or need more memory than they may.
            EOFError: they are cut off.

        """
        while True:
            if self._unpacker.eof:
                rest = self._unpacker.unused_data.lstrip(b"\0") or self._packed.read(AT_ONCE)
                if not rest:
                    return b""
                self._unpacker = _unpacker()
            else:
                rest = self._packed.read(AT_ONCE) if self._unpacker.needs_input else b""
                if self._unpacker.needs_input and not rest:
                    raise EOFError("the XZ data end before their end is marked")
            piece = self._unpacker.decompress(rest, size)
            if piece:
                return piece


def _unpacker() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_MEMORY)
