"""Phase 1 of a part: its batches marked and sketched, in a folder that then holds all of it."""

import pickle
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from cleaner.batches import mark_batch, sketches_in
from cleaner.config import Config
from cleaner.distributed.parts import PARTS, Layout, made_folder, part_folder
from cleaner.distributed.ranges import PartOfInput, check_seen
from cleaner.distributed.tables import Columns, Rows, Tables, objects
from cleaner.distributed.workers import one_worker
from cleaner.duplicates.sketch import Sketches
from cleaner.identity import while_unchanged
from cleaner.intake import Intake, read_spans
from cleaner.stages.read import Batch, ReadItem, read_records
from cleaner.stages.read_to import BEGINNING
from cleaner.stages.rejection import Skipped

PART: Columns = {"number": "int64", "part": "binary"}
HOLDS: Columns = {"number": "int64", "documents": "int64", "paragraphs": "int64"}


def mark_parts(
    parts: tuple[PartOfInput, ...], config: Config, tables: Tables, work: Path
) -> Layout:
    """Mark all parts that are not marked yet."""
    (work / PARTS).mkdir(exist_ok=True)
    documents = np.zeros(len(parts) + 1, dtype=np.int64)
    paragraphs = np.zeros(len(parts) + 1, dtype=np.int64)
    if parts:
        rows = {
            "number": np.arange(len(parts)),
            "part": objects([pickle.dumps(part) for part in parts]),
        }
        step = partial(_mark, config=config, work=work)
        holds = tables.table(rows, PART).mapped(step, HOLDS).collected()
        documents[holds["number"] + 1] = holds["documents"]
        paragraphs[holds["number"] + 1] = holds["paragraphs"]
    return Layout(work, np.cumsum(documents), np.cumsum(paragraphs))


def _mark(shares: Iterator[Rows], config: Config, work: Path) -> Iterator[Rows]:
    for rows in shares:
        for pickled in rows["part"]:
            part: PartOfInput = pickle.loads(pickled)  # noqa: S301 - made by `mark_parts`
            check_seen(work)
            folder = part_folder(work, part.number)
            made_folder(folder, partial(_fill, part=part, config=config))
            spans = read_spans(folder)
            yield {
                "number": np.array([part.number]),
                "documents": np.array([spans[-1].documents[1]]),
                "paragraphs": np.array([spans[-1].paragraphs[1]]),
            }


def _fill(folder: Path, part: PartOfInput, config: Config) -> None:
    """Mark a part's batches; records are refused as in a run on one machine."""
    mark = partial(mark_batch, config=config, scratch=folder)
    with one_worker(config) as engine, Intake(folder, {}) as intake:
        for batch in engine.map(mark, _batches(part, config)):
            sketches = sketches_in(folder, batch.number)
            intake.append(Sketches.load(sketches), batch.entries, batch.input_bytes)
            sketches.unlink()


def _batches(part: PartOfInput, config: Config) -> Iterator[Batch]:
    records = islice(_records(part, config), part.passed, None)
    for number, count in enumerate(part.counts, part.first_batch):
        yield Batch(number, tuple(islice(records, count)), 0, BEGINNING)
    # The last file is read to where the part ends, and not asked about by who reads it.
    for _ in while_unchanged(part.files[-1:]):
        pass


def _records(part: PartOfInput, config: Config) -> Iterator[ReadItem]:
    for file in while_unchanged(part.files):
        for item, _ in read_records(file, config):
            if not isinstance(item, Skipped):
                yield item
