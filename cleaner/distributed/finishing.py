"""Phase 3 of a part: its batches written, by what was decided of its documents."""

import pickle
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from cleaner.batches import PlannedBatch, marked_in, write_finished
from cleaner.config import Config
from cleaner.decided import Span
from cleaner.distributed.exact import DONE
from cleaner.distributed.naming import names_of
from cleaner.distributed.parts import Layout, Part, made_folder
from cleaner.distributed.planning import ORIGINALS, Plan
from cleaner.distributed.ranges import PartOfInput
from cleaner.distributed.steps import calls
from cleaner.distributed.tables import Rows, Tables, addressed
from cleaner.distributed.templates import templates_of
from cleaner.distributed.workers import one_worker
from cleaner.document import Findings, KeptCopy, Mark, Place, Reason
from cleaner.duplicates.search import NOTHING
from cleaner.engines import Attempt
from cleaner.intake import read_spans
from cleaner.json_lines import load_line
from cleaner.stages.counts import Counts

FINISHED, COUNTS = "finished", "counts"


class PartRemovals:
    """The decisions that `plan` left, for the documents of a part."""

    def __init__(self, part: Part, plan: Plan, config: Config) -> None:
        self._store, self._names = part.store(config), names_of(part)
        self._templates = templates_of(part, config, plan.templates)
        self._copies = {
            name: (part.got(f"{name}/of", np.int64), part.got(f"{name}/similarity", np.float64))
            for name in (plan.drop, plan.mark)
        }
        self._plan = plan
        lines = (part.folder / ORIGINALS).read_bytes().splitlines()
        self._places = {
            paragraph: Place(name, position) for paragraph, position, name in map(load_line, lines)
        }

    def id_of(self, document: int) -> str:
        """The id that a document is written with."""
        return self._names[document]

    def findings(self, span: Span) -> Mapping[int, Findings]:
        """What was found in the documents of a batch, by their numbers in the part."""
        removed: dict[int, dict[int, Mark]] = {}
        kept: dict[int, dict[int, KeptCopy]] = {}
        first, last = span.short_lines
        rows = first + np.flatnonzero(self._templates[first:last])
        columns = (self._store.short_documents, self._store.short_positions)
        places = (column.array[rows].tolist() for column in columns)
        for document, position, count in zip(*places, self._templates[rows].tolist(), strict=True):
            removed.setdefault(document, {})[position] = Mark(Reason.TEMPLATE, count=count)
        for document, position, of, similarity in self._found(self._plan.drop, span):
            mark = Mark(Reason.DUPLICATE, of=of, similarity=similarity)
            removed.setdefault(document, {})[position] = mark
        for document, position, of, similarity in self._found(self._plan.mark, span):
            kept.setdefault(document, {})[position] = KeptCopy(of, similarity)
        return {
            document: Findings(removed.get(document, {}), kept.get(document, {}))
            for document in removed.keys() | kept.keys()
        }

    def _found(self, name: str, span: Span) -> Iterator[tuple[int, int, Place, float]]:
        """Document, position, what is copied, and how closely."""
        first, last = span.paragraphs
        of, similarity = self._copies[name]
        rows = first + np.flatnonzero(of[first:last] != NOTHING)
        columns = (self._store.documents.array, self._store.positions.array, of, similarity)
        for document, position, original, one in zip(
            *(column[rows].tolist() for column in columns), strict=True
        ):
            yield document, position, self._places[original], one


def finish_parts(layout: Layout, plan: Plan, first: int, config: Config, tables: Tables) -> None:
    """Write what becomes of the parts from `first` on to their folders."""
    step = partial(_finish, layout=layout, plan=plan, config=config)
    calls(np.arange(first, len(layout)), tables).mapped(step, DONE).collected()


def finished_batches(part: Part, read: PartOfInput) -> Iterator[tuple[int, Path, Counts]]:
    """The numbers of a part's batches, the folder of what was written, and what that holds."""
    folder = part.folder / FINISHED
    counts = pickle.loads((folder / COUNTS).read_bytes())  # noqa: S301 - ours
    for number, saved in enumerate(counts, read.first_batch):
        yield number, folder, Counts.from_saved(saved)


def _finish(shares: Iterator[Rows], layout: Layout, plan: Plan, config: Config) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        part = layout.part(number)
        made_folder(part.folder / FINISHED, partial(_fill, part=part, plan=plan, config=config))
        yield {"part": np.array([number])}


def _fill(folder: Path, part: Part, plan: Plan, config: Config) -> None:
    numbers = sorted(
        int(path.stem.partition("-")[2]) for path in part.folder.glob("marked-*.jsonl")
    )
    planned = map(PlannedBatch, numbers, read_spans(part.folder))
    write = partial(_write, part=part, plan=plan, config=config, folder=folder)
    with one_worker(config) as engine:
        counts = [one.as_saved() for one in engine.map(write, planned)]
    (folder / COUNTS).write_bytes(pickle.dumps(counts))


def _write(  # noqa: PLR0913 - all that is known of a batch
    batch: PlannedBatch, attempt: Attempt, *, part: Part, plan: Plan, config: Config, folder: Path
) -> Counts:
    removals = PartRemovals(part, plan, config)
    marked = marked_in(part.folder, batch.number)
    return write_finished(batch, attempt, removals, config, marked, folder)
