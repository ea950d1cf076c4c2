"""Where parts begin and end in the input: the batches of `read_batches`, some to a part.

The records of each file are measured where there are hands for it; the sizes alone decide.
"""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from cleaner.config import Config
from cleaner.distributed.parts import got_column, put_column
from cleaner.distributed.tables import Columns, Rows, Tables, objects
from cleaner.errors import CleanerError
from cleaner.identity import while_unchanged
from cleaner.stages.read import BATCH_BYTES, BATCH_RECORDS, read_records, size_of
from cleaner.stages.rejection import Skipped
from cleaner.stages.skips import Skips
from cleaner.stages.source_file import SourceFile
from cleaner.written import RUN

MEASURED = "measured"
BATCHES, MOST_PARTS = 64, 10_000
"""Batches of a part, some 64 MB of records; more where there would be too many parts, as every
share of what they tell is read from all of them."""
PARTS_PER_TASK = 4
FILES: Columns = {"number": "int64", "file": "binary"}
FOUND: Columns = {"number": "int64", "skips": "binary"}


@dataclass(frozen=True, slots=True)
class PartOfInput:
    """What a part reads."""

    number: int
    first_batch: int
    counts: tuple[int, ...]
    """Records of each batch."""
    files: tuple[SourceFile, ...]
    passed: int
    """Records at the beginning of the first file that belong to parts before."""


def parts_of(
    files: tuple[SourceFile, ...], config: Config, tables: Tables, work: Path
) -> tuple[tuple[PartOfInput, ...], Skips]:
    """Measure the input and cut it into parts; with them, what is in it that is no record."""
    skips = Skips()
    if files:
        numbers = np.arange(len(files))
        pickled = objects([pickle.dumps(file) for file in files])
        table = tables.table({"number": numbers, "file": pickled}, FILES)
        found = table.mapped(partial(_measure, config=config, work=work), FOUND).collected()
        for at in np.argsort(found["number"]):
            skips.add(pickle.loads(found["skips"][at]))  # noqa: S301 - made by `_measure`
    batches = list(_batches(got_column(_sizes_in(work, at), np.int64) for at in range(len(files))))
    each = min(BATCHES, -(-len(batches) // (PARTS_PER_TASK * tables.tasks)))
    each = max(1, each, -(-len(batches) // MOST_PARTS))
    return tuple(_parts(batches, files, each)), skips


def _measure(shares: Iterator[Rows], config: Config, work: Path) -> Iterator[Rows]:
    """Write the sizes of the records of each file to a file; give back what is no record."""
    for rows in shares:
        for number, pickled in zip(rows["number"].tolist(), rows["file"], strict=True):
            skips, sizes = Skips(), list[int]()
            check_seen(work)
            for file in while_unchanged([pickle.loads(pickled)]):  # noqa: S301 - ours
                for item, _ in read_records(file, config):
                    if isinstance(item, Skipped):
                        skips.note(item)
                    else:
                        sizes.append(size_of(item))
            put_column(_sizes_in(work, number), np.array(sizes, dtype=np.int64))
            yield {"number": np.array([number]), "skips": objects([pickle.dumps(skips)])}


def check_seen(work: Path) -> None:
    """Check that whoever works on a share sees the folders of the run.

    Raises:
        CleanerError: it does not.

    """
    if not (work / RUN).exists():
        raise CleanerError(
            f"a worker does not see {work.parent.parent}: name folders that all machines share, "
            "under the same path"
        )


def _sizes_in(work: Path, number: int) -> Path:
    return work / MEASURED / f"{number:08d}"


@dataclass(frozen=True, slots=True)
class _Cut:
    """A batch: how many records, and from where on."""

    records: int
    file: int
    """The file of its first record."""
    passed: int
    """The records of that file before it."""
    last_file: int


def _batches(sizes: Iterable[np.ndarray[tuple[int], np.dtype[np.int64]]]) -> Iterator[_Cut]:
    """Cut as `read_batches` does."""
    records = size = first_file = passed = file = 0
    for file, of_file in enumerate(sizes):
        for number, one in enumerate(of_file.tolist()):
            if not records:
                first_file, passed = file, number
            records, size = records + 1, size + one
            if size >= BATCH_BYTES or records >= BATCH_RECORDS:
                yield _Cut(records, first_file, passed, file)
                records = size = 0
    if records:
        yield _Cut(records, first_file, passed, file)


def _parts(batches: list[_Cut], files: tuple[SourceFile, ...], each: int) -> Iterator[PartOfInput]:
    for number, first in enumerate(range(0, len(batches), each)):
        chosen = batches[first : first + each]
        start, last = chosen[0], chosen[-1].last_file
        counts = tuple(one.records for one in chosen)
        read = files[start.file : last + 1]
        yield PartOfInput(number, first, counts, read, start.passed)
