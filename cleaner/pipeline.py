"""The flow on one page.

phase 1, per document, parallel:  read, decode, extract, repair, split, mark; sketch
phase 2, over all documents:      distinct ids, templates, copies; all of it in files
phase 3, per document, parallel:  take out what is marked or was found; write
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cleaner.catalogue import CatalogueWriter, Entry
from cleaner.config import Config
from cleaner.document import CleanDocument, Findings, MarkedDocument
from cleaner.duplicates.sketch import Line, Sketches, sketch_lines
from cleaner.duplicates.store import StoreWriter
from cleaner.engines import Engine
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
    work: Path,
    progress: Progress,
) -> tuple[Counts, tuple[Path, ...]]:
    """All three phases. The output is left in `work / MADE`; its counts and files are returned."""
    spans = _mark_all(inventory, config, engine, work, progress)

    progress("finding duplicates", 0, 1)
    plan_removals(work, config, search_memory(config))
    progress("finding duplicates", 1, 1)

    counts = write_outcomes(inventory.unreadable, work / "unreadable")
    shards = Shards(work / MADE, config.shard_megabytes << 20, with_signatures=config.signatures)
    shards.append(work / "unreadable")
    planned = (PlannedBatch(number, span) for number, span in enumerate(spans))
    finished = engine.map(partial(_finish_batch, config=config, work=work), planned)
    for number, batch_counts in enumerate(finished):
        counts.add(batch_counts)
        shards.append(_folder(work, number))
        progress("writing", number + 1, len(spans))
    return counts, shards.close()


def _mark_all(
    inventory: Inventory, config: Config, engine: Engine, work: Path, progress: Progress
) -> list[Span]:
    """Phase 1: every batch marked and sketched; what each holds of the whole run."""
    total = sum(file.size for file in inventory.files)
    batches = read_batches(inventory.files, config)
    spans: list[Span] = []
    done = 0
    with StoreWriter(work / "store") as store, CatalogueWriter(work / "catalogue") as catalogue:
        for batch in engine.map(partial(_mark_batch, config=config, work=work), batches):
            first = catalogue.documents, store.paragraphs, store.short_lines
            store.append(Sketches.load(_sketches(work, batch.number)), catalogue.documents)
            _sketches(work, batch.number).unlink()
            catalogue.append(batch.entries)
            last = catalogue.documents, store.paragraphs, store.short_lines
            spans.append(Span(*zip(first, last, strict=True)))
            done += batch.input_bytes
            progress("reading and marking", done, total)
    return spans


def _mark_batch(batch: Batch, *, config: Config, work: Path) -> MarkedBatch:
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
    write_marked(lines, _marked(work, batch.number))
    sketch_lines(to_sketch, config).save(_sketches(work, batch.number))
    return MarkedBatch(batch.number, tuple(entries), batch.input_bytes)


def _entry(document: MarkedDocument) -> Entry:
    lines = sum(paragraph.mark is None for paragraph in document.paragraphs)
    return Entry(document.id, site_of(document.source, document.metadata), lines)


def _finish_batch(batch: PlannedBatch, *, config: Config, work: Path) -> Counts:
    """Phase 3: write a batch's documents, and what was taken out of them."""
    marked = _marked(work, batch.number)
    outcomes = _outcomes(read_marked(marked), Removals(work, config), batch.span, config)
    folder = _folder(work, batch.number)
    if config.signatures:
        outcomes = write_signatures(outcomes, folder, config)
    counts = write_outcomes(outcomes, folder)
    marked.unlink()
    return counts


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


def _marked(work: Path, batch: int) -> Path:
    return work / f"marked-{batch:06d}.jsonl"


def _sketches(work: Path, batch: int) -> Path:
    return work / f"sketches-{batch:06d}.npz"


def _folder(work: Path, batch: int) -> Path:
    return work / f"finished-{batch:06d}"
