"""The flow on one page.

phase 1, per document, parallel:  read, decode, extract, repair, split, mark; sketch
phase 2, over all documents:      distinct ids, templates, copies; all of it in files
phase 3, per document, parallel:  take out what is marked or was found; write
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from cleaner.catalogue import CatalogueWriter, Entry
from cleaner.config import Config
from cleaner.document import (
    CleanDocument,
    Content,
    Findings,
    MarkedDocument,
    Record,
    SplitDocument,
)
from cleaner.duplicates.sketch import Line, Sketches, sketch_lines
from cleaner.duplicates.store import StoreWriter
from cleaner.engines import Engine
from cleaner.errors import RecordError
from cleaner.memory import search_memory
from cleaner.removals import Removals, Span, plan_removals
from cleaner.rules import Reading
from cleaner.stages.boilerplate import mark_boilerplate, read_lines
from cleaner.stages.counts import Counts
from cleaner.stages.decode import decode
from cleaner.stages.discover import Inventory
from cleaner.stages.extract import extract
from cleaner.stages.finish import finish
from cleaner.stages.marked_file import as_line, read_marked, write_marked
from cleaner.stages.paragraphs import split_paragraphs
from cleaner.stages.read import Batch, ReadItem, read_batches
from cleaner.stages.rejection import Rejection
from cleaner.stages.repair import repair
from cleaner.stages.shards import Shards
from cleaner.stages.signed import write_signatures
from cleaner.stages.site import site_of
from cleaner.stages.write import write_outcomes
from cleaner.words import count_words, is_prose, is_statement

LEAST_TEMPLATE_WORDS, FEW_TEMPLATE_WORDS = 3, 5
"""A line of a word or two that many documents hold may be a heading, an answer, a speaker; one of
fewer than five is taken for that unless it holds what headings do not."""
NOT_IN_HEADINGS = re.compile(r"[\d:@/|]")
NO_FINDINGS = Findings({}, {})

MADE = "made"
"""Folder, below the work folder, in which the finished output is put together."""

Result = TypeVar("Result")
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


def mark_content(content: Content, config: Config) -> MarkedDocument:
    """The way of decoded text or HTML through phase 1.

    Raises:
        RecordError: an HTML page without an article.

    """
    return mark_boilerplate(_split(content, config), config)


def _split(content: Content, config: Config) -> SplitDocument:
    return split_paragraphs(repair(extract(content), config))


def sketch_documents(documents: Sequence[tuple[int, MarkedDocument]], config: Config) -> Sketches:
    """Sketch the lines that may be copies or templates, of numbered documents."""
    lines = [line for numbered in documents for line in _lines(*numbered, config)]
    return sketch_lines(lines, config)


def _lines(number: int, document: MarkedDocument, config: Config) -> Iterator[Line]:
    """The lines of a document that may be copies or templates."""
    for position, paragraph in enumerate(document.paragraphs):
        if paragraph.mark is None and paragraph.placed_rule is None:
            text, words = paragraph.text, count_words(paragraph.text)
            is_compared, is_short = words >= config.min_words, _may_be_template(text, words)
            if is_compared or is_short:
                yield Line(text, number, position, is_compared, is_short, is_statement(text))


def _may_be_template(text: str, words: int) -> bool:
    if words < FEW_TEMPLATE_WORDS and not NOT_IN_HEADINGS.search(text):
        return False
    return words >= LEAST_TEMPLATE_WORDS and not is_prose(text)


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
    batches = read_batches(inventory.files, config.max_record_megabytes << 20)
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
    for outcome, line in _mark_items(batch.items, config):
        lines.append(line)
        if isinstance(outcome, MarkedDocument):
            # While its words are still known.
            to_sketch.extend(_lines(len(entries), outcome, config))
            entries.append(_entry(outcome))
    write_marked(lines, _marked(work, batch.number))
    sketch_lines(to_sketch, config).save(_sketches(work, batch.number))
    return MarkedBatch(batch.number, tuple(entries), batch.input_bytes)


def _entry(document: MarkedDocument) -> Entry:
    lines = sum(paragraph.mark is None for paragraph in document.paragraphs)
    return Entry(document.id, site_of(document.source, document.metadata), lines)


def _mark_items(
    items: Sequence[ReadItem], config: Config
) -> Iterator[tuple[MarkedDocument | Rejection, bytes]]:
    """Each record's document, or why there is none, and its row for the work file."""
    split = [
        item if isinstance(item, Rejection) else _tried(item, partial(_split_record, item, config))
        for item in items
    ]
    readings = iter(_readings([one[1] for one in split if not isinstance(one, Rejection)], config))
    for one in split:
        if isinstance(one, Rejection):
            yield one, as_line(one)
            continue
        record, document = one
        marked = _tried(record, partial(_marked_with_row, document, config, next(readings)))
        yield (marked, as_line(marked)) if isinstance(marked, Rejection) else marked


def _split_record(record: Record, config: Config) -> tuple[Record, SplitDocument]:
    return record, _split(decode(record, config), config)


def _readings(
    documents: Sequence[SplitDocument], config: Config
) -> Sequence[Sequence[Reading] | None]:
    """What the rules make of the documents' lines, read together."""
    try:
        return read_lines(documents, config)
    # As below: the record that it is for fails, once each is read by itself.
    except Exception:  # noqa: BLE001
        return [None] * len(documents)


def _marked_with_row(
    document: SplitDocument, config: Config, readings: Sequence[Reading] | None
) -> tuple[MarkedDocument, bytes]:
    marked = mark_boilerplate(document, config, readings)
    return marked, as_line(marked)


def _tried(record: Record, function: Callable[[], Result]) -> Result | Rejection:
    """What a function makes of a record, or why it makes nothing."""
    try:
        return function()
    except RecordError as error:
        reason = str(error)
    # The one place that catches everything: whatever a hostile page does to a parser, it is this
    # record that fails, with its error on record, and not the run.
    except Exception as error:  # noqa: BLE001
        reason = f"the record could not be processed: {type(error).__name__}: {error}"
    return Rejection(record.source, record.number, reason)


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
