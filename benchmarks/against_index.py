"""What a day costs against an index of the days before it.

usage: against_index.py WORK [--days 20] [--paragraphs 5000] [--repeats 3] [--workers 1]

A corpus of `make_corpus.py` of so many days and one more is cut into days by its articles. All
but the last are cleaned into an index, once. Then, in turns, are timed: the last day alone; against
the index; against it and added to a copy of it; and all days in one run. Each is a process of its
own. Printed are wall and CPU seconds (the middle one of the repeats), bytes of the index for each
paragraph in it, and whether the day's documents came out the same.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

MAKER = Path(__file__).resolve().parent / "make_corpus.py"
PARAGRAPHS_AN_ARTICLE = 25


def main() -> None:
    """Read the arguments, measure, print."""
    arguments = _arguments()
    work = arguments.work
    shutil.rmtree(work, ignore_errors=True)
    _make_days(work, arguments.days, arguments.paragraphs)
    workers = ["--workers", str(arguments.workers)]
    _clean(work / "year", work / "clean-year", "--save-index", work / "index", *workers)
    ways = {
        "the day alone": ("day", ()),
        "the day against the year": ("day", ("--against", work / "index")),
        "and added to it": ("day", ("--against", work / "copy", "--save-index", work / "copy")),
        "year and day in one run": ("all", ()),
    }
    times: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(arguments.repeats):
        for way, (raw, options) in ways.items():
            shutil.rmtree(work / way, ignore_errors=True)
            shutil.rmtree(work / "copy", ignore_errors=True)
            shutil.copytree(work / "index", work / "copy")
            # What was copied has other times, and would be read whole once.
            _remember(work / "copy")
            times[way].append(_clean(work / raw, work / way, *options, *workers))
    _report(work, times)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--paragraphs", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


def _make_days(work: Path, days: int, paragraphs: int) -> None:
    total = (days + 1) * paragraphs
    made = work / "made"
    command = [sys.executable, MAKER, made, "--paragraphs", str(total)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - ours
    lines = (line for path in sorted(made.glob("*.jsonl")) for line in path.open("rb"))
    for number in range(days + 1):
        name = f"{number:04d}.jsonl"
        rows = b"".join(islice(lines, paragraphs // PARAGRAPHS_AN_ARTICLE))
        for folder in ("all", "year" if number < days else "day"):
            (work / folder).mkdir(exist_ok=True)
            (work / folder / name).write_bytes(rows)


def _clean(raw: Path, clean: Path, *options: object) -> tuple[float, float]:
    """Clean in a process of its own; wall and CPU seconds of it and its workers."""
    command = [sys.executable, "-m", "cleaner", "run", raw, clean, *options]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, capture_output=True)  # noqa: S603 - ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu


def _remember(index: Path) -> None:
    from cleaner.earlier.checking import check_files
    from cleaner.earlier.manifest import read_manifest

    check_files(index, read_manifest(index))


def _report(work: Path, times: dict[str, list[tuple[float, float]]]) -> None:
    for way, measured in times.items():
        wall, cpu = (statistics.median(column) for column in zip(*measured, strict=True))
        print(f"{way:26} {wall:8.1f} s wall {cpu:8.1f} s CPU")
    manifest = json.loads((work / "index" / "index.json").read_bytes())
    size = sum(one for part in manifest["parts"] for one, _ in part["files"].values())
    paragraphs = sum(part["paragraphs"] for part in manifest["parts"])
    print(f"index: {paragraphs:,} paragraphs, {size / max(paragraphs, 1):.0f} bytes for each")
    day, everything = (
        (work / way / "documents" / "part-00000.jsonl").read_bytes()
        for way in ("the day against the year", "year and day in one run")
    )
    print(f"the day's documents are those of the one run: {everything.endswith(day)}")


if __name__ == "__main__":
    main()
