"""Tar archives: their members in the order in which they stand there."""

import io
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from cleaner.config import Config
from cleaner.formats.bounded import Forward
from cleaner.formats.limits import Found, check_number
from cleaner.formats.members import Known, ReadMember, member_name, printable_name, read_member
from cleaner.formats.settled import settled
from cleaner.stages.rejection import Rejection, Skipped
from cleaner.stages.unpack import NotReadError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_HEADER = 1 << 20
"""Bytes of one header, long names and all; the library reads it as a whole."""
DAMAGED = (tarfile.TarError, ValueError, OverflowError, IndexError)


def read_tar(stream: BinaryIO, source: str, config: Config, read: ReadMember) -> Iterator[Found]:
    """The records of all members that are of a kind that is read.

    Raises:
        NotReadError: the archive is damaged, cut off, or has headers that are too long.

    """
    forward = _Headed(stream)
    number = 0
    for number, member in enumerate(_members(forward), 1):
        check_number(number, config, "members")
        if kind := _not_read(member):
            yield Skipped(kind, printable_name(source, member.name))
        elif not member.isdir():
            name = member_name(source, member.name) or printable_name(source, member.name)
            known = Known.by_name(name)
            read_this = partial(
                read_member,
                archive=source,
                name=member.name,
                read=read,
                expansion=config.max_expansion,
                known=known,
            )
            items = _items(member, forward, read_this)
            yield from settled(items, name, "tar", known.told)
    if not number:
        yield Rejection(source, None, "the archive is empty")


def _members(forward: "_Headed") -> Iterator[tarfile.TarInfo]:
    number = 0
    try:
        with tarfile.open(fileobj=cast("BinaryIO", forward), mode="r:") as archive:
            while (member := archive.next()) is not None:
                # The library would hold them all, and says nothing of how not to.
                archive.members = []  # type: ignore[attr-defined]
                number += 1
                forward.header_left = None
                yield member
                forward.seek(archive.offset)
                forward.header_left = LONGEST_HEADER
    except DAMAGED as error:
        raise _damage(number, str(error)) from None
    if not forward.last:
        raise _damage(number, "it has no end")
    if forward.last.strip(b"\0"):
        raise _damage(number, "what follows is no header of a member")


def _damage(number: int, what: str) -> NotReadError:
    return NotReadError(
        f"the tar archive is damaged or cut off after member {number} ({what}); fetch it again"
    )


def _not_read(member: tarfile.TarInfo) -> str | None:
    """Why a member is not read."""
    if member.issym() or member.islnk():
        return "link in an archive"
    if member.issparse():
        return "file with holes in an archive"
    return None if member.isreg() or member.isdir() else "special file in an archive"


def _items(
    member: tarfile.TarInfo, forward: "_Headed", read: Callable[[BinaryIO], Iterator[Found]]
) -> Iterator[Found]:
    forward.seek(member.offset_data)
    yield from read(cast("BinaryIO", io.BufferedReader(_Member(forward, member.size))))


class _Member(io.RawIOBase):
    """The bytes of one member."""

    def __init__(self, forward: "_Headed", size: int) -> None:
        self._forward = forward
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)[: self._left]
        piece = self._forward.read(len(view)) if view else b""
        if view and not piece:
            raise EOFError("the archive ends within the member")
        view[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


class _Headed(Forward):
    """A stream of which no more is read for one header than that may have."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self.last = b""
        """What was read last, which at the end is a header that is none."""
        self.header_left: int | None = LONGEST_HEADER
        """Bytes that may still be read for one header; None while a member is read."""

    def read(self, size: int = -1) -> bytes:
        if self.header_left is not None:
            self.header_left -= size
            if size < 0 or self.header_left < 0:
                raise NotReadError(
                    f"a member of the archive has a header of more than {LONGEST_HEADER >> 20} MB; "
                    "unpack the archive and give the folder"
                )
        self.last = super().read(size)
        return self.last
