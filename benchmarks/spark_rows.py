"""The rows that travel where the job is done over tables, in bytes for each paragraph, by kind.

usage: spark_rows.py PARAGRAPHS [--crowd 0.01] [--tasks 4]

A corpus by make_corpus.py is cleaned on one machine and over tables in the program itself (those of
tests/plain_tables.py), without worker processes, and the bytes of both outputs are compared.
Counted are the values of all rows that are brought together, 8 bytes for a number. Printed, too, is
the processor's time of either.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from make_corpus import Shares, write_corpus
from spark import output_of

from cleaner import Config, job
from cleaner.distributed import finishing, flow, marking
from cleaner.distributed.tables import size_of
from cleaner.engines import InlineEngine

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from plain_tables import PlainTable, PlainTables

NUMBER_BYTES = 8


def counted(rows: Counter[str], values: Counter[str]) -> None:
    """Have the rows counted that are brought together, and the bytes of their values."""
    by = PlainTable.by

    def counting(table: PlainTable, key: str, order: Sequence[str] = ()) -> PlainTable:
        name = ", ".join(table.columns)
        for share in table.shares:
            rows[name] += size_of(share)
            for column, kind in table.columns.items():
                is_binary = kind == "binary"
                sizes = map(len, share[column]) if is_binary else [NUMBER_BYTES] * size_of(share)
                values[name] += sum(sizes)
        return by(table, key, order)

    PlainTable.by = counting


def main() -> None:
    """Clean a corpus both ways and print what travelled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paragraphs", type=int)
    parser.add_argument("--crowd", type=float, default=0.01)
    parser.add_argument("--tasks", type=int, default=4)
    given = parser.parse_args()
    rows, values = Counter[str](), Counter[str]()
    counted(rows, values)
    marking.one_worker = finishing.one_worker = job.engine_for = lambda _: InlineEngine()
    tables = PlainTables(2 * given.tasks, given.tasks, 1 << 16)

    def elsewhere(inventory, config, journal, progress):  # noqa: ANN001, ANN202 - as `Elsewhere`
        return flow.run_over_tables(inventory, config, tables, journal, progress)

    with tempfile.TemporaryDirectory() as name:
        raw, local, over = (Path(name) / one for one in ("raw", "local", "over"))
        write_corpus(raw, given.paragraphs, Shares(crowd=given.crowd), seed=1)
        for clean, run in ((local, job.run), (over, partial(job.run, elsewhere=elsewhere))):
            started = time.process_time()
            run(raw, clean, Config())
            print(f"{clean.name}: {time.process_time() - started:.1f} CPU s")
        print(
            "bytes of the output:", "the same" if output_of(local) == output_of(over) else "DIFFER"
        )
    for kind, size in values.most_common():
        per = (size / given.paragraphs, rows[kind] / given.paragraphs)
        print(f"{per[0]:10.1f} bytes {per[1]:8.3f} rows  {kind}")
    print(f"{values.total() / given.paragraphs:10.1f} bytes in all")


if __name__ == "__main__":
    main()
