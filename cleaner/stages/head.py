"""Look at the beginning of a stream that cannot be wound back."""

import io
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

AT_ONCE = 1 << 17
"""Bytes unpacked before they are counted."""
PIECE = 1 << 15


def with_head(stream: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream, fewer only if it has no more; and all of it, to be read."""
    head = stream.read(size)
    return head, cast("BinaryIO", io.BufferedReader(_Again(head, stream), PIECE))


class _Again(io.RawIOBase):
    """Bytes that were read before, and then the rest."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        piece, self._head = self._head[: len(view)], self._head[len(view) :]
        if not piece:
            # One piece at a time, so that what comes before a damaged one is not lost with it.
            piece = cast("io.BufferedReader", self._stream).read1(len(view))
        view[: len(piece)] = piece
        return len(piece)
