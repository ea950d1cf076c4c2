"""How far a run is: a bar where somebody watches, a line now and then where a log is written."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cleaner.pipeline import Progress as Report

SECONDS_TO_REDRAW = 0.2
SECONDS_TO_NEXT_LINE = 10.0
KILOBYTE, MEGABYTE = 1_000, 1_000_000

UNITS = {"writing": "batches", "converting": "files"}
"""What is counted where that is not bytes."""
UNCOUNTED = "finding duplicates"
"""The phase that has nothing to tell until it is done, and starts no workers."""


def shown_progress() -> AbstractContextManager[Report]:
    """A bar on standard error where that is a terminal, else lines."""
    console = Console(stderr=True)
    return progress_bar(console) if console.is_terminal else progress_lines()


@contextmanager
def progress_bar(console: Console) -> Iterator[Report]:
    """A bar for each phase.

    A program with threads cannot be forked, so none draws the bar but in the phase that starts no
    workers.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[amount]}"),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=console, transient=True, auto_refresh=False)
    with bar, ExitStack() as clock:
        tasks: dict[str, TaskID] = {}

        def report(phase: str, done: int, total: int) -> None:
            clock.close()
            told = amount(phase, done, total)
            if phase not in tasks:
                tasks[phase] = bar.add_task(phase, amount=told)
            task = tasks[phase]
            bar.update(task, completed=done, total=max(total, 1), amount=told, refresh=True)
            if phase == UNCOUNTED and done == 0:
                clock.enter_context(_repeated(bar.refresh, SECONDS_TO_REDRAW))

        yield report


@contextmanager
def progress_lines(seconds: float = SECONDS_TO_NEXT_LINE) -> Iterator[Report]:
    """A line on standard error whenever so many seconds have passed, for a log."""
    last = time.monotonic()
    with ExitStack() as clock:

        def report(phase: str, done: int, total: int) -> None:
            nonlocal last
            clock.close()
            line = ": ".join(filter(None, ("cleaner", phase, amount(phase, done, total))))
            if time.monotonic() - last >= seconds:
                last = time.monotonic()
                _print_line(line)
            if phase == UNCOUNTED and done == 0:
                clock.enter_context(_repeated(lambda: _print_line(line), max(seconds, 1)))

        yield report


def amount(phase: str, done: int, total: int) -> str:
    """How much of a phase is done, as people read it; nothing of one that cannot be counted."""
    if phase == UNCOUNTED:
        return ""
    share = f"{done / max(total, 1):.0%}"
    if phase in UNITS:
        return f"{share}, {done:,} of {total:,} {UNITS[phase]}"
    unit, size = ("kB", KILOBYTE) if total < MEGABYTE else ("MB", MEGABYTE)
    return f"{share}, {done / size:,.1f} of {total / size:,.1f} {unit}"


def _print_line(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - the log of whoever started the run


@contextmanager
def _repeated(action: Callable[[], None], seconds: float) -> Iterator[None]:
    """Let something go on being done while the phase says nothing."""
    is_over = threading.Event()

    def repeat() -> None:
        while not is_over.wait(seconds):
            action()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
