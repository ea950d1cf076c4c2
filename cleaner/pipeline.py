"""The flow on one page.

phase 1, per document, parallel:  read, decode, extract, repair, split, mark; sketch
phase 2, over all documents:      distinct ids; which paragraphs are copies, and of what
phase 3, per document, parallel:  take out what is marked and what is a copy; write
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cleaner.config import Config
from cleaner.document import (
    CleanDocument,
    Content,
    Mark,
    MarkedDocument,
    Place,
    Reason,
    Record,
)
from cleaner.duplicates import Copy, Sketches, find_copies, sketch_paragraphs
from cleaner.engines import Engine
from cleaner.errors import RecordError
from cleaner.ids import distinct_ids
from cleaner.stages.boilerplate import mark_boilerplate
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
from cleaner.stages.write import write_outcomes
from cleaner.words import count_words

MADE = "made"
"""Folder, below the work folder, in which the finished output is put together."""

Duplicates = Mapping[int, Mapping[int, Mark]]
"""For documents of a batch, counted from 0: the marks of their copies, by position."""

Progress = Callable[[str, int, int], None]
"""Told of a phase's name, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class MarkedBatch:
    """A batch after phase 1: its documents' ids; its work files carry its number."""

    number: int
    ids: tuple[str, ...]
    input_bytes: int


@dataclass(frozen=True, slots=True)
class Removals:
    """What phase 3 needs to know of one batch."""

    batch: int
    duplicates: Duplicates
    new_ids: Mapping[int, str]


def mark_document(record: Record, config: Config) -> MarkedDocument:
    """The way of one record through phase 1.

    Raises:
        RecordError: no document can be made of it.

    """
    return mark_content(decode(record, config), config)


def mark_content(content: Content, config: Config) -> MarkedDocument:
    """The way of decoded text or HTML through phase 1.

    Raises:
        RecordError: an HTML page without an article.

    """
    page = extract(content)
    return mark_boilerplate(split_paragraphs(repair(page, config)), config)


def sketch_documents(documents: Sequence[tuple[int, MarkedDocument]], config: Config) -> Sketches:
    """Sketch the paragraphs that the search may compare, of numbered documents."""
    chosen = [
        (paragraph.text, (number, position))
        for number, document in documents
        for position, paragraph in enumerate(document.paragraphs)
        if paragraph.mark is None
        and paragraph.placed_rule is None
        and count_words(paragraph.text) >= config.min_words
    ]
    return sketch_paragraphs([text for text, _ in chosen], [place for _, place in chosen], config)


def run_phases(
    inventory: Inventory,
    config: Config,
    engine: Engine,
    work: Path,
    progress: Progress,
) -> tuple[Counts, tuple[Path, ...]]:
    """All three phases. The output is left in `work / MADE`; its counts and files are returned."""
    total = sum(file.size for file in inventory.files)
    marked: list[MarkedBatch] = []
    done = 0
    batches = read_batches(inventory.files, config.max_record_megabytes << 20)
    for batch in engine.map(partial(_mark_batch, config=config, work=work), batches):
        marked.append(batch)
        done += batch.input_bytes
        progress("reading and marking", done, total)

    progress("finding duplicates", 0, 1)
    removals = list(_plan_removals(marked, config, work))
    progress("finding duplicates", 1, 1)

    counts = write_outcomes(inventory.unreadable, work / "unreadable")
    shards = Shards(work / MADE, config.shard_megabytes << 20)
    shards.append(work / "unreadable")
    finished = engine.map(partial(_finish_batch, config=config, work=work), removals)
    for number, batch_counts in enumerate(finished):
        counts.add(batch_counts)
        shards.append(_folder(work, number))
        progress("writing", number + 1, len(marked))
    return counts, shards.close()


