"""Streams that do not let a library read too much, at once or in all."""

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from cleaner.stages.unpack import DAMAGED, FREE_MEGABYTES, NotReadError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


SKIPPED_AT_ONCE = 1 << 20


class AtOnce:
    """A stream of which no more can be asked for at once than it says.

    Libraries read what an archive says of itself as a whole, however long it says that is.
    """

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self.most = most

    def read(self, size: int = -1) -> bytes:
        """Read.

        Raises:
            NotReadError: that is too much.

        """
        piece = self._stream.read(self.most + 1 if size < 0 else size) if size <= self.most else b""
        if max(size, len(piece)) > self.most:
            raise NotReadError(
                f"the archive takes more than {self.most >> 20} MB to describe its members; "
                "unpack it, or pack it as several"
            )
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        """As the stream does."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As the stream does."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """As the stream is."""
        return self._stream.seekable()


class Forward:
    """A stream that is read forward only, for a library that wants to find its place in it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Read."""
        piece = self._stream.read(size)
        self._at += len(piece)
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        """Read on up to a place, if it lies ahead, or up to the end."""
        ahead = offset if whence == io.SEEK_CUR else offset - self._at
        while ahead > 0 and (piece := self.read(min(ahead, SKIPPED_AT_ONCE))):
            ahead -= len(piece)
        return self._at

    def tell(self) -> int:
        """How much was read."""
        return self._at

    def close(self) -> None:
        """Leave the stream to whoever opened it."""


class UntilDamage(Forward):
    """A stream that ends where it is damaged, and says so afterwards.

    For a library that reads ahead, and would lose what it has read when it is told at once.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Read a piece; nothing where the stream is damaged, or may not be read on."""
        if self._error:
            return b""
        try:
            piece = cast("io.BufferedReader", self._stream).read1(size)
        except (*DAMAGED, OSError, NotReadError) as error:
            self._error = error
            return b""
        self._at += len(piece)
        return piece

    def check(self) -> None:
        """Say why it ended.

        Raises:
            NotReadError, OSError: see also `cleaner.stages.unpack.DAMAGED`.

        """
        if self._error:
            raise self._error


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
