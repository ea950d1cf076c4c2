"""What it costs if one record in a hundred is hostile, and whether it changes anything else.

    python benchmarks/hostile.py ROWS.jsonl

Cleans the honest rows alone and with rows made of the cases in `tests/hostile_corpus.py` among
them, by turns, by the command line. Prints what each kind costs to mark, whether the honest
documents came out the same, and how many are done in a second against alone, by the clock and by
the processors' time, which other programs on the machine disturb less. Of few rows the second or so
in which the libraries for pages are loaded would be most of the difference: give 9,000 or more.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from common import machine, progress, save_report

from cleaner import Config
from cleaner.document import Kind, MarkedDocument, Record
from cleaner.duplicates.eligible import eligible_lines
from cleaner.duplicates.sketch import sketch_lines
from cleaner.marking import mark_records

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from hostile_corpus import CASES, Case, story_of

EVERY = 100
SHOWN = 0.03
"""Of the time that all kinds take: what takes less has no line of its own."""


def hostile_rows() -> list[tuple[str, bytes]]:
    """Each case that is not packed, as a row without an id, with its name."""
    rows = [(case.name, _as_row(case, number)) for number, case in enumerate(CASES)]
    return [(name, row) for name, row in rows if row]


def _as_row(case: Case, number: int) -> bytes:
    data = case.make(story_of(number))
    if case.name.endswith(".jsonl"):
        # Without the ids that claim those of others, which would rightly rename them.
        return data.strip() if b'"id"' not in data else b""
    field = {".txt": "text", ".html": "html"}.get(Path(case.name).suffix)
    if field is None:
        return b""
    return json.dumps({field: data.decode("utf-8", "replace")}).encode()


def mixed(honest: list[bytes], hostile: list[tuple[str, bytes]]) -> Iterator[bytes]:
    """The honest rows, with a hostile one after each 99."""
    others = cycle(row for _, row in hostile)
    for number, row in enumerate(honest, 1):
        yield row
        if number % (EVERY - 1) == 0:
            yield next(others)


def cost_of(row: bytes) -> float:
    """Seconds of the processor to mark and sketch a row, when it is done for the second time."""
    for _ in range(2):
        begin = time.process_time()
        ((outcome, _),) = mark_records([Record("rows.jsonl", 1, Kind.ROW, row)], Config())
        if isinstance(outcome, MarkedDocument):
            sketch_lines(list(eligible_lines([outcome], Config())), Config())
    return time.process_time() - begin


def print_kinds(hostile: list[tuple[str, bytes]], honest: list[bytes]) -> dict[str, float]:
    """What each kind costs, in milliseconds."""
    costs = {name: cost_of(row) * 1000 for name, row in hostile}
    every = sum(costs.values())
    print("| kind | MB | ms to mark and sketch | share |\n| --- | --- | --- | --- |")
    for name, row in sorted(hostile, key=lambda one: -costs[one[0]]):
        if costs[name] >= SHOWN * every:
            print(
                f"| {name} | {len(row) / 1e6:.1f} | {costs[name]:.1f} | {costs[name] / every:.0%} |"
            )
    size = sum(len(row) for _, row in hostile) / len(hostile) / 1e6
    print(f"| mean of all {len(hostile)} | {size:.1f} | {every / len(hostile):.1f} | |")
    usual = statistics.mean(cost_of(row) for row in honest[:300]) * 1000
    print(f"| honest, by itself | {statistics.mean(map(len, honest)) / 1e6:.3f} | {usual:.1f} | |")
    return costs


def cleaned(raw: Path, clean: Path, workers: int) -> tuple[float, float]:
    """Seconds by the clock, and of the processors, that the command takes."""
    command = [sys.executable, "-m", "cleaner", "run", raw, clean, "--workers", str(workers)]
    begin = time.perf_counter()
    with subprocess.Popen([*command, "--overwrite", "--quiet"]) as process:  # noqa: S603 - ours
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime


def honest_documents(clean: Path) -> list[bytes]:
    """The rows of documents and of what was removed that have one of our ids."""
    files = sorted((clean / "documents").iterdir()) + sorted((clean / "removed").iterdir())
    lines = [line for path in files for line in path.read_bytes().splitlines()]
    return [line for line in lines if json.loads(line)["id"].startswith("honest-")]


def arguments() -> argparse.Namespace:
    """What the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path, help="JSONL with `text`")
    parser.add_argument("--limit", type=int, default=None, help="rows to read")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--report", type=Path, help="JSON file for the figures")
    return parser.parse_args()


def main() -> None:
    """Read the arguments, clean by turns, print."""
    options = arguments()
    with options.rows.open("rb") as stream:
        read = [json.loads(line) for line in islice(stream, options.limit)]
    honest = [
        json.dumps({**row, "id": f"honest-{number}"}).encode() for number, row in enumerate(read)
    ]
    hostile = hostile_rows()
    costs = print_kinds(hostile, honest)
    seconds: dict[str, list[tuple[float, float]]] = {"alone": [], "beside": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, rows in (("alone", honest), ("beside", mixed(honest, hostile))):
            (folder / kind).mkdir()
            (folder / kind / "rows.jsonl").write_bytes(b"\n".join(rows))
        for number in range(options.rounds):
            for kind, times in seconds.items():
                progress(f"round {number + 1}: {kind}")
                times.append(cleaned(folder / kind, folder / f"clean-{kind}", options.workers))
        alone, beside = (honest_documents(folder / f"clean-{kind}") for kind in seconds)
        sizes = [(folder / kind / "rows.jsonl").stat().st_size for kind in seconds]
    print(f"{len(honest):,} honest rows, {sizes[0] / 1e6:.1f} MB; beside them {len(hostile)} kinds")
    print(f"of hostile rows, one in {EVERY}, {(sizes[1] - sizes[0]) / 1e6:.1f} MB")
    print(f"honest documents: {'the same' if alone == beside else 'NOT the same'}")
    clock, processors = (
        statistics.median(one[at] for one in seconds["alone"])
        / statistics.median(one[at] for one in seconds["beside"])
        for at in (0, 1)
    )
    print("honest rows a second, beside hostile ones against alone:")
    print(f"by the clock {clock:.2f}, by the processors' time {processors:.2f}")
    print(f"megabytes a second, by the processors' time: {processors * sizes[1] / sizes[0]:.2f}")
    save_report(
        options.report,
        {
            "machine": machine(),
            "seconds": seconds,
            "ratio": {"clock": clock, "processors": processors},
            "same": alone == beside,
            "bytes": sizes,
            "milliseconds": costs,
        },
    )


if __name__ == "__main__":
    main()
