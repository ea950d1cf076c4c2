"""What the command `run` says while it works and at its end: to people, programs, or nobody."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from cleaner.errors import UsageError
from cleaner.job import Before, Summary
from cleaner.pipeline import Progress
from cleaner.progress import shown_progress
from cleaner.terminal import print_resumed, print_summary


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told, and how."""

    progress: Callable[[], AbstractContextManager[Progress | None]]
    """How far the run is."""
    resumed: Callable[[Before], None]
    """That a run which was cut off is gone on with; told before anything else."""
    finished: Callable[[Summary, Path, float], None]
    """The summary, the output folder, and the seconds that it took."""


def telling_of(*, quiet: bool, as_json: bool) -> Telling:
    """The way of telling that the command line asks for."""
    if quiet and as_json:
        raise UsageError("--quiet tells nothing that --json could tell; leave one of them out")
    if quiet:
        return Telling(nullcontext, lambda _: None, lambda *_: None)
    if as_json:
        return Telling(_events_of_progress, _tell_resumed, _tell_finished)
    return Telling(shown_progress, print_resumed, print_summary)


def _tell(event: str, **fields: object) -> None:
    """Write a row of JSON to standard output."""
    row = orjson.dumps({"event": event, **fields}, option=orjson.OPT_APPEND_NEWLINE)
    sys.stdout.buffer.write(row)
    sys.stdout.buffer.flush()


@contextmanager
def _events_of_progress() -> Iterator[Progress]:
    def report(phase: str, done: int, total: int) -> None:
        _tell("progress", phase=phase, done=done, total=total)

    yield report


def _tell_resumed(before: Before) -> None:
    _tell("resumed", **asdict(before))


def _tell_finished(summary: Summary, clean: Path, seconds: float) -> None:
    for warning in summary.warnings:
        _tell("warning", **warning.as_row())
    _tell(
        "summary",
        clean=str(clean),
        seconds=round(seconds, 3),
        was_done=summary.was_done,
        counts=summary.counts,
        skipped=summary.skipped,
    )
