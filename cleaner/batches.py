"""What is done with one batch: in phase 1, and in phase 3. Its files carry its number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner.catalogue import Entry
from cleaner.config import Config
from cleaner.decided import Decided, Removals, Span
from cleaner.document import CleanDocument, Findings, MarkedDocument, Record
from cleaner.duplicates.eligible import eligible_lines
from cleaner.duplicates.sketch import sketch_lines
from cleaner.engines import Attempt
from cleaner.losses.tally import Losses
from cleaner.marking import mark_records, mark_singly
from cleaner.refused import without_refused
from cleaner.stages.counts import Counts
from cleaner.stages.finish import finish
from cleaner.stages.marked_file import read_marked, write_marked
from cleaner.stages.read import Batch, ReadItem
from cleaner.stages.read_to import ReadTo
from cleaner.stages.rejection import Rejection
from cleaner.stages.signed import write_signatures
from cleaner.stages.site import site_of
from cleaner.stages.write import write_outcomes

NO_FINDINGS = Findings({}, {})


@dataclass(frozen=True, slots=True)
class MarkedBatch:
    """A batch after phase 1."""

    number: int
    entries: tuple[Entry, ...]
    """Its documents, as the catalogue wants them."""
    input_bytes: int
    read_to: ReadTo


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """What phase 3 needs to know of one batch."""

    number: int
    span: Span


def mark_batch(batch: Batch, attempt: Attempt, *, config: Config, scratch: Path) -> MarkedBatch:
    """Phase 1: mark a batch's documents, and write them and their sketches to files."""
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
    write_marked(rows, marked_in(scratch, batch.number))
    lines = list(eligible_lines(documents, config))
    sketch_lines(lines, config).save(sketches_in(scratch, batch.number))
    return MarkedBatch(
        batch.number, tuple(map(_entry, documents)), batch.input_bytes, batch.read_to
    )


def _largest(items: Sequence[ReadItem]) -> int | None:
    """The number of the record that weighs most when all are too much together."""
    sizes = {at: len(one.data) for at, one in enumerate(items) if isinstance(one, Record)}
    return max(sizes, key=sizes.__getitem__, default=None)


def _entry(document: MarkedDocument) -> Entry:
    lines = [paragraph.mark for paragraph in document.paragraphs].count(None)
    return Entry(document.id, site_of(document.source, document.metadata), lines)


def finish_batch(
    batch: PlannedBatch, attempt: Attempt, *, config: Config, work: Path, scratch: Path
) -> Counts:
    """Phase 3: write a batch's documents, and what was taken out of them."""
    marked = marked_in(work, batch.number)
    return write_finished(batch, attempt, Removals(work), config, marked, scratch)


def write_finished(  # noqa: PLR0913, PLR0917 - all that is known of a batch
    batch: PlannedBatch,
    attempt: Attempt,
    removals: Decided,
    config: Config,
    marked: Path,
    scratch: Path,
) -> Counts:
    """Write a batch's documents, of which `marked` is the file, by what was decided of them."""
    outcomes = _outcomes(read_marked(marked), attempt, removals, batch.span, config)
    folder = output_in(scratch, batch.number)
    if config.signatures:
        outcomes = write_signatures(outcomes, folder, config)
    return write_with_losses(outcomes, folder, losses_in(scratch, batch.number), config)


def finished_in(
    batch: PlannedBatch, attempt: Attempt, *, config: Config, work: Path
) -> tuple[CleanDocument | Rejection, ...]:
    """Phase 3 for a reader in the program: a batch's documents, and what was none."""
    items = read_marked(marked_in(work, batch.number))
    return tuple(_outcomes(items, attempt, Removals(work), batch.span, config))


def write_with_losses(
    outcomes: Iterable[CleanDocument | Rejection], folder: Path, losses: Path, config: Config
) -> Counts:
    """Write outcomes to a folder, and what each source lost by them to a file."""
    tally = Losses()
    counts = write_outcomes(tally.watch(outcomes), folder, config)
    tally.save(losses)
    return counts


def _outcomes(
    items: Iterable[MarkedDocument | Rejection],
    attempt: Attempt,
    removals: Decided,
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
            name, found = removals.id_of(number), findings.get(number)
            document = item if item.id == name else replace(item, id=name)
            # It can be rejected no more: others may have gone as copies of what it holds.
            asks_again = part not in attempt.refused
            yield finish(document, found or NO_FINDINGS, config, asks_again=asks_again)
            number += 1
        attempt.at(part + 1)
    attempt.at(None)


def marked_in(folder: Path, batch: int) -> Path:
    """The file of a batch's marked documents."""
    return folder / f"marked-{batch:06d}.jsonl"


def sketches_in(folder: Path, batch: int) -> Path:
    """The file of a batch's sketches."""
    return folder / f"sketches-{batch:06d}"


def output_in(folder: Path, batch: int) -> Path:
    """The folder of a batch's output."""
    return folder / f"finished-{batch:06d}"


def losses_in(folder: Path, batch: int) -> Path:
    """The file of what a batch's sources lost."""
    return folder / f"losses-{batch:06d}.jsonl"
