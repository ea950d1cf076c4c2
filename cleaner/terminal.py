"""What a run says in words: that it goes on, and a table when it is done."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from cleaner.console import PlainConsole
from cleaner.losses.tally import UNREAD
from cleaner.losses.warning import UNNAMED
from cleaner.outcome import Before, Summary
from cleaner.pipe import while_read
from cleaner.shown import shown
from cleaner.written import HIDDEN, WORK

MOST_RULES = 12
MOST_WARNINGS = 5
APART = {UNREAD, UNNAMED}
"""Causes of which none is the same loss told twice."""


def print_resumed(before: Before) -> None:
    """Say at the beginning that a run which was cut off is gone on with."""
    with while_read():
        PlainConsole().print(f"going on where a run had stopped: {_told_before(before)}")


def _told_before(before: Before) -> str:
    return (
        f"{before.read:.0%} of the input was read before, "
        f"{before.written:.0%} of the output written"
    )


def print_summary(summary: Summary, clean: Path, seconds: float) -> None:
    """The closing table: documents, paragraphs, what was removed and why, time; and warnings."""
    if summary.was_done:
        _print(None, (*_warnings(summary, clean), *_nothing_to_do(summary, clean)))
        return
    lines = (*_warnings(summary, clean), *_closing_lines(summary), *_places(summary, clean))
    _print(summary, lines, seconds)


def print_piped_summary(summary: Summary, removed: Path | None, seconds: float) -> None:
    """The same on standard error, where the documents have gone to the standard output.

    Args:
        summary: what the run did.
        removed: the file with the removed paragraphs; None where they are lost.
        seconds: that it took.

    """
    place = (
        f"what was removed and why: {removed}"
        if removed
        else "what was removed is on no record: --removed FILE writes it, and a folder for the "
        "output holds it"
    )
    lines = (*_warnings(summary, None), *_closing_lines(summary), place)
    _print(summary, lines, seconds, to_stderr=True)


def _print(
    summary: Summary | None, lines: Iterable[str], seconds: float = 0, *, to_stderr: bool = False
) -> None:
    console = PlainConsole(to_stderr=to_stderr)
    with while_read():
        if summary and summary.before:
            console.print(f"went on where a run had stopped: {_told_before(summary.before)}")
        if summary:
            console.print(_table(summary, seconds))
        for line in lines:
            console.print(shown(line))


def _table(summary: Summary, seconds: float) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, value in _rows(summary):
        table.add_row(name, value)
    table.add_row("time", f"{seconds:,.1f} s")
    return table


def _warnings(summary: Summary, clean: Path | None) -> Iterator[str]:
    """The first warnings. Where a site is all of a file or folder, its loss is told once."""
    kinds: dict[tuple[str, int, int], str] = {}
    for warning in summary.warnings:
        if warning.cause not in APART:
            kinds.setdefault((warning.unit, warning.lost, warning.of), warning.kind)
    told = [
        warning
        for warning in summary.warnings
        if warning.cause in APART or kinds[warning.unit, warning.lost, warning.of] == warning.kind
    ]
    for warning in told[:MOST_WARNINGS]:
        yield f"warning: {warning.told}"
    if len(told) > MOST_WARNINGS:
        rest = len(told) - MOST_WARNINGS
        more = "1 more warning" if rest == 1 else f"{rest:,} more warnings"
        yield f"{more}: see `warnings` in {clean / 'summary.json'}" if clean else more


def _nothing_to_do(summary: Summary, clean: Path) -> Iterator[str]:
    yield (
        f"{clean} already holds the output of this run; nothing to do (--overwrite does it again)"
    )
    if summary.leaves_work:
        yield (
            "it also holds the work of a run that was to replace it and has not finished: the "
            f"command of that run goes on with it; or delete {clean / HIDDEN / WORK}"
        )


def _closing_lines(summary: Summary) -> Iterator[str]:
    if summary.counts["damaged"]:
        yield (
            f"damaged {summary.counts['damaged']:,}: many characters are lost (U+FFFD, or for "
            "private use); `metadata.damaged` counts them"
        )
    for kind, skipped in summary.skipped.items():
        yield f"skipped {_number(skipped)} {kind}: {', '.join(skipped['names'][:3])}"
    for kind, read in summary.misnamed.items():
        yield f"read {_number(read)} as {kind} for what is in it: {', '.join(read['names'][:3])}"
    for error, number in summary.counts["rejected_for"].items():
        yield f"rejected {number:,}: {error}"
    rest = summary.counts["rejected"] - sum(summary.counts["rejected_for"].values())
    if rest:
        yield f"rejected {rest:,} for rarer reasons"


def _places(summary: Summary, clean: Path) -> Iterator[str]:
    for fate in ("dropped", "rejected"):
        if summary.counts[fate]:
            yield f"all that was {fate} and why: {clean / f'{fate}.jsonl'}"
    yield f"clean text: {clean / 'documents'}"
    yield f"what was removed and why: {clean / 'removed'}"
    yield f"all counts: {clean / 'summary.json'}"


def _number(counted: Mapping[str, Any]) -> str:
    """How many there are of a kind: files, or records and members of files."""
    return f"{counted.get('files', counted.get('records')):,}"


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
        yield f"    {len(by_rule) - MOST_RULES:,} other rules (see summary.json)", f"{rest:,}"
    if repaired := counts["repaired"]:
        yield "repaired", ""
        for kind, number in repaired.items():
            yield f"  {kind.replace('_', ' ')}", f"{number:,}"
    if cuts := sum(paragraphs["cut_by_rule"].values()):
        yield "parts cut out of paragraphs", f"{cuts:,}"
