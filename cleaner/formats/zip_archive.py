"""ZIP archives: their members in the order of the archive's directory."""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, cast

from cleaner.config import Config
from cleaner.formats.bounded import AtOnce, Budget, Spending
from cleaner.formats.limits import Found, check_number
from cleaner.formats.members import Known, ReadMember, member_name, printable_name, read_member
from cleaner.formats.settled import settled
from cleaner.stages.rejection import Rejection, Skipped
from cleaner.stages.unpack import NotReadError

DAMAGED = (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError)
"""What the library raises for an archive, or a member, that is not one."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those that need little memory whatever an archive says. Nearly all archives have no others."""
ENCRYPTED = 0x1
LARGEST_DIRECTORY = 64 << 20
"""Bytes. The library takes two to three times as much memory for it."""


def read_zip(stream: BinaryIO, source: str, config: Config, read: ReadMember) -> Iterator[Found]:
    """The records of all members that are of a kind that is read. The stream is a file on disk.

    Raises:
        NotReadError: the archive's directory is damaged or too large, or the members unpack to too
            much.

    """
    budget = Budget(stream.seek(0, os.SEEK_END), config.max_expansion)
    archive = _opened(stream)
    number = 0
    for number, member in enumerate(archive.infolist(), 1):
        check_number(number, config, "members")
        if member.filename.endswith("/"):  # not `is_dir`, which fails for an empty name
            continue
        if kind := _not_read(member):
            yield Skipped(kind, printable_name(source, member.filename))
            continue
        name = member_name(source, member.filename) or printable_name(source, member.filename)
        known = Known.by_name(name)
        read_this = partial(
            read_member,
            archive=source,
            name=member.filename,
            read=read,
            expansion=config.max_expansion,
            known=known,
        )
        items = _items(archive, member, budget, read_this)
        yield from settled(items, name, "ZIP", known.told)
        budget.spend(0)
    if not number:
        yield Rejection(source, None, "the archive is empty")


def _opened(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(cast("BinaryIO", AtOnce(stream, LARGEST_DIRECTORY)))
    except DAMAGED as error:
        raise NotReadError(
            f"the ZIP archive is damaged or cut off ({error}); fetch it again"
        ) from None


def _not_read(member: zipfile.ZipInfo) -> str | None:
    """Why a member is not read."""
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "symbolic link in an archive"
    if member.flag_bits & ENCRYPTED:
        return "encrypted archive member"
    if member.compress_type not in METHODS:
        return "archive member packed otherwise than by deflate"
    return None


def _items(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    budget: Budget,
    read: Callable[[BinaryIO], Iterator[Found]],
) -> Iterator[Found]:
    try:
        with archive.open(member) as inner:
            spending = Spending(cast("BinaryIO", inner), budget)
            yield from read(cast("BinaryIO", io.BufferedReader(spending)))
    except (*DAMAGED, zlib.error, EOFError) as error:
        raise NotReadError(f"the member is damaged ({error}); fetch the archive again") from None
