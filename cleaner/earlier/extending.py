"""Add the corpus of a run to an index, once, when its output is whole.

The segment is written aside before the output is published, and named in the manifest after that.
Whoever extends the index next does so for a run that was cut off in between.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cleaner.durable import sync_file, sync_folder, write_durably
from cleaner.earlier.building import Finished, write_segment
from cleaner.earlier.checking import check_files, part_of
from cleaner.earlier.manifest import MANIFEST, Held, Manifest, Part, damaged, read_manifest
from cleaner.earlier.merging import merge
from cleaner.earlier.segment import Segment
from cleaner.identity import run_digest
from cleaner.workspace import PUBLISHING
from cleaner.written import HIDDEN, STATE

PENDING, NOTE, SEGMENT = "pending-", "pending.json", "segment"
SEGMENT_NAME = re.compile(r"\d{6}-[0-9a-f]{8}")
FAN_OUT = 8
"""Segments of one size that are merged: the more, the more are looked into; the fewer, the more
often each is written anew."""
LEAST_PARAGRAPHS = 1 << 12
"""Segments of fewer are all of one size."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be added to an index."""

    held: Held
    part: Part
    clean: str
    """The folder of the output, without which it does not count."""
    replaces: str | None = None
    """The run in the place of which it comes: the last, made again."""


def prepare(  # noqa: PLR0913 - an index, and a run with its output
    index: Path,
    manifest: Manifest,
    clean: Path,
    record: Mapping[str, Any],
    run: Finished,
    *,
    replaces: str | None = None,
) -> None:
    """Write a run's segment aside, and wait until it is on the disk.

    Args:
        index: the folder of the index.
        manifest: what it holds, but for a run that is replaced.
        clean: the folder of the output.
        record: of the run, as `RunIdentity` gives it.
        run: what was decided.
        replaces: the run that is replaced.

    """
    aside = _pending_folder(index, clean)
    shutil.rmtree(aside, ignore_errors=True)
    (aside / "work").mkdir(parents=True)
    write_segment(run, aside / SEGMENT, aside / "work")
    shutil.rmtree(aside / "work")
    part = _synced(aside / SEGMENT, _next_name(index, run_digest(record)))
    held = Held(
        *(run_digest(record), record["input"], record["content"], manifest.identity, clean.name),
        *(part.documents, part.paragraphs),
    )
    addition = Addition(held, part, str(clean.absolute()), replaces)
    write_durably(aside / NOTE, json.dumps(asdict(addition)).encode())
    sync_folder(aside)
    sync_folder(index)


