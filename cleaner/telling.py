"""What the command `run` says while it works and at its end: to people, programs, or nobody."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import orjson

from cleaner.errors import UsageError
from cleaner.outcome import Before, Summary
from cleaner.pipe import while_read
from cleaner.pipeline import Progress
from cleaner.progress import shown_progress
from cleaner.terminal import print_piped_summary, print_resumed, print_summary


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told, and how."""

    progress: Callable[[], AbstractContextManager[Progress | None]]
    """How far the run is."""
    resumed: Callable[[Before], None]
    """That a run which was cut off is gone on with; told before anything else."""
    finished: Callable[[Summary, Path, float], None]
    """The summary, the output folder, and the seconds that it took."""
    piped: Callable[[Summary, Path | None, float], None]
    """The same where the output went to a pipe, with the file of what was removed, if any."""


def telling_of(*, quiet: bool, as_json: bool, is_piped: bool) -> Telling:
    """The way of telling that the command line asks for.

    Where the output is a pipe, standard error takes what standard output would.
    """
    if quiet and as_json:
        raise UsageError("--quiet tells nothing that --json could tell; leave one of them out")
    if quiet:
        return Telling(nullcontext, lambda _: None, lambda *_: None, lambda *_: None)
    if as_json:
        events = Events(sys.stderr.buffer if is_piped else sys.stdout.buffer)
        return Telling(events.progress, events.resumed, events.finished, events.finished)
    return Telling(shown_progress, print_resumed, print_summary, print_piped_summary)


@dataclass(frozen=True, slots=True)
class Events:
    """What a run says as rows of JSON, written to a stream."""

    stream: BinaryIO

    def _tell(self, event: str, **fields: object) -> None:
        row = orjson.dumps({"event": event, **fields}, option=orjson.OPT_APPEND_NEWLINE)
        with while_read():
            self.stream.write(row)
            self.stream.flush()

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Rows that tell how far each phase is."""

        def report(phase: str, done: int, total: int) -> None:
            self._tell("progress", phase=phase, done=done, total=total)

        yield report

    def resumed(self, before: Before) -> None:
        """A row that tells what need not be done again."""
        self._tell("resumed", **asdict(before))

    def finished(self, summary: Summary, place: Path | None, seconds: float) -> None:
        """A row for each warning, and one for the summary."""
        for warning in summary.warnings:
            self._tell("warning", **warning.as_row())
        self._tell(
            "summary",
            clean=str(place) if place else None,
            seconds=round(seconds, 3),
            was_done=summary.was_done,
            counts=summary.counts,
            skipped=summary.skipped,
        )
