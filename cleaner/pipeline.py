"""The flow on one page.

phase 1, per document, parallel:  read, decode, extract, repair, split, mark; sketch
phase 2, over all documents:      distinct ids, templates, copies; all of it in files
phase 3, per document, parallel:  take out what is marked or was found; write
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cleaner.catalogue import CatalogueWriter, Entry
from cleaner.config import Config
from cleaner.document import CleanDocument, Findings, MarkedDocument, Record
from cleaner.duplicates.eligible import eligible_lines
from cleaner.duplicates.sketch import Sketches, sketch_lines
from cleaner.duplicates.store import StoreWriter
from cleaner.engines import Attempt, Engine
from cleaner.losses.tally import Losses
from cleaner.marking import mark_records, mark_singly
from cleaner.memory import search_memory
from cleaner.refused import without_refused
from cleaner.removals import Removals, Span, plan_removals
from cleaner.stages.counts import Counts
from cleaner.stages.discover import Inventory
from cleaner.stages.finish import finish
from cleaner.stages.marked_file import read_marked, write_marked
from cleaner.stages.read import Batch, ReadItem, read_batches
from cleaner.stages.rejection import Rejection
from cleaner.stages.shards import Shards
from cleaner.stages.signed import write_signatures
from cleaner.stages.site import site_of
from cleaner.stages.write import write_outcomes

NO_FINDINGS = Findings({}, {})

MADE = "made"
"""Folder, below the work folder, in which the finished output is put together."""

LOSSES = "losses"
"""Folder, below the work folder, of what each batch lost."""

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

    counts = _write(inventory.unreadable, work / "unreadable", _losses(work, "unreadable"))
    shards = Shards(work / MADE, config.shard_megabytes << 20, with_signatures=config.signatures)
    shards.append(work / "unreadable")
    planned = (PlannedBatch(number, span) for number, span in enumerate(spans))
    finished = engine.map(partial(_finish_batch, config=config, work=work), planned)
    for number, batch_counts in enumerate(finished):
        counts.add(batch_counts)
        _marked(work, number).unlink()
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


def _mark_batch(batch: Batch, attempt: Attempt, *, config: Config, work: Path) -> MarkedBatch:
    """Mark a batch's documents and write them, and the sketches, to work files."""
    items = tuple(without_refused(batch.items, attempt.refused, config))
    mark = mark_singly if attempt.is_singly else mark_records
    rows: list[bytes] = []
    documents: list[MarkedDocument] = []
    for outcome, row in mark(items, config, attempt.at):
        rows.append(row)
        if isinstance(outcome, MarkedDocument):
            documents.append(outcome)
            if attempt.is_singly:  # were it too much, it is known whose lines they are
                sketch_lines(list(eligible_lines([outcome], config)), config)
    attempt.at(_largest(items) if attempt.is_singly else None)
    write_marked(rows, _marked(work, batch.number))
    lines = list(eligible_lines(documents, config))
    sketch_lines(lines, config).save(_sketches(work, batch.number))
    return MarkedBatch(batch.number, tuple(map(_entry, documents)), batch.input_bytes)


def _largest(items: Sequence[ReadItem]) -> int | None:
    """The number of the record that weighs most when all are too much together."""
    sizes = {at: len(one.data) for at, one in enumerate(items) if isinstance(one, Record)}
    return max(sizes, key=sizes.__getitem__, default=None)


def _entry(document: MarkedDocument) -> Entry:
    lines = sum(paragraph.mark is None for paragraph in document.paragraphs)
    return Entry(document.id, site_of(document.source, document.metadata), lines)


def _finish_batch(batch: PlannedBatch, attempt: Attempt, *, config: Config, work: Path) -> Counts:
    """Phase 3: write a batch's documents, and what was taken out of them."""
    items = read_marked(_marked(work, batch.number))
    outcomes = _outcomes(items, attempt, Removals(work, config), batch.span, config)
    folder = _folder(work, batch.number)
    if config.signatures:
        outcomes = write_signatures(outcomes, folder, config)
    return _write(outcomes, folder, _losses(work, f"{batch.number:06d}"))


def _write(outcomes: Iterable[CleanDocument | Rejection], folder: Path, losses: Path) -> Counts:
    """Write outcomes to a folder, and what each source lost by them to a file."""
    tally = Losses()
    counts = write_outcomes(tally.watch(outcomes), folder)
    tally.save(losses)
    return counts


def _outcomes(
    items: Iterable[MarkedDocument | Rejection],
    attempt: Attempt,
    removals: Removals,
    span: Span,
    config: Config,
) -> Iterator[CleanDocument | Rejection]:
    findings = removals.findings(span)
    number = span.documents[0]
    attempt.at(0)
    for part, item in enumerate(items):
        if isinstance(item, Rejection):
            yield item
        else:
            document, found = replace(item, id=removals.id_of(number)), findings.get(number)
            # It can be rejected no more: others may have gone as copies of what it holds.
            asks_again = part not in attempt.refused
            yield finish(document, found or NO_FINDINGS, config, asks_again=asks_again)
            number += 1
        attempt.at(part + 1)
    attempt.at(None)


def _marked(work: Path, batch: int) -> Path:
    return work / f"marked-{batch:06d}.jsonl"


def _sketches(work: Path, batch: int) -> Path:
    return work / f"sketches-{batch:06d}.npz"


def _folder(work: Path, batch: int) -> Path:
    return work / f"finished-{batch:06d}"


def _losses(work: Path, name: str) -> Path:
    return work / LOSSES / f"{name}.jsonl"
