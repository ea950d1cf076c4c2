"""Streams that do not let a library read too much, at once or in all."""

import io
from typing import TYPE_CHECKING, BinaryIO

from cleaner.stages.unpack import FREE_MEGABYTES, NotReadError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class AtOnce:
    """A stream of which no more can be asked for at once than it says.

    Libraries read what an archive says of itself as a whole, however long it says that is.
    """

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self.most: int = most

    def read(self, size: int = -1) -> bytes:
        """Read.

        Raises:
            NotReadError: that is too much.

        """
        if not 0 <= size <= self.most:
            raise NotReadError(
                f"the archive describes its members in {size >> 20} MB at once, and "
                f"{self.most >> 20} MB are read; unpack it, or pack it as several"
            )
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """As the stream does."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As the stream does."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """As the stream is."""
        return self._stream.seekable()


class Budget:
    """What all members of an archive may unpack to together, overlapping ones as well."""

    def __init__(self, size: int, expansion: int) -> None:
        self._most = max(FREE_MEGABYTES << 20, expansion * size)
        self._expansion = expansion
        self._spent = 0

    def spend(self, size: int) -> None:
        """Note bytes that were unpacked.

        Raises:
            NotReadError: there are too many.

        """
        self._spent += size
        if self._spent > self._most:
            raise NotReadError(
                f"the archive unpacks to more than {FREE_MEGABYTES} MB and {self._expansion} "
                "times its size; raise --max-expansion to read it"
            )


class Spending(io.RawIOBase):
    """The bytes of a member, within a budget."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read a piece, and spend it."""
        view = memoryview(buffer)
        piece = self._stream.read(len(view))
        view[: len(piece)] = piece
        self._budget.spend(len(piece))
        return len(piece)
