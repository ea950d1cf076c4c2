"""What the members of archives have in common: names, kinds, and what is not read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Self, cast

from cleaner.formats.limits import Found
from cleaner.stages.content_kind import LOOKED_AT, compression_of
from cleaner.stages.head import with_head
from cleaner.stages.kind import kind_of_packed, kind_of_plain
from cleaner.stages.rejection import Skipped
from cleaner.stages.source_file import Compression, Format, told_by_name
from cleaner.stages.unpack import unpacked

ReadMember = Callable[[BinaryIO, str, Format], Iterator[Found]]
"""Reads a member's unpacked bytes, by its whole name, as of a format."""
NOT_IN_ARCHIVES = frozenset({Format.ZIP, Format.TAR, Format.PARQUET})
"""Archives in archives, and what is read from its end."""


def member_name(archive: str, name: str) -> str | None:
    """The name by which a member is known; None if its own leads out of the archive.

    Nothing is ever written under it. That it begins at the root says nothing.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        return None
    inner = "/".join(parts).encode("utf-8", "backslashreplace").decode()
    return f"{archive}/{inner}"


@dataclass(slots=True)
class Known:
    """What is known of a member: by its name at first, and by its bytes once they are read."""

    format: Format | None

    @classmethod
    def by_name(cls, name: str) -> Self:
        """What its name tells."""
        return cls(told_by_name(name).format)

    def told(self) -> Format | None:
        """What it holds, as far as is known by now."""
        return self.format


def read_member(  # noqa: PLR0913 - an archive, a member of it, and how it is read
    stream: BinaryIO, archive: str, name: str, read: ReadMember, *, expansion: int, known: Known
) -> Iterator[Found]:
    """The records of one member; it notes what that is."""
    path = member_name(archive, name)
    if path is None:
        yield Skipped("archive member whose name leads out of it", printable_name(archive, name))
    elif PurePosixPath(path).name.startswith("._"):
        yield Skipped("resource fork of macOS", path)
    else:
        yield from _read_named(stream, path, read, expansion, known)


def printable_name(archive: str, name: str) -> str:
    """A member's name as it stands, as text that JSON can hold."""
    return f"{archive}/{name}".encode("utf-8", "backslashreplace").decode()


def _read_named(
    stream: BinaryIO, path: str, read: ReadMember, expansion: int, known: Known
) -> Iterator[Found]:
    named = told_by_name(path)
    head, stream = with_head(stream, LOOKED_AT)
    packing = compression_of(head)
    if packing is Compression.NONE:
        kind = kind_of_plain(named, head)
    else:
        counted = _Position(stream)
        stream = unpacked(cast("BinaryIO", counted), packing, expansion=expansion)
        inside, stream = with_head(stream, LOOKED_AT)
        kind = kind_of_packed(named, inside, packing)
    if kind is None:
        yield Skipped(f"archive member {named.suffixes or 'without suffix'}", path)
    elif kind.format in NOT_IN_ARCHIVES:
        yield Skipped(f"{kind.format} file in an archive", path)
    else:
        known.format = kind.format
        yield from read(stream, path, kind.format)


class _Position:
    """A stream that knows how much was read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._read += len(piece)
        return piece

    def tell(self) -> int:
        return self._read