def _mark_batch(batch: Batch, *, config: Config, work: Path) -> MarkedBatch:
    """Phase 1: mark a batch's documents and write them, and the sketches, to work files."""
    lines: list[bytes] = []
    documents: list[MarkedDocument] = []
    for item in batch.items:
        outcome, line = _mark_item(item, config)
        lines.append(line)
        if isinstance(outcome, MarkedDocument):
            documents.append(outcome)
    write_marked(lines, _marked(work, batch.number))
    sketch_documents(list(enumerate(documents)), config).save(_sketches(work, batch.number))
    return MarkedBatch(
        batch.number, tuple(document.id for document in documents), batch.input_bytes
    )


def _mark_item(item: ReadItem, config: Config) -> tuple[MarkedDocument | Rejection, bytes]:
    """A record's document, or why there is none, and its row for the work file."""
    if isinstance(item, Rejection):
        return item, as_line(item)
    try:
        document = mark_document(item, config)
        return document, as_line(document)
    except RecordError as error:
        reason = str(error)
    # The one place that catches everything: whatever a hostile page does to a parser, it is this
    # record that fails, with its error on record, and not the run.
    except Exception as error:  # noqa: BLE001
        reason = f"the record could not be processed: {type(error).__name__}: {error}"
    rejection = Rejection(item.source, item.number, reason)
    return rejection, as_line(rejection)


def _plan_removals(
    batches: Sequence[MarkedBatch], config: Config, work: Path
) -> Iterator[Removals]:
    """Phase 2: every document gets an id of its own, every copy the paragraph that it copies."""
    firsts = _first_numbers(batches)
    ids = [name for batch in batches for name in batch.ids]
    renamed = distinct_ids(ids)
    sketches = [
        _numbered_from(Sketches.load(_sketches(work, batch.number)), first)
        for batch, first in zip(batches, firsts, strict=True)
    ]
    copies: dict[int, dict[int, Mark]] = {}
    for copy in find_copies(sketches, config):
        number, position = copy.place
        copies.setdefault(number, {})[position] = _copy_mark(copy, ids, renamed)
    for batch, first in zip(batches, firsts, strict=True):
        numbers = range(first, first + len(batch.ids))
        yield Removals(
            batch.number,
            {number - first: copies[number] for number in numbers if number in copies},
            {number - first: renamed[number] for number in numbers if number in renamed},
        )


def _first_numbers(batches: Sequence[MarkedBatch]) -> list[int]:
    """The number of each batch's first document, counted over the whole run."""
    firsts = [0]
    for batch in batches:
        firsts.append(firsts[-1] + len(batch.ids))
    return firsts[:-1]


def _numbered_from(sketches: Sketches, first: int) -> Sketches:
    return replace(sketches, documents=sketches.documents + first)


def _copy_mark(copy: Copy, ids: Sequence[str], renamed: Mapping[int, str]) -> Mark:
    number, position = copy.of
    of = Place(renamed.get(number, ids[number]), position)
    return Mark(Reason.DUPLICATE, of=of, similarity=copy.similarity)


def _finish_batch(removals: Removals, *, config: Config, work: Path) -> Counts:
    """Phase 3: write a batch's documents, and what was taken out of them."""
    marked = _marked(work, removals.batch)
    outcomes = _outcomes(read_marked(marked), removals, config)
    counts = write_outcomes(outcomes, _folder(work, removals.batch))
    marked.unlink()
    _sketches(work, removals.batch).unlink()
    return counts


def _outcomes(
    items: Iterable[MarkedDocument | Rejection], removals: Removals, config: Config
) -> Iterator[CleanDocument | Rejection]:
    number = 0
    for item in items:
        if isinstance(item, Rejection):
            yield item
            continue
        document = replace(item, id=removals.new_ids.get(number, item.id))
        yield finish(document, removals.duplicates.get(number, {}), config)
        number += 1


def _marked(work: Path, batch: int) -> Path:
    return work / f"marked-{batch:06d}.jsonl"


def _sketches(work: Path, batch: int) -> Path:
    return work / f"sketches-{batch:06d}.npz"


def _folder(work: Path, batch: int) -> Path:
    return work / f"finished-{batch:06d}"
