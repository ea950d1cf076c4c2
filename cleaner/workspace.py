"""The output folder: whose it is, what it holds already, and how files appear in it.

A run works in `.cleaner/work`, which stays there if it is cut off, for the next to go on with. It
puts its finished files together in a folder there; renaming that to `.cleaner/publishing` is the
moment from which they count. Moving them to their final names can then be cut off at any point:
whoever opens the folder next moves the rest.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cleaner.durable import sync_file, sync_folder, write_durably
from cleaner.errors import CleanerError
from cleaner.identity import LISTING, RunIdentity
from cleaner.lock import held
from cleaner.written import (
    HIDDEN,
    OUTPUT_NAME,
    RUN,
    STATE,
    WORK,
    check_all_ours,
    files_below,
    has_work,
    work_record,
)

LOCK, PUBLISHING = "lock", "publishing"


@contextmanager
def opened(clean: Path) -> Iterator[None]:
    """Hold the output folder for this run alone, and finish what an earlier one was publishing.

    A folder that this made, and in which nothing was put, is taken away again.

    Raises:
        UsageError: it holds what no run has written.
        CleanerError: another run holds it.

    """
    was_there = clean.exists()
    hidden = clean / HIDDEN
    hidden.mkdir(parents=True, exist_ok=True)
    with held(hidden / LOCK, clean):
        try:
            _move_into_place(clean)
            check_all_ours(clean)
            yield
        finally:
            if not (hidden / STATE).exists() and not has_work(clean):
                _remove_traces(clean, folder_too=not was_there)


def _remove_traces(clean: Path, *, folder_too: bool) -> None:
    """Take away what only a run that came to nothing has left."""
    hidden = clean / HIDDEN
    if (hidden / PUBLISHING).exists():
        return
    shutil.rmtree(hidden / WORK, ignore_errors=True)
    (hidden / LOCK).unlink(missing_ok=True)
    with suppress(OSError):  # something of the user's is in it
        hidden.rmdir()
    if folder_too and clean.is_dir() and not any(clean.iterdir()):
        clean.rmdir()


def is_done(clean: Path, identity: RunIdentity, *, overwrite: bool) -> bool:
    """Whether there is nothing to do: the folder holds the finished output of just this run.

    Then unfinished work stays as it is. Else only what this run can go on with is left of it.

    Raises:
        CleanerError: it holds the output or the work of another run, and that may not go.

    """
    unlike = _difference_of_work(clean, identity) if has_work(clean) else None
    goes_on = has_work(clean) and unlike is None
    if not overwrite and _has_output(clean):
        difference = _difference_of_output(clean, identity)
        if difference is None:
            return True
        if not goes_on:
            raise CleanerError(
                f"{clean} holds the output of an earlier run ({difference}); "
                "add --overwrite to replace it, or name another folder"
            )
    if unlike and not overwrite:
        raise CleanerError(
            f"{clean} holds the work of a run that has not finished ({unlike}); add --overwrite to "
            "discard it, name another folder, or go on with it by that run's options and input"
        )
    if not goes_on:
        discard_work(clean)
    return False


def discard_work(clean: Path) -> None:
    """Delete the work of a run that has not finished, or that has."""
    # First what makes it count, so that nobody goes on with a part of it.
    (clean / HIDDEN / WORK / RUN).unlink(missing_ok=True)
    shutil.rmtree(clean / HIDDEN / WORK, ignore_errors=True)


def _has_output(clean: Path) -> bool:
    return any(OUTPUT_NAME.fullmatch(name) for name in files_below(clean))


def _difference_of_output(clean: Path, identity: RunIdentity) -> str | None:
    hidden = clean / HIDDEN
    try:
        state = json.loads((hidden / STATE).read_bytes())
        for name, size in state["files"].items():
            path = clean / name
            if not path.is_file() or path.stat().st_size != size:
                return f"of which {name} is missing or not as it was written"
        return identity.difference(state, hidden / LISTING)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return "which left no record of how it was made"


def _difference_of_work(clean: Path, identity: RunIdentity) -> str | None:
    try:
        return identity.difference(work_record(clean), clean / HIDDEN / WORK / LISTING)
    except (LookupError, TypeError, AttributeError):
        return "which left no record of how it was begun"


def begun_work(clean: Path, identity: RunIdentity) -> Path:
    """The folder for work files, on the file system of the output; made if it is not there."""
    work = clean / HIDDEN / WORK
    if not has_work(clean):
        work.mkdir(exist_ok=True)
        identity.write_listing(work / LISTING)
        aside = work / f"{RUN}.new"
        aside.write_bytes(json.dumps(identity.record(), indent=1).encode())
        aside.replace(work / RUN)
    return work


def publish(clean: Path, made: Path, files: Iterable[Path], identity: RunIdentity) -> None:
    """Put finished files in place under their final names, in the stead of earlier ones.

    Nothing changes before all of them, and the record of the run, are whole and on the disk. From
    then on the work folder is not needed, and deleted.
    """
    sizes = {file.as_posix(): (made / file).stat().st_size for file in files}
    identity.write_listing(made / LISTING)
    sync_file(made / LISTING)
    write_durably(made / STATE, json.dumps(identity.record() | {"files": sizes}, indent=1).encode())
    sync_folder(made)
    shutil.rmtree(clean / HIDDEN / PUBLISHING, ignore_errors=True)
    made.replace(clean / HIDDEN / PUBLISHING)
    sync_folder(clean / HIDDEN)
    _move_into_place(clean)


def _move_into_place(clean: Path) -> None:
    """Move published files to their final names, take earlier ones away, put the record last."""
    hidden = clean / HIDDEN
    ready = hidden / PUBLISHING
    if not (ready / STATE).exists():
        return
    discard_work(clean)
    names = json.loads((ready / STATE).read_bytes())["files"]
    for name in names:
        if (ready / name).exists():
            (clean / name).parent.mkdir(exist_ok=True)
            (ready / name).replace(clean / name)
    for name in list(files_below(clean)):
        if OUTPUT_NAME.fullmatch(name) and name not in names:
            (clean / name).unlink()
    if not any(name.startswith("signatures/") for name in names):
        with suppress(OSError):  # not there, or something of the user's is in it
            (clean / "signatures").rmdir()
    if (ready / LISTING).exists():
        (ready / LISTING).replace(hidden / LISTING)
    # The record must not reach the disk before the names that it speaks of.
    for folder in {(clean / name).parent for name in names}:
        sync_folder(folder)
    (ready / STATE).replace(hidden / STATE)
    sync_folder(hidden)
    shutil.rmtree(ready)
