"""Time the whole job against a straightforward script, in one run, on the same input.

usage: against_script.py ROWS.jsonl[.gz] [--rounds N]

The two take turns. Printed for each: wall seconds and megabytes of text a second (median of the
rounds), peak memory of the largest process, and the ratio of the medians.
"""

import argparse
import gzip
import json
import os
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
    """Wall seconds of a command, and megabytes at the peak of its largest process."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - ours
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} left with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


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
        measured: dict[str, list[tuple[float, float]]] = {label: [] for label in commands}
        for _ in range(arguments.rounds):
            for label, command in commands.items():
                measured[label].append(timed(command))
    medians = {
        label: statistics.median(seconds for seconds, _ in rounds)
        for label, rounds in measured.items()
    }
    print(f"{size:.1f} MB of text, {arguments.rounds} rounds")
    for label, median in medians.items():
        ratio = medians["straightforward script"] / median
        peak = max(megabytes for _, megabytes in measured[label])
        print(
            f"{label:24} {median:7.1f} s {size / median:6.2f} MB/s"
            f" {ratio:6.2f} x the script {peak:7.0f} MB"
        )


if __name__ == "__main__":
    main()
