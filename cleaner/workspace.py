"""The output folder: whose it is, what it holds already, and how files appear in it.

A run works in `.cleaner/work` and puts its finished files together in a folder there; renaming that
to `.cleaner/publishing` is the moment from which they count. Moving them to their final names can
then be cut off at any point: whoever opens the folder next moves the rest.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.errors import CleanerError, UsageError
from cleaner.stages.discover import SourceFile
from cleaner.stages.shards import SHARDED

try:
    import fcntl
except ImportError:  # Windows, which has no advisory locks of this kind; runs are not kept apart
    fcntl = None  # type: ignore[assignment]

OUTPUT_NAME = re.compile(
    r"(documents|removed)/part-\d{5}\.jsonl|signatures/part-\d{5}\.(npy|jsonl)"
    r"|(dropped|rejected)\.jsonl|summary\.json"
)
"""The files that a run writes. Nothing else in the folder is ever touched."""

LONGEST_TOLD = 200
"""Characters. Rules of one's own are longer, and nobody would read them in a message."""

HIDDEN = ".cleaner"
STATE = "state.json"


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What decides the output: the options, the versions, the input."""

    options: Mapping[str, Any]
    versions: Mapping[str, str]
    input: str
    """A digest of the names, sizes and times of change of the input files."""

    def difference(self, earlier: Mapping[str, Any]) -> str | None:
        """What an earlier run did otherwise, in a few words; None where nothing."""
        options = earlier["options"]
        changed = [
            _changed(name, options.get(name), value)
            for name, value in self.options.items()
            if options.get(name) != value
        ]
        if changed:
            return f"option {', option '.join(changed)}"
        if earlier["versions"] != self.versions:
            return "it was made by other versions of the program or its libraries"
        if earlier["input"] != self.input:
            return "the input has changed"
        return None


def _changed(name: str, earlier: object, value: object) -> str:
    told = f"{name} was {earlier!r} and is {value!r}"
    return told if len(told) <= LONGEST_TOLD else f"{name} was another"


def input_digest(files: Iterable[SourceFile]) -> str:
    """A digest of what the input is, without reading it."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.size}\0{file.modified}\n".encode("utf-8", "replace"))
    return digest.hexdigest()


def check_apart(raw: Path, clean: Path) -> None:
    """Refuse folders of which one lies in the other.

    Raises:
        UsageError: reading would meet what is written, or --overwrite would delete the input.

    """
    if clean.exists() and not clean.is_dir():
        raise UsageError(f"{clean} is a file; name a folder for the output")
    inside, outside = clean.resolve(), raw.resolve()
    if inside == outside:
        raise UsageError(f"{clean} is read; name another folder for the output")
    if outside in inside.parents:
        raise UsageError(f"{clean} lies inside {raw}, which is read; name a folder outside it")
    if (raw / HIDDEN / STATE).exists():
        raise UsageError(
            f"{raw} is the output of a run, removed text and all; to clean its documents again, "
            f"name {raw / 'documents'}"
        )
    if inside in outside.parents:
        raise UsageError(f"{raw} lies inside {clean}, which is written; name a folder outside it")


@contextmanager
def opened(clean: Path) -> Iterator[None]:
    """Hold the output folder for this run alone, and finish what an earlier one was publishing.

    A folder that this made, and in which nothing was put, is taken away again.

    Raises:
        CleanerError: another run holds it.

    """
    was_there = clean.exists()
    (clean / HIDDEN).mkdir(parents=True, exist_ok=True)
    with (clean / HIDDEN / "lock").open("a+") as lock:
        _take(lock.fileno(), clean)
        try:
            _move_into_place(clean)
            yield
        finally:
            if not (clean / HIDDEN / STATE).exists():
                _remove_traces(clean, folder_too=not was_there)


def _take(lock: int, clean: Path) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CleanerError(
            f"another run is writing to {clean}; wait for it, or name another folder"
        ) from None


def _remove_traces(clean: Path, *, folder_too: bool) -> None:
    """Take away what only a run that came to nothing has left."""
    hidden = clean / HIDDEN
    if (hidden / "publishing").exists():
        return
    shutil.rmtree(hidden, ignore_errors=True)
    if folder_too and clean.is_dir() and not any(clean.iterdir()):
        clean.rmdir()


def is_done(clean: Path, identity: RunIdentity) -> bool:
    """Whether the folder holds the finished output of just this run.

    Raises:
        CleanerError: it holds the output of another run, or something in the way of one.

    """
    if not any(OUTPUT_NAME.fullmatch(name) for name in _files_below(clean)):
        return False
    difference = _difference(clean, identity)
    if difference is None:
        return True
    raise CleanerError(
        f"{clean} holds the output of an earlier run ({difference}); "
        "add --overwrite to replace it, or name another folder"
    )


def _difference(clean: Path, identity: RunIdentity) -> str | None:
    try:
        state = json.loads((clean / HIDDEN / STATE).read_bytes())
        for name, size in state["files"].items():
            path = clean / name
            if not path.is_file() or path.stat().st_size != size:
                return f"of which {name} is missing or not as it was written"
        return identity.difference(state)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return "which left no record of how it was made"


@contextmanager
def work_folder(clean: Path) -> Iterator[Path]:
    """A folder for work files on the file system of the output, gone afterwards."""
    work = clean / HIDDEN / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def publish(clean: Path, made: Path, files: Iterable[Path], identity: RunIdentity) -> None:
    """Put finished files in place under their final names, in the stead of earlier ones.

    Nothing changes before all of them, and the record of the run, are whole and on the disk.
    """
    record = {
        "options": identity.options,
        "versions": identity.versions,
        "input": identity.input,
        "files": {file.as_posix(): (made / file).stat().st_size for file in files},
    }
    write_durably(made / STATE, json.dumps(record, indent=1).encode())
    shutil.rmtree(clean / HIDDEN / "publishing", ignore_errors=True)
    made.replace(clean / HIDDEN / "publishing")
    _move_into_place(clean)


def _move_into_place(clean: Path) -> None:
    """Move published files to their final names, take earlier ones away, put the record last."""
    ready = clean / HIDDEN / "publishing"
    if not (ready / STATE).exists():
        return
    names = json.loads((ready / STATE).read_bytes())["files"]
    for name in names:
        if (ready / name).exists():
            (clean / name).parent.mkdir(exist_ok=True)
            (ready / name).replace(clean / name)
    for name in list(_files_below(clean)):
        if OUTPUT_NAME.fullmatch(name) and name not in names:
            (clean / name).unlink()
    if not any(name.startswith("signatures/") for name in names):
        with suppress(OSError):  # not there, or something of the user's is in it
            (clean / "signatures").rmdir()
    (ready / STATE).replace(clean / HIDDEN / STATE)
    shutil.rmtree(ready)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file, and wait until it is on the disk."""
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _files_below(clean: Path) -> Iterator[str]:
    """Names of the files that a run may have written: in the folder and its subfolders."""
    for folder in (clean, *(clean / kind for kind in SHARDED)):
        if folder.is_dir():
            for path in folder.iterdir():
                if path.is_file():
                    yield path.relative_to(clean).as_posix()
