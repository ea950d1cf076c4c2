"""The flow on one page.

phase 1, per document, parallel:  read, decode, extract, repair, split, mark; sketch
phase 2, over all documents:      distinct ids, templates, copies; all of it in files
phase 3, per document, parallel:  take out what is marked or was found; write
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from cleaner.batches import (
    PlannedBatch,
    finish_batch,
    finished_in,
    losses_in,
    mark_batch,
    marked_in,
    output_in,
    sketches_in,
    write_with_losses,
)
from cleaner.config import Config
from cleaner.conversion import convert_all
from cleaner.decided import REMOVALS
from cleaner.document import CleanDocument
from cleaner.duplicates.sketch import Sketches, keep_freed_memory
from cleaner.earlier.index import EarlierCorpus
from cleaner.engines import Engine
from cleaner.finished import MADE, Finished
from cleaner.identity import while_unchanged
from cleaner.intake import Intake, read_spans
from cleaner.journal import Journal, Reached
from cleaner.memory import search_memory
from cleaner.output_formats import PARQUET
from cleaner.removals import plan_removals
from cleaner.stages.counts import Counts
from cleaner.stages.discover import Inventory
from cleaner.stages.read import UNIT, read_batches
from cleaner.stages.read_to import ReadTo
from cleaner.stages.rejection import Rejection
from cleaner.stages.skips import Skips

UNREADABLE = "unreadable"

Progress = Callable[[str, int, int], None]
"""Told of a phase's name, how much of it is done, and how much there is."""


def run_phases(  # noqa: PLR0913 - what all phases need
    inventory: Inventory,
    config: Config,
    engine: Engine,
    journal: Journal,
    progress: Progress,
    *,
    earlier: EarlierCorpus | None = None,
) -> tuple[Counts, tuple[Path, ...]]:
    """All three phases, or what of them the journal does not know to be done.

    With an earlier corpus, what copies that goes as well. The output is left below the work folder;
    its counts and files are returned.
    """
    if not journal.now.is_read:
        _mark_all(inventory, config, engine, journal, progress)
    if not journal.now.plan:
        _plan(config, journal, progress, earlier)
    return _finish_all(inventory, config, engine, journal, progress)


def outcomes_of(
    inventory: Inventory, config: Config, engine: Engine, journal: Journal
) -> Iterator[CleanDocument | Rejection]:
    """All three phases, the last one as its results are asked for, in the order of the input."""
    work = journal.work
    _mark_all(inventory, config, engine, journal, silent)
    _plan(config, journal, silent, None)
    planned = (PlannedBatch(number, span) for number, span in enumerate(read_spans(work)))
    finish = partial(finished_in, config=config, work=work)
    for number, outcomes in enumerate(engine.map(finish, planned)):
        marked_in(work, number).unlink()
        yield from outcomes


def silent(phase: str, done: int, total: int) -> None:
    """Tell nobody."""


def _mark_all(
    inventory: Inventory, config: Config, engine: Engine, journal: Journal, progress: Progress
) -> None:
    """Phase 1: every batch marked and sketched."""
    keep_freed_memory()
    work, scratch = journal.work, journal.scratch
    total = sum(file.size for file in inventory.files)
    read_to = start = ReadTo(**journal.now.read_to)
    skips = Skips.from_row(start.skipped, UNIT)

    def past(done: int) -> None:
        progress("reading past what is marked", min(done, start.input_bytes), start.input_bytes)

    files = while_unchanged(inventory.files)
    batches = read_batches(files, config, skips, start=start, past=past)
    with Intake(work, journal.now.columns) as intake:

        def reached() -> Reached:
            return Reached(columns=intake.sizes(), read_to=asdict(read_to))

        for batch in engine.map(partial(mark_batch, config=config, scratch=scratch), batches):
            with journal.step(reached, intake.flush):
                marked_in(scratch, batch.number).replace(marked_in(work, batch.number))
                journal.wrote([marked_in(work, batch.number)])
                sketches = sketches_in(scratch, batch.number)
                intake.append(Sketches.load(sketches), batch.entries, batch.input_bytes)
                sketches.unlink()
                read_to = batch.read_to
            progress("reading and marking", intake.input_bytes, total)
    journal.reach(replace(journal.now, is_read=True, skipped=skips.as_row(UNIT)))


def _plan(
    config: Config, journal: Journal, progress: Progress, earlier: EarlierCorpus | None
) -> None:
    """Phase 2: what goes as a template or a copy."""
    progress("finding duplicates", 0, 1)
    folder = journal.work / REMOVALS
    shutil.rmtree(folder, ignore_errors=True)
    plan_removals(journal.work, config, search_memory(config), earlier)
    paths = (path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(journal.work).as_posix(): path.stat().st_size for path in paths}
    journal.reach(replace(journal.now, plan=sizes))
    progress("finding duplicates", 1, 1)


def _finish_all(
    inventory: Inventory, config: Config, engine: Engine, journal: Journal, progress: Progress
) -> tuple[Counts, tuple[Path, ...]]:
    """Phase 3: every batch's output written, in order."""
    work, scratch = journal.work, journal.scratch
    spans = read_spans(work)
    first = deleted = journal.now.finished
    if first:
        progress("writing", first, len(spans))
    planned = (PlannedBatch(number, spans[number]) for number in range(first, len(spans)))
    finish = partial(finish_batch, config=config, work=work, scratch=scratch)
    with Finished(work, config, journal.now) as finished:
        if not finished.is_begun:
            begin_output(finished, inventory, config, scratch)
        for number, counts in enumerate(engine.map(finish, planned), first):
            with journal.step(finished.reached, finished.flush):
                finished.append(output_in(scratch, number), losses_in(scratch, number), counts)
            for done in range(deleted, journal.recorded.finished):
                marked_in(work, done).unlink(missing_ok=True)
            deleted = journal.recorded.finished
            progress("writing", number + 1, len(spans))
        if config.output_format == PARQUET:
            for done, total in convert_all(finished, engine, journal):
                progress("converting", done, total)
    files = finished.close()
    journal.end_with([work / MADE / file for file in files])
    return finished.counts, files


def begin_output(finished: Finished, inventory: Inventory, config: Config, scratch: Path) -> None:
    """Write what cannot be read."""
    folder, losses = scratch / UNREADABLE, scratch / f"{UNREADABLE}.jsonl"
    counts = write_with_losses(inventory.unreadable, folder, losses, config)
    finished.begin(folder, losses, counts)
