"""List the input: which files below RAW are read, and which are not and why."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from cleaner.errors import UsageError
from cleaner.stages.rejection import Rejection


class Format(StrEnum):
    """How a file holds its documents."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"


class Compression(StrEnum):
    """How a file's bytes are packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


FORMATS = {
    ".txt": Format.TEXT,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".jsonl": Format.JSONL,
}
COMPRESSIONS = {".gz": Compression.GZIP, ".zst": Compression.ZSTD}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `name` is its path below RAW, with forward slashes."""

    path: Path
    """Without a link in it when it was listed."""
    name: str
    format: Format
    compression: Compression
    size: int
    modified: int
    """Time of last change, in nanoseconds."""
    digest: str | None = None
    """The SHA-256 of the file where that was asked for; empty if it cannot be read."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that was found below RAW, each list in the order of its names."""

    files: tuple[SourceFile, ...]
    skipped: tuple[tuple[str, str], ...]
    """(kind, name) of what is not read: a suffix, 'symbolic link', 'special file'."""
    unreadable: tuple[Rejection, ...]
    """Folders that could not be listed."""


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
    kind = _kind_of(name)
    if isinstance(kind, str):
        return kind, name
    status = entry.stat(follow_symlinks=False)
    return SourceFile(Path(entry.path), name, *kind, status.st_size, status.st_mtime_ns)


def _inventory_of_one(path: Path) -> Inventory:
    kind = _kind_of(path.name)
    if isinstance(kind, str):
        readable = ", ".join(FORMATS)
        raise UsageError(f"{path} is not a kind that is read: {readable}, plain or .gz or .zst")
    status = path.stat()
    name = printable(path.name)
    return Inventory((SourceFile(path, name, *kind, status.st_size, status.st_mtime_ns),), (), ())


def _kind_of(name: str) -> tuple[Format, Compression] | str:
    """The format and compression that a name tells; its suffix where it tells neither."""
    path = PurePosixPath(name.lower())
    if path.name.startswith("._"):
        return "resource fork of macOS"
    suffix = path.suffix
    compression = COMPRESSIONS.get(suffix, Compression.NONE)
    inner = PurePosixPath(path.stem).suffix if compression is not Compression.NONE else suffix
    if inner in FORMATS:
        return FORMATS[inner], compression
    return (inner + suffix if compression is not Compression.NONE else suffix) or "no suffix"
