"""Whether the files of an index are as they were written.

To read all of a large index costs more than to compare a day with it. So a file whose digest was
right is remembered by its size and times of change, and read again only when one of these differs.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cleaner.digests import digest_of
from cleaner.earlier.manifest import Manifest, Part, damaged

CHECKED = "checked.json"


def part_of(folder: Path, name: str, documents: int, paragraphs: int) -> Part:
    """A segment that was just written, with its digests; the name is what it will have."""
    files = {path.name: (path.stat().st_size, digest_of(path)) for path in sorted(folder.iterdir())}
    return Part(name, documents, paragraphs, files)


def check_files(folder: Path, manifest: Manifest, *, anew: bool = False) -> None:
    """Check every file of an index; `anew` those, too, that were found right before.

    Raises:
        CleanerError: one is missing, or not as it was written.

    """
    known = {} if anew else _remembered(folder)
    right: dict[str, list[int]] = {}
    for name, size, digest in _files(manifest):
        try:
            stamp = _stamp(folder / name)
            if stamp[0] != size or (
                known.get(name) != stamp and digest_of(folder / name) != digest
            ):
                raise damaged(folder, f"{name} is not as it was written")
        except OSError as error:
            raise damaged(folder, f"{name} cannot be read ({error.strerror})") from None
        right[name] = stamp
    if right != known:
        with suppress(OSError):  # an index that only may be read is read whole each time
            (folder / CHECKED).write_text(json.dumps(right), "utf-8")


def _files(manifest: Manifest) -> Iterator[tuple[str, int, str]]:
    for part in manifest.parts:
        for name, (size, digest) in part.files.items():
            yield f"{part.name}/{name}", size, digest


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _remembered(folder: Path) -> dict[str, list[int]]:
    try:
        row = json.loads((folder / CHECKED).read_bytes())
        return row if isinstance(row, dict) else {}
    except (OSError, ValueError):
        return {}
