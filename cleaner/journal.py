"""How far a run has come: what the disk holds for good, so that a later run can go on from there.

A record is put in place only after all that it speaks of is on the disk. What was written after it
is cut off again when the run goes on. Waiting for the disk is left to a thread.
"""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Self

from cleaner.durable import replace_durably, sync_file, sync_folder

JOURNAL = "journal.json"
LEAST_SECONDS = 1.0
"""Between two records; what ends before the first needs none."""
RECORD_SHARE = 0.2
"""Of the time that may go into waiting for the disk: where that is slow, records are rarer."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a run has come. All sizes are in bytes, of files named from the work folder."""

    columns: Mapping[str, int] = field(default_factory=dict)
    """Sizes of the columns that the first phase appends to."""
    is_read: bool = False
    """The first phase is done."""
    skipped: Mapping[str, Any] = field(default_factory=dict)
    """What the first phase met that is no document, as `Skips.as_row` gives it, once it is done."""
    plan: Mapping[str, int] = field(default_factory=dict)
    """Sizes of the decisions of the second phase; empty until it is done."""
    finished: int = 0
    """Batches whose output is written."""
    made: Mapping[str, int] = field(default_factory=dict)
    """Sizes of the files of the output; empty until the third phase begins."""
    counts: Mapping[str, Any] = field(default_factory=dict)
    """What the finished batches hold, as `Counts.as_saved` gives it."""

    def sizes(self) -> Mapping[str, int]:
        """Sizes of all files."""
        return {**self.columns, **self.plan, **self.made}


class Journal:
    """Keeps the record of a work folder. Use it in a `with` statement around the work.

    Left by an error or an interruption, it records what was reached last, if that could be written.
    After a record that the disk refused there is no further one: the system tells only once what
    it has lost.
    """

    def __init__(self, work: Path) -> None:
        self.work = work
        self.recorded = _read(work)
        """What a run that is cut off now goes on from."""
        self.now = self.recorded
        self.scratch = work
        """Folder for files of batches that do not count yet."""
        self._unsynced: set[Path] = set()
        self._thread: threading.Thread | None = None
        self._error: OSError | None = None
        self._next = time.monotonic() + LEAST_SECONDS

    def __enter__(self) -> Self:
        # Workers of a run that was killed may still write for a moment: to a folder of their own.
        for earlier in self.work.glob("scratch-*"):
            shutil.rmtree(earlier, ignore_errors=True)
        self.scratch = Path(mkdtemp(prefix="scratch-", dir=self.work))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._settle()
        else:
            with suppress(OSError):
                self._settle()
                if self.now is not self.recorded and _is_whole(self.work, self.now):
                    self._record(self.now, self._unsynced)

    def wrote(self, paths: Iterable[Path]) -> None:
        """Note files that the next record speaks of."""
        self._unsynced.update(paths)

    def record_if_due(self, flush: Callable[[], None] | None = None) -> None:
        """Begin to record what is reached now, if it is time for that.

        Args:
            flush: hands to the system what of it is not there yet.

        Raises:
            OSError: it cannot, or the last record could not be written.

        """
        if self._error is None:
            is_busy = self._thread is not None and self._thread.is_alive()
            if is_busy or time.monotonic() < self._next:
                return
        self._settle()
        if flush:
            flush()
        unsynced, self._unsynced = self._unsynced, set()
        self._thread = threading.Thread(target=self._try_to_record, args=(self.now, unsynced))
        self._thread.start()

    def _settle(self) -> None:
        if self._thread is not None and self._thread.ident is not None:
            self._thread.join()
        self._thread = None
        if self._error:
            raise self._error

    def _try_to_record(self, reached: Reached, unsynced: set[Path]) -> None:
        try:
            self._record(reached, unsynced)
        except OSError as error:
            self._error = error

    def _record(self, reached: Reached, unsynced: set[Path]) -> None:
        started = time.monotonic()
        for path in unsynced:
            sync_file(path)
        above = {self.work.parent, self.work.parent.parent}
        for folder in {path.parent for path in unsynced} | above:
            sync_folder(folder)
        replace_durably(self.work / JOURNAL, json.dumps(asdict(reached)).encode())
        self.recorded = reached
        ended = time.monotonic()
        self._next = ended + max(LEAST_SECONDS, (ended - started) / RECORD_SHARE)


def _read(work: Path) -> Reached:
    """What the record says; that nothing is reached, if the files are not what it speaks of."""
    try:
        reached = Reached(**json.loads((work / JOURNAL).read_bytes()))
        return reached if _is_whole(work, reached) else Reached()
    except (OSError, ValueError, TypeError, AttributeError):
        return Reached()


def _is_whole(work: Path, reached: Reached) -> bool:
    return all((work / name).stat().st_size >= size for name, size in reached.sizes().items())
