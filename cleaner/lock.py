"""One run at a time for an output folder, and who it is that has it."""

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cleaner.errors import CleanerError

try:
    import fcntl
except ImportError:  # Windows, which has no advisory locks of this kind; runs are not kept apart
    fcntl = None  # type: ignore[assignment]


@contextmanager
def held(
    path: Path, folder: Path, *, shared: bool = False, doing: str = "writing to"
) -> Iterator[None]:
    """Hold the lock file of a folder; the system gives it free however the process ends.

    Args:
        path: the lock file.
        folder: what it stands for, an output folder or an index.
        shared: others may hold it as well, if they share it too.
        doing: what one does that holds it, for the message.

    Raises:
        CleanerError: another run holds it; the message says which, as far as it has told.

    """
    with _taken(path, folder, shared=shared, doing=doing) as lock:
        _sign(lock)
        yield


def _taken(path: Path, folder: Path, *, shared: bool, doing: str) -> IO[str]:
    while True:
        lock = path.open("a+", encoding="utf-8")
        if fcntl is None:
            return lock
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(lock.fileno(), kind | fcntl.LOCK_NB)
        except BlockingIOError:
            with lock:
                raise CleanerError(
                    f"another run is {doing} {folder}{_holder(lock)}; "
                    "wait for it, or name another folder"
                ) from None
        if _is_still(lock, path):
            return lock
        # Who held it took the folder away meanwhile.
        lock.close()
        path.parent.mkdir(parents=True, exist_ok=True)


def _is_still(lock: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _sign(lock: IO[str]) -> None:
    since = time.strftime("%Y-%m-%d %H:%M:%S%z")
    row = {"process": os.getpid(), "host": platform.node(), "since": since}
    # A full disk is for the work to tell of.
    with suppress(OSError):
        os.ftruncate(lock.fileno(), 0)
        os.write(lock.fileno(), json.dumps(row).encode())


def _holder(lock: IO[str]) -> str:
    """Who holds the lock, in brackets; nothing where that is not to be read."""
    lock.seek(0)
    try:
        row = json.loads(lock.read())
        return f" (process {row['process']} on {row['host']}, since {row['since']})"
    except (ValueError, LookupError, TypeError):
        return ""