def _pending_folder(index: Path, clean: Path) -> Path:
    """One for each output folder, so that what a run that was given up has left is replaced."""
    key = blake2b(str(clean.absolute()).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return index / f"{PENDING}{key}"


def _synced(folder: Path, name: str) -> Part:
    for path in folder.iterdir():
        sync_file(path)
    sync_folder(folder)
    segment = Segment(folder, 0)
    return part_of(folder, name, len(segment.names), len(segment))


def _next_name(index: Path, digest: str) -> str:
    number = max((int(name[:6]) for name in segments_in(index)), default=0) + 1
    return f"{number:06d}-{digest[:8]}"


def add_published(index: Path, manifest: Manifest, memory: int) -> Manifest:
    """Add what waits for it and has its output in place, and merge what has become many."""
    for aside, addition in _pending(index):
        if addition.held in manifest.runs and not (aside / SEGMENT).exists():
            shutil.rmtree(aside)  # cut off after it was added
            continue
        base = _base_of(addition, manifest)
        if base and _is_published(addition):
            target = index / addition.part.name
            if (aside / SEGMENT).exists():
                shutil.rmtree(target, ignore_errors=True)
                (aside / SEGMENT).replace(target)
                sync_folder(index)
            manifest = base.with_run(addition.held, addition.part)
            manifest.save(index)
            shutil.rmtree(aside)
    return _merged(index, manifest, memory)


def _base_of(addition: Addition, manifest: Manifest) -> Manifest | None:
    """What is to be added to; None if the index has become another one since."""
    if addition.replaces is None:
        base = manifest
    elif manifest.runs and manifest.runs[-1].run == addition.replaces:
        base = manifest.without_last()
    else:
        return None
    return base if addition.held.base == base.identity else None


def segments_in(index: Path) -> list[str]:
    """The names of the segments that lie in the folder of an index, whether it has them or not."""
    return [path.name for path in index.iterdir() if SEGMENT_NAME.fullmatch(path.name)]


def check_manifest_there(index: Path) -> None:
    """Refuse to take for new what is an index whose manifest is gone.

    Raises:
        CleanerError: there are segments that nothing names.

    """
    waiting = {addition.part.name for _, addition in _pending(index)}
    if not (index / MANIFEST).exists() and not waiting.issuperset(segments_in(index)):
        raise damaged(index, f"{MANIFEST} is gone")


def waits_for_addition(index: Path) -> str | None:
    """The output folder of a run that was cut off before it was added; None if there is none."""
    waiting = (one.clean for _, one in _pending(index) if _is_published(one))
    return next(waiting, None)


def _pending(index: Path) -> Iterator[tuple[Path, Addition]]:
    for aside in sorted(index.glob(f"{PENDING}*")):
        try:
            row = json.loads((aside / NOTE).read_bytes())
        except (OSError, ValueError):  # never whole, so its output was not published
            continue
        held, part = Held(**row["held"]), Part.from_row(row["part"])
        yield aside, Addition(held, part, row["clean"], row.get("replaces"))


def _is_published(addition: Addition) -> bool:
    hidden = Path(addition.clean) / HIDDEN
    # Cut off while its files were moved into place, it counts, and the next run moves the others.
    for state in (hidden / STATE, hidden / PUBLISHING / STATE):
        try:
            if run_digest(json.loads(state.read_bytes())) == addition.held.run:
                return True
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return False


def _merged(index: Path, manifest: Manifest, memory: int) -> Manifest:
    """Segments made one for as long as there are many of one size; what they were made of deleted.

    The last stays by itself, so that its run can be made again.
    """
    while first := first_to_merge(replace(manifest, parts=manifest.parts[:-1])):
        manifest = _with_merged(index, manifest, first - 1, memory)
    for name in set(segments_in(index)) - {part.name for part in manifest.parts}:
        shutil.rmtree(index / name)
    return manifest


def first_to_merge(manifest: Manifest) -> int:
    """Counted from 1, the first of the segments at the end that are to be one; 0 for none."""
    sizes = [_size_class(part) for part in manifest.parts]
    for first in range(len(sizes) - FAN_OUT, -1, -1):
        if max(sizes[first:]) == sizes[first] and sizes[first:].count(sizes[first]) >= FAN_OUT:
            return first + 1
    return 0


def _size_class(part: Part) -> int:
    rows, size = max(part.paragraphs, part.documents), 0
    while rows >= LEAST_PARAGRAPHS * FAN_OUT**size:
        size += 1
    return size


def _with_merged(index: Path, manifest: Manifest, first: int, memory: int) -> Manifest:
    parts, last = manifest.parts[first:-1], manifest.parts[-1]
    check_files(index, Manifest(manifest.parameters, parts=parts), anew=True)
    bands = sum(name.endswith(".keys") and name.startswith("bands.") for name in parts[0].files)
    name = _next_name(index, manifest.identity)
    shutil.rmtree(index / name, ignore_errors=True)
    merge([Segment(index / part.name, bands) for part in parts], index / name, memory)
    part = _synced(index / name, name)
    sync_folder(index)
    merged = Manifest(manifest.parameters, manifest.runs, (*manifest.parts[:first], part, last))
    merged.save(index)
    return merged


def manifest_of(index: Path) -> Manifest | None:
    """The manifest of an index, if there is one."""
    return read_manifest(index) if (index / MANIFEST).exists() else None
