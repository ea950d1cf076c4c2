"""List the input: which files below RAW are read, and which are not and why."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cleaner.errors import UsageError
from cleaner.stages.kind import settled_kind
from cleaner.stages.rejection import Rejection
from cleaner.stages.source_file import (
    COMPRESSIONS,
    FORMATS,
    NOT_PACKED,
    Compression,
    SourceFile,
    told_by_name,
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that was found below RAW, each list in the order of its names."""

    files: tuple[SourceFile, ...]
    skipped: tuple[tuple[str, str], ...]
    """(kind, name) of what is not read: a suffix, 'symbolic link', 'special file'."""
    unreadable: tuple[Rejection, ...]
    """Folders that could not be listed."""
    is_named: bool = True
    """Somebody named the files; what a program puts aside lies about nothing."""

    def misnamed(self) -> Iterator[tuple[str, str]]:
        """(kind, name) of the files that are read as what they hold, not as they are named."""
        for file in self.files if self.is_named else ():
            named = told_by_name(file.name)
            if (named.format, named.compression) != (file.format, file.compression):
                packed = "" if file.compression is Compression.NONE else f" in {file.compression}"
                yield f"{file.format}{packed}", file.name


def take_inventory(raw: Path) -> Inventory:
    """List RAW, a folder or one file. Symbolic links below RAW are not followed.

    Raises:
        UsageError: RAW does not exist, or it is a file of a kind that is not read.

    """
    if not raw.exists():
        raise UsageError(f"there is no {raw}; name a folder of articles, or one file")
    raw = raw.resolve()
    if not raw.is_dir():
        return _inventory_of_one(raw)
    files: list[SourceFile] = []
    skipped: list[tuple[str, str]] = []
    unreadable: list[Rejection] = []
    for found in _walk(raw):
        if isinstance(found, Rejection):
            unreadable.append(found)
            continue
        source = _as_source(found, printable(os.path.relpath(found.path, raw)))
        if isinstance(source, SourceFile):
            files.append(source)
        else:
            skipped.append(source)
    return Inventory(
        tuple(sorted(files, key=lambda file: (file.name, os.fsencode(file.path)))),
        tuple(sorted(skipped)),
        tuple(sorted(unreadable, key=lambda problem: problem.source)),
    )


def printable(path: str) -> str:
    """A path as text that JSON can hold: forward slashes, undecodable bytes as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def _walk(raw: Path) -> Iterator["os.DirEntry[str] | Rejection"]:
    """Everything below RAW that is not a folder, and the folders that cannot be listed."""
    folders = [str(raw)]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError as error:
            name = printable(os.path.relpath(folder, raw))
            told = f"the folder cannot be listed: {error.strerror}"
            yield Rejection(name, None, told, is_rest=True)
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                yield entry


def _as_source(entry: "os.DirEntry[str]", name: str) -> SourceFile | tuple[str, str]:
    if entry.is_symlink():
        return "symbolic link", name
    if not entry.is_file(follow_symlinks=False):
        return "special file", name
    return _known(Path(entry.path), name, entry.stat(follow_symlinks=False))


def _known(path: Path, name: str, status: os.stat_result) -> SourceFile | tuple[str, str]:
    """The file as a source; its kind and name if it is of none that is read."""
    if PurePosixPath(name).name.startswith("._"):
        return "resource fork of macOS", name
    named = told_by_name(name)
    kind = settled_kind(path, named)
    if kind is None:
        return named.suffixes or "no suffix", name
    if kind.compression is not Compression.NONE and kind.format in NOT_PACKED:
        return f"{kind.format} packed with {kind.compression}", name
    return SourceFile(path, name, kind.format, kind.compression, status.st_size, status.st_mtime_ns)


def _inventory_of_one(path: Path) -> Inventory:
    source = _known(path, printable(path.name), path.stat())
    if not isinstance(source, SourceFile):
        readable = ", ".join(FORMATS)
        raise UsageError(
            f"{path} is not a kind that is read: {readable}, plain or "
            f"{', '.join(COMPRESSIONS)}, or one of them under another name"
        )
    return Inventory((source,), (), ())
