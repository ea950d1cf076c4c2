"""Time the whole job against a straightforward script, in one run, on the same input.

usage: against_script.py ROWS.jsonl[.gz] [--rounds N]

The two take turns. Printed for each: wall seconds and megabytes of text a second (median of the
rounds), peak memory of the largest process, and the ratio of the medians.
"""

import argparse
import gzip
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def text_megabytes(path: Path) -> float:
    """Megabytes of text in the rows, in UTF-8."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    return sum(len(json.loads(line)["text"].encode()) for line in lines) / 1e6


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds of a command, and megabytes of memory at the peak of all children so far."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own two commands
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    size = text_megabytes(arguments.rows)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        raw = work / "raw"
        raw.mkdir()
        rows = Path(shutil.copy(arguments.rows, raw))
        run = [sys.executable, "-m", "cleaner", "run", str(raw), str(work / "clean"), "--overwrite"]
        commands = {
            "cleaner, 1 worker": [*run, "--workers", "1"],
            "cleaner, 2 workers": [*run, "--workers", "2"],
            "straightforward script": [
                sys.executable,
                str(HERE / "straightforward.py"),
                str(rows),
                str(work / "script.jsonl"),
            ],
        }
        seconds: dict[str, list[float]] = {label: [] for label in commands}
        for _ in range(arguments.rounds):
            for label, command in commands.items():
                seconds[label].append(timed(command)[0])
    rival = statistics.median(seconds["straightforward script"])
    print(f"{size:.1f} MB of text, {arguments.rounds} rounds")
    for label, times in seconds.items():
        median = statistics.median(times)
        print(
            f"{label:24} {median:7.1f} s {size / median:6.2f} MB/s  {rival / median:5.2f} x script"
        )


if __name__ == "__main__":
    main()
