"""The flow on one page.

phase 1, per document, parallel:  read, decode, extract, repair, split, mark; sketch
phase 2, over all documents:      distinct ids, templates, copies; all of it in files
phase 3, per document, parallel:  take out what is marked or was found; write
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cleaner.catalogue import Entry
from cleaner.config import Config
from cleaner.document import CleanDocument, Findings, MarkedDocument
from cleaner.duplicates.sketch import Line, Sketches, sketch_lines
from cleaner.engines import Engine
from cleaner.identity import while_unchanged
from cleaner.intake import Intake, read_spans
from cleaner.journal import Journal
from cleaner.marking import lines_to_sketch, mark_records
from cleaner.memory import search_memory
from cleaner.removals import Removals, Span, plan_removals
from cleaner.stages.counts import Counts
from cleaner.stages.discover import Inventory
from cleaner.stages.finish import finish
from cleaner.stages.marked_file import read_marked, write_marked
from cleaner.stages.read import Batch, read_batches
from cleaner.stages.rejection import Rejection
from cleaner.stages.shards import Shards
from cleaner.stages.signed import write_signatures
from cleaner.stages.site import site_of
from cleaner.stages.write import write_outcomes

NO_FINDINGS = Findings({}, {})

MADE = "made"
"""Folder, below the work folder, in which the finished output is put together."""
REMOVALS = "removals"

Progress = Callable[[str, int, int], None]
"""Told of a phase's name, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class MarkedBatch:
    """A batch after phase 1; its work files carry its number."""

    number: int
    entries: tuple[Entry, ...]
    """Its documents, as the catalogue wants them."""
    input_bytes: int


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """What phase 3 needs to know of one batch."""

    number: int
    span: Span


def run_phases(
    inventory: Inventory,
    config: Config,
    engine: Engine,
    journal: Journal,
    progress: Progress,
) -> tuple[Counts, tuple[Path, ...]]:
    """All three phases, or what of them the journal does not know to be done.

    The output is left in the work folder's `MADE`; its counts and files are returned.
    """
    if not journal.now.is_read:
        _mark_all(inventory, config, engine, journal, progress)
    if not journal.now.plan:
        _plan(config, journal, progress)
    return _finish_all(inventory, config, engine, journal, progress)


def _mark_all(
    inventory: Inventory, config: Config, engine: Engine, journal: Journal, progress: Progress
) -> None:
    """Phase 1: every batch marked and sketched."""
    work, scratch = journal.work, journal.scratch
    total = sum(file.size for file in inventory.files)
    batches = read_batches(while_unchanged(inventory.files), config.max_record_megabytes << 20)
    mark_batch = partial(_mark_batch, config=config, scratch=scratch)
    with Intake(work, journal.now.columns) as intake:
        if intake.batches:
            progress("reading and marking", intake.input_bytes, total)
        remaining = (batch for batch in batches if batch.number >= intake.batches)
        for batch in engine.map(mark_batch, remaining):
            _marked(scratch, batch.number).replace(_marked(work, batch.number))
            sketches = _sketches(scratch, batch.number)
            intake.append(Sketches.load(sketches), batch.entries, batch.input_bytes)
            sketches.unlink()
            journal.wrote([_marked(work, batch.number)])
            journal.wrote(work / name for name in intake.sizes())
            journal.now = replace(journal.now, columns=intake.sizes())
            journal.record_if_due(intake.flush)
            progress("reading and marking", intake.input_bytes, total)
    journal.now = replace(journal.now, is_read=True)
    journal.record_if_due()


def _plan(config: Config, journal: Journal, progress: Progress) -> None:
    """Phase 2: what goes as a template or a copy."""
    progress("finding duplicates", 0, 1)
    folder = journal.work / REMOVALS
    shutil.rmtree(folder, ignore_errors=True)
    plan_removals(journal.work, config, search_memory(config))
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
    finish_batch = partial(_finish_batch, config=config, work=work, scratch=scratch)
    for number, batch_counts in enumerate(engine.map(finish_batch, planned), first):
        counts.add(batch_counts)
        journal.wrote(shards.append(_folder(scratch, number)))
        journal.now = replace(
            journal.now, finished=number + 1, made=_made(shards), counts=counts.as_saved()
        )
        journal.record_if_due()
        for done in range(deleted, journal.recorded.finished):
            _marked(work, done).unlink(missing_ok=True)
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
    unreadable = journal.scratch / "unreadable"
    counts = write_outcomes(inventory.unreadable, unreadable)
    shards.append(unreadable)
    journal.wrote(folder / name for name in shards.sizes)
    return counts, shards


def _made(shards: Shards) -> dict[str, int]:
    return {f"{MADE}/{name}": size for name, size in shards.sizes.items()}


def _mark_batch(batch: Batch, *, config: Config, scratch: Path) -> MarkedBatch:
    """Mark a batch's documents and write them, and the sketches, to work files."""
    lines: list[bytes] = []
    entries: list[Entry] = []
    to_sketch: list[Line] = []
    for outcome, line in mark_records(batch.items, config):
        lines.append(line)
        if isinstance(outcome, MarkedDocument):
            # While its words are still known.
            to_sketch.extend(lines_to_sketch(len(entries), outcome, config))
            entries.append(_entry(outcome))
    write_marked(lines, _marked(scratch, batch.number))
    sketch_lines(to_sketch, config).save(_sketches(scratch, batch.number))
    return MarkedBatch(batch.number, tuple(entries), batch.input_bytes)


def _entry(document: MarkedDocument) -> Entry:
    lines = sum(paragraph.mark is None for paragraph in document.paragraphs)
    return Entry(document.id, site_of(document.source, document.metadata), lines)


def _finish_batch(batch: PlannedBatch, *, config: Config, work: Path, scratch: Path) -> Counts:
    """Write a batch's documents, and what was taken out of them."""
    marked = read_marked(_marked(work, batch.number))
    outcomes = _outcomes(marked, Removals(work, config), batch.span, config)
    folder = _folder(scratch, batch.number)
    if config.signatures:
        outcomes = write_signatures(outcomes, folder, config)
    return write_outcomes(outcomes, folder)


def _outcomes(
    items: Iterable[MarkedDocument | Rejection], removals: Removals, span: Span, config: Config
) -> Iterator[CleanDocument | Rejection]:
    findings = removals.findings(span)
    number = span.documents[0]
    for item in items:
        if isinstance(item, Rejection):
            yield item
            continue
        document = replace(item, id=removals.id_of(number))
        yield finish(document, findings.get(number, NO_FINDINGS), config)
        number += 1


def _marked(folder: Path, batch: int) -> Path:
    return folder / f"marked-{batch:06d}.jsonl"


def _sketches(folder: Path, batch: int) -> Path:
    return folder / f"sketches-{batch:06d}.npz"


def _folder(folder: Path, batch: int) -> Path:
    return folder / f"finished-{batch:06d}"
