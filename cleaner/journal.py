"""How far a run has come: what the disk holds for good, so that a later run can go on from there.

A record is put in place only after all that it speaks of is on the disk. What was written after it
is cut off again when the run goes on. Waiting for the disk is left to a thread.
"""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Self

from cleaner.durable import replace_durably, sync_file, sync_folder
from cleaner.engines.interrupts import interrupts_deferred

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
    read_to: Mapping[str, Any] = field(default_factory=dict)
    """How far the input is read by what these hold; a `ReadTo`, empty before the first batch."""
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
    losses: Mapping[str, int] = field(default_factory=dict)
    """Size of what is known of the losses of the finished batches."""
    counts: Mapping[str, Any] = field(default_factory=dict)
    """What the finished batches hold, as `Counts.as_saved` gives it."""

    def sizes(self) -> Mapping[str, int]:
        """Sizes of all files."""
        return {**self.columns, **self.plan, **self.made, **self.losses}


class Journal:
    """Keeps the record of a work folder. Use it in a `with` statement around the work.

    Left by an error or an interruption, it records what was reached last, if that could be written,
    and if no step was being taken: the half of one cannot be told from the whole. After a record
    that the disk refused there is no further one: the system tells only once what it has lost.

    Args:
        work: the work folder.
        keeps_records: whether anybody may go on with the work; else nothing is waited for or
            written.

    """

    def __init__(self, work: Path, *, keeps_records: bool = True) -> None:
        self.work = work
        self._keeps_records = keeps_records
        self.recorded = _read(work)
        """What a run that is cut off now goes on from."""
        self._reached: Callable[[], Reached] = self._reached_before
        self.scratch = work
        """Folder for files of batches that do not count yet."""
        self._unsynced: set[Path] = set()
        self._thread: threading.Thread | None = None
        self._last: threading.Thread | None = None
        """Waits for the files of the output, once there is no more to record."""
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
        if kind is None or not self._keeps_records:
            self._settle()
        else:
            with suppress(OSError):
                self._settle()
                self._last = None
                reached = self.now
                if reached is not self.recorded and _is_whole(self.work, reached):
                    self._record(reached, self._unsynced | self._grown(reached))

    @property
    def now(self) -> Reached:
        """How far the run has come; in the middle of a step, what is on record."""
        return self._reached()

    def reach(self, reached: Reached) -> None:
        """Note how far the run has come, and begin to record it if it is time for that.

        Raises:
            OSError: the last record could not be written.

        """
        self._reached = lambda: reached
        self._record_if_due(None)

    @contextmanager
    def step(
        self, reached: Callable[[], Reached], flush: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Go on by what is done in the `with` statement, and begin to record it if it is time.

        Args:
            reached: says how far the run has come after it. It is asked once a second, not for
                each of the many steps.
            flush: hands to the system what of that is not there yet.

        Raises:
            OSError: it cannot, or the last record could not be written.

        """
        # An error loses what is newer than the last record; an interruption waits for the end.
        with interrupts_deferred():
            self._reached = self._reached_before
            yield
            self._reached = reached
        self._record_if_due(flush)

    def wrote(self, paths: Iterable[Path]) -> None:
        """Note files that the next record speaks of, but does not say the size of."""
        if self._keeps_records:
            self._unsynced.update(paths)

    def end_with(self, output: Sequence[Path]) -> None:
        """Note that the output is whole, and begin to wait until the disk holds it.

        That is waited for where the `with` statement is left. Nothing else is recorded any more:
        who goes on after that needs no other file.
        """
        if self._keeps_records:
            self._last = threading.Thread(target=self._try, args=(_sync_all, output))
            self._last.start()

    def _reached_before(self) -> Reached:
        return self.recorded

    def _record_if_due(self, flush: Callable[[], None] | None) -> None:
        if not self._keeps_records:
            self.recorded = self.now
            return
        if self._error is None:
            is_busy = self._thread is not None and self._thread.is_alive()
            if is_busy or time.monotonic() < self._next:
                return
        self._settle()
        if flush:
            flush()
        reached = self.now
        unsynced, self._unsynced = self._unsynced | self._grown(reached), set()
        self._thread = threading.Thread(target=self._try, args=(self._record, reached, unsynced))
        self._thread.start()

    def _grown(self, reached: Reached) -> set[Path]:
        """Files of another size than is on record."""
        before = self.recorded.sizes()
        return {
            self.work / name for name, size in reached.sizes().items() if before.get(name) != size
        }

    def _settle(self) -> None:
        for thread in (self._thread, self._last):
            if thread is not None and thread.ident is not None:
                thread.join()
        self._thread = None
        if self._error:
            raise self._error

    def _try(self, function: Callable[..., None], *arguments: object) -> None:
        try:
            function(*arguments)
        except OSError as error:
            self._error = error

    def _record(self, reached: Reached, unsynced: set[Path]) -> None:
        started = time.monotonic()
        for path in unsynced:
            if self._last is not None:  # the disk has better to do
                return
            sync_file(path)
        above = {self.work.parent, self.work.parent.parent}
        for folder in {path.parent for path in unsynced} | above:
            sync_folder(folder)
        replace_durably(self.work / JOURNAL, json.dumps(asdict(reached)).encode())
        self.recorded = reached
        ended = time.monotonic()
        self._next = ended + max(LEAST_SECONDS, (ended - started) / RECORD_SHARE)


def _sync_all(paths: Sequence[Path]) -> None:
    for path in paths:
        sync_file(path)
    for folder in {path.parent for path in paths}:
        sync_folder(folder)


def _read(work: Path) -> Reached:
    """What the record says; that nothing is reached, if the files are not what it speaks of."""
    try:
        row = json.loads((work / JOURNAL).read_bytes())
        read_to = row.pop("read_to")  # without it nobody knows where to read on
        reached = Reached(read_to=read_to, **row)
        return reached if _is_whole(work, reached) else Reached()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return Reached()


def _is_whole(work: Path, reached: Reached) -> bool:
    return all((work / name).stat().st_size >= size for name, size in reached.sizes().items())
