"""The output folder: whose it is, what it holds already, and how files appear in it."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.errors import CleanerError, UsageError
from cleaner.stages.discover import SourceFile

OUTPUT_NAME = re.compile(
    r"(documents|removed)/part-\d{5}\.jsonl|(dropped|rejected)\.jsonl|summary\.json"
)
"""The files that a run writes. Nothing else in the folder is ever touched."""

HIDDEN = ".cleaner"


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What decides the output: the options, the versions, the input."""

    options: Mapping[str, Any]
    versions: Mapping[str, str]
    input: str
    """A digest of the names, sizes and times of change of the input files."""

    def difference(self, earlier: Mapping[str, Any]) -> str | None:
        """What an earlier run did otherwise, in a few words; None where nothing."""
        options = earlier.get("options", {})
        for name, value in self.options.items():
            if options.get(name) != value:
                return f"option {name} was {options.get(name)!r} and is {value!r}"
        if earlier.get("versions") != self.versions:
            return "it was made by other versions of the program or its libraries"
        if earlier.get("input") != self.input:
            return "the input has changed"
        return None


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
    if inside == outside or outside in inside.parents:
        raise UsageError(f"{clean} lies inside {raw}, which is read; name a folder outside it")
    if inside in outside.parents:
        raise UsageError(f"{raw} lies inside {clean}, which is written; name a folder outside it")


def is_done(clean: Path, identity: RunIdentity) -> bool:
    """Whether the folder holds the finished output of just this run.

    Raises:
        CleanerError: it holds the output of another run, or something in the way of one.

    """
    present = [name for name in _files_below(clean) if OUTPUT_NAME.fullmatch(name)]
    if not present:
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
        state = json.loads((clean / HIDDEN / "state.json").read_bytes())
        sizes = state["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return "which left no record of how it was made"
    for name, size in sizes.items():
        path = clean / name
        if not path.is_file() or path.stat().st_size != size:
            return f"of which {name} is missing or not as it was written"
    return identity.difference(state)


@contextmanager
def work_folder(clean: Path) -> Iterator[Path]:
    """A folder for work files on the file system of the output, gone afterwards."""
    work = clean / HIDDEN / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def publish(clean: Path, made: Path, files: Iterable[Path], identity: RunIdentity) -> None:
    """Put finished files in place under their final names, in the stead of earlier ones.

    All that needs room on the disk is written before anything changes. The record of the run is
    taken away first and put in place last, so that output without one is known to be unfinished.
    """
    names = [file.as_posix() for file in files]
    record = {
        "options": identity.options,
        "versions": identity.versions,
        "input": identity.input,
        "files": {name: (made / name).stat().st_size for name in names},
    }
    state = clean / HIDDEN / "state.json"
    new_state = made.with_name("state.json")
    write_durably(new_state, json.dumps(record, indent=1).encode())
    state.unlink(missing_ok=True)
    for name in list(_files_below(clean)):
        if OUTPUT_NAME.fullmatch(name):
            (clean / name).unlink()
    for name in names:
        (clean / name).parent.mkdir(exist_ok=True)
        (made / name).replace(clean / name)
    new_state.replace(state)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file, and wait until it is on the disk."""
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _files_below(clean: Path) -> Iterator[str]:
    """Names of the files that a run may have written: in the folder and its two subfolders."""
    for folder in (clean, clean / "documents", clean / "removed"):
        if folder.is_dir():
            for path in folder.iterdir():
                if path.is_file():
                    yield path.relative_to(clean).as_posix()
