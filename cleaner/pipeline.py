"""The flow on one page.

phase 1, per document, parallel:  read, decode, extract, repair, split, mark; sketch
phase 2, over all documents:      distinct ids, templates, copies; all of it in files
phase 3, per document, parallel:  take out what is marked or was found; write
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from cleaner.batches import (
    PlannedBatch,
    finish_batch,
    losses_in,
    mark_batch,
    marked_in,
    output_in,
    sketches_in,
    write_with_losses,
)
from cleaner.config import Config
from cleaner.decided import REMOVALS
from cleaner.duplicates.sketch import Sketches
from cleaner.earlier.index import EarlierCorpus
from cleaner.engines import Engine
from cleaner.identity import while_unchanged
from cleaner.intake import Intake, read_spans
from cleaner.journal import Journal
from cleaner.memory import search_memory
from cleaner.removals import plan_removals
from cleaner.stages.counts import Counts
from cleaner.stages.discover import Inventory
from cleaner.stages.read import read_batches
from cleaner.stages.shards import Shards

MADE = "made"
"""Folder, below the work folder, in which the finished output is put together."""
LOSSES = "losses"
"""Folder, below the work folder, of what each batch lost."""
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

    With an earlier corpus, what copies that goes as well. The output is left in the work folder's
    `MADE`; its counts and files are returned.
    """
    if not journal.now.is_read:
        _mark_all(inventory, config, engine, journal, progress)
    if not journal.now.plan:
        _plan(config, journal, progress, earlier)
    return _finish_all(inventory, config, engine, journal, progress)


def _mark_all(
    inventory: Inventory, config: Config, engine: Engine, journal: Journal, progress: Progress
) -> None:
    """Phase 1: every batch marked and sketched."""
    work, scratch = journal.work, journal.scratch
    total = sum(file.size for file in inventory.files)
    batches = read_batches(while_unchanged(inventory.files), config)
    with Intake(work, journal.now.columns) as intake:
        if intake.batches:
            progress("reading and marking", intake.input_bytes, total)
        remaining = (batch for batch in batches if batch.number >= intake.batches)
        for batch in engine.map(partial(mark_batch, config=config, scratch=scratch), remaining):
            marked_in(scratch, batch.number).replace(marked_in(work, batch.number))
            sketches = sketches_in(scratch, batch.number)
            intake.append(Sketches.load(sketches), batch.entries, batch.input_bytes)
            sketches.unlink()
            journal.wrote([marked_in(work, batch.number)])
            journal.wrote(work / name for name in intake.sizes())
            journal.now = replace(journal.now, columns=intake.sizes())
            journal.record_if_due(intake.flush)
            progress("reading and marking", intake.input_bytes, total)
    journal.now = replace(journal.now, is_read=True)
    journal.record_if_due()


def _plan(
    config: Config, journal: Journal, progress: Progress, earlier: EarlierCorpus | None
) -> None:
    """Phase 2: what goes as a template or a copy."""
    progress("finding duplicates", 0, 1)
    folder = journal.work / REMOVALS
    shutil.rmtree(folder, ignore_errors=True)
    plan_removals(journal.work, config, search_memory(config), earlier)
    paths = [path for path in folder.rglob("*") if path.is_file()]
    sizes = {path.relative_to(journal.work).as_posix(): path.stat().st_size for path in paths}
    journal.wrote(paths)
    journal.now = replace(journal.now, plan=sizes)
    journal.record_if_due()
    progress("finding duplicates", 1, 1)


def _finish_all(
    inventory: Inventory, config: Config, engine: Engine, journal: Journal, progress: Progress
) -> tuple[Counts, tuple[Path, ...]]:
    """Phase 3: every batch's output written, in order."""
    work, scratch = journal.work, journal.scratch
    spans = read_spans(work)
    counts, shards = _begun_output(inventory, config, journal)
    first = deleted = journal.now.finished
    if first:
        progress("writing", first, len(spans))
    planned = (PlannedBatch(number, spans[number]) for number in range(first, len(spans)))
    finish = partial(finish_batch, config=config, work=work, scratch=scratch)
    for number, batch_counts in enumerate(engine.map(finish, planned), first):
        counts.add(batch_counts)
        journal.wrote([_kept_losses(losses_in(scratch, number), work)])
        journal.wrote(shards.append(output_in(scratch, number)))
        journal.now = replace(
            journal.now, finished=number + 1, made=_made(shards), counts=counts.as_saved()
        )
        journal.record_if_due()
        for done in range(deleted, journal.recorded.finished):
            marked_in(work, done).unlink(missing_ok=True)
        deleted = journal.recorded.finished
        progress("writing", number + 1, len(spans))
    return counts, shards.close()


def _begun_output(inventory: Inventory, config: Config, journal: Journal) -> tuple[Counts, Shards]:
    """The files of the output, and what was counted so far: at first what cannot be read."""
    folder, saved = journal.work / MADE, journal.now
    sizes = {name.removeprefix(f"{MADE}/"): size for name, size in saved.made.items()}
    shards = Shards(
        folder, config.shard_megabytes << 20, with_signatures=config.signatures, sizes=sizes
    )
    if sizes:
        return Counts.from_saved(saved.counts), shards
    (journal.work / LOSSES).mkdir(exist_ok=True)
    losses = journal.scratch / f"{UNREADABLE}.jsonl"
    counts = write_with_losses(inventory.unreadable, journal.scratch / UNREADABLE, losses)
    journal.wrote([_kept_losses(losses, journal.work)])
    shards.append(journal.scratch / UNREADABLE)
    journal.wrote(folder / name for name in shards.sizes)
    return counts, shards


def _kept_losses(losses: Path, work: Path) -> Path:
    """What sources lost, in its place once it is whole."""
    return losses.replace(work / LOSSES / losses.name)


def _made(shards: Shards) -> dict[str, int]:
    return {f"{MADE}/{name}": size for name, size in shards.sizes.items()}
