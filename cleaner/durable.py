"""Files that are on the disk for good, and not only in the memory of the system."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_durably(path: Path, data: bytes) -> None:
    """Write a file, and wait until it is on the disk."""
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def replace_durably(path: Path, data: bytes) -> None:
    """Write a file aside and rename it, so that the old one is there until the new one is whole."""
    aside = path.with_name(f"{path.name}.new")
    write_durably(aside, data)
    aside.replace(path)
    sync_folder(path.parent)


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that appears under its name when it is whole, and leave nothing if it cannot."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as stream:
            stream.writelines(pieces)
        sync_file(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system lets one ask for that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
