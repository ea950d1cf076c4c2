"""Make Parquet files of whole files of rows, once all rows are written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner.engines import Attempt, Engine
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


def convert_all(
    shards: Shards, engine: Engine, journal: Journal, made: str
) -> Iterator[tuple[int, int]]:
    """Put a Parquet file in the place of each file of rows.

    Those that the journal knows are not made again.

    Args:
        shards: the files of the output so far.
        engine: it makes them.
        journal: it records them.
        made: the folder of the output, below that of the work.

    Yields:
        How many are made, and of how many.

    """
    planned = list(_planned(shards, journal))
    remaining = [one for one in planned if one.name not in shards.sizes]
    for number, done in enumerate(engine.map(convert, remaining), 1):
        journal.wrote([shards.put(done.aside, done.name)])
        sizes = {f"{made}/{name}": size for name, size in shards.sizes.items()}
        journal.now = replace(journal.now, made=sizes)
        journal.record_if_due()
        yield len(planned) - len(remaining) + number, len(planned)
    for one in planned:
        shards.leave_out(one.rows)


def _planned(shards: Shards, journal: Journal) -> Iterator[Conversion]:
    for name in sorted(shards.sizes):
        kind, _, file = name.rpartition("/")
        if kind in COLUMNS and not file.endswith(SUFFIX):
            target = file.partition(".")[0] + SUFFIX
            yield Conversion(
                f"{kind}/{target}", shards.folder / name, journal.scratch / f"{kind}-{target}", kind
            )
