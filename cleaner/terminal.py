"""What a run shows at the terminal: a bar while it works, a table when it is done."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cleaner.job import Summary
from cleaner.pipeline import Progress as Report
from cleaner.shown import shown

MOST_RULES = 12
MOST_ERRORS = 5
MOST_WARNINGS = 5
SECONDS_TO_REDRAW = 0.2


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A bar on standard error for each phase, where that is a terminal; else nothing.

    A program with threads cannot be forked, so none draws the bar but in a phase that says when it
    begins: such a phase has nothing to tell until it is done, and starts no workers.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns,
        console=console,
        transient=True,
        auto_refresh=False,
        disable=not console.is_terminal,
    ) as bar:
        tasks: dict[str, TaskID] = {}
        with ExitStack() as clock:

            def report(phase: str, done: int, total: int) -> None:
                clock.close()
                if phase not in tasks:
                    tasks[phase] = bar.add_task(phase)
                bar.update(tasks[phase], completed=done, total=max(total, 1), refresh=True)
                if done == 0 and console.is_terminal:
                    clock.enter_context(_redrawn(bar))

            yield report


@contextmanager
def _redrawn(bar: Progress) -> Iterator[None]:
    """Let the clock of the bar go on."""
    is_over = threading.Event()

    def redraw() -> None:
        while not is_over.wait(SECONDS_TO_REDRAW):
            bar.refresh()

    thread = threading.Thread(target=redraw, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


class _ReaderLeftError(Exception):
    """Nobody reads on."""


class _SummaryConsole(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Print to nobody: the run is done, and only the reader of its summary has left early."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise _ReaderLeftError


def print_summary(summary: Summary, clean: Path, seconds: float) -> None:
    """The closing table: documents, paragraphs, what was removed and why, time; and warnings."""
    console = _SummaryConsole(highlight=False, soft_wrap=True, markup=False, emoji=False)
    with suppress(_ReaderLeftError):
        if summary.before:
            console.print(
                f"went on where a run had stopped: {summary.before.read:.0%} of the input was read "
                f"before, {summary.before.written:.0%} of the output written"
            )
        if not summary.was_done:
            console.print(_table(summary, seconds))
        closing = _nothing_to_do if summary.was_done else _closing_lines
        for line in (*_warnings(summary, clean), *closing(summary, clean)):
            console.print(shown(line))


def _table(summary: Summary, seconds: float) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, value in _rows(summary):
        table.add_row(name, value)
    table.add_row("time", f"{seconds:.1f} s")
    return table


def _warnings(summary: Summary, clean: Path) -> Iterator[str]:
    """The first warnings. Where a site is all of a file or folder, its loss is told once."""
    kinds: dict[tuple[str, int, int], str] = {}
    for warning in summary.warnings:
        kinds.setdefault((warning.unit, warning.lost, warning.of), warning.kind)
    told = [
        warning
        for warning in summary.warnings
        if kinds[warning.unit, warning.lost, warning.of] == warning.kind
    ]
    for warning in told[:MOST_WARNINGS]:
        yield f"warning: {warning.told}"
    if len(told) > MOST_WARNINGS:
        rest = len(told) - MOST_WARNINGS
        more = "1 more warning" if rest == 1 else f"{rest:,} more warnings"
        yield f"{more}: see `warnings` in {clean / 'summary.json'}"


def _nothing_to_do(_: Summary, clean: Path) -> Iterator[str]:
    yield (
        f"{clean} already holds the output of this run; nothing to do (--overwrite does it again)"
    )


def _closing_lines(summary: Summary, clean: Path) -> Iterator[str]:
    if summary.counts["damaged"]:
        yield (
            f"damaged {summary.counts['damaged']:,}: many characters are lost (U+FFFD, or for "
            "private use); `metadata.damaged` counts them"
        )
    for kind, skipped in summary.skipped.items():
        yield f"skipped {skipped['files']} {kind}: {', '.join(skipped['names'][:3])}"
    told = list(summary.counts["rejected_for"].items())[:MOST_ERRORS]
    for error, number in told:
        yield f"rejected {number:,}: {error}"
    rest = summary.counts["rejected"] - sum(number for _, number in told)
    if rest:
        yield f"rejected {rest:,} for other reasons"
    if summary.counts["rejected"]:
        yield f"all that was rejected and why: {clean / 'rejected.jsonl'}"
    yield f"clean text: {clean / 'documents'}"
    yield f"what was removed and why: {clean / 'removed'}"
    yield f"all counts: {clean / 'summary.json'}"


def _rows(summary: Summary) -> Iterator[tuple[str, str]]:
    counts = summary.counts
    paragraphs = counts["paragraphs"]
    yield "documents read", f"{counts['read']:,}"
    for name in ("written", "dropped", "rejected"):
        yield f"  {name}", f"{counts[name]:,}"
    yield "paragraphs", f"{paragraphs['read']:,}"
    yield "  kept", f"{paragraphs['kept']:,}"
    if paragraphs["marked_as_copies"]:
        yield "    marked as copies", f"{paragraphs['marked_as_copies']:,}"
    for reason, number in paragraphs["removed_by_reason"].items():
        yield f"  removed, {reason}", f"{number:,}"
        if reason == "duplicate" and summary.against:
            yield "    of them copies of the index", f"{summary.against['removed']:,}"
    by_rule = sorted(paragraphs["removed_by_rule"].items(), key=lambda item: (-item[1], item[0]))
    for rule, number in by_rule[:MOST_RULES]:
        yield f"    {rule}", f"{number:,}"
    if len(by_rule) > MOST_RULES:
        rest = sum(number for _, number in by_rule[MOST_RULES:])
        yield f"    {len(by_rule) - MOST_RULES} other rules", f"{rest:,}"
    if repaired := counts["repaired"]:
        yield "repaired", ""
        for kind, number in repaired.items():
            yield f"  {kind.replace('_', ' ')}", f"{number:,}"
    if cuts := sum(paragraphs["cut_by_rule"].values()):
        yield "parts cut out of paragraphs", f"{cuts:,}"
