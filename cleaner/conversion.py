"""Make Parquet files of whole files of rows, once all rows are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner.engines import Attempt, Engine
from cleaner.finished import Finished
from cleaner.journal import Journal
from cleaner.parquet import COLUMNS, write_parquet
from cleaner.stages.shards import Shards

SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True)
class Conversion:
    """A file of rows, and the file that is made of it."""

    name: str
    """Of the file to be, below the folder of the output."""
    rows: Path
    aside: Path
    kind: str


def convert(conversion: Conversion, attempt: Attempt) -> Conversion:
    """Write a file of rows as a Parquet file aside."""
    write_parquet(conversion.rows, conversion.aside, conversion.kind, attempt.at)
    return conversion


def convert_all(finished: Finished, engine: Engine, journal: Journal) -> Iterator[tuple[int, int]]:
    """Put a Parquet file in the place of each file of rows.

    Those that the journal knows are not made again.

    Args:
        finished: the files of the output so far.
        engine: it makes them.
        journal: it records them.

    Yields:
        How many are made, and of how many.

    """
    shards = finished.shards
    planned = list(_planned(shards, journal.scratch))
    remaining = [one for one in planned if one.name not in shards.sizes]
    for number, done in enumerate(engine.map(convert, remaining), 1):
        with journal.step(finished.reached, finished.flush):
            shards.put(done.aside, done.name)
        yield len(planned) - len(remaining) + number, len(planned)
    for one in planned:
        shards.leave_out(one.rows)


def _planned(shards: Shards, scratch: Path) -> Iterator[Conversion]:
    for name in sorted(shards.sizes):
        kind, _, file = name.rpartition("/")
        if kind in COLUMNS and not file.endswith(SUFFIX):
            target = file.partition(".")[0] + SUFFIX
            yield Conversion(
                f"{kind}/{target}", shards.folder / name, scratch / f"{kind}-{target}", kind
            )
