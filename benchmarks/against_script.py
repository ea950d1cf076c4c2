"""Time the whole job against a straightforward script, in one run, on the same input.

usage: against_script.py ROWS.jsonl[.gz] [--rounds N] [--rivals-python PATH] [--json OUT]

The script is `straightforward.py`; with the Python of an environment that has the rivals, also
that script with the search of text-dedup and of datatrove. All take turns. Printed for each: wall
seconds and megabytes of text a second (median of the rounds), peak memory of the largest process,
and the ratio of the medians.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import SCRIPTS, machine, save_report
from straightforward import read_rows

HERE = Path(__file__).resolve().parent
SCRIPT = "straightforward script"
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"


def text_megabytes(path: Path) -> float:
    """Megabytes of text in the rows, in UTF-8."""
    return sum(len(row["text"].encode()) for row in read_rows(path)) / 1e6


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds of a command, and megabytes at the peak of its largest process."""
    started = time.perf_counter()
    # What is installed is compiled once; this variable would have it compiled in each run.
    environment = {key: value for key, value in os.environ.items() if key != UNCOMPILED}
    with subprocess.Popen(  # noqa: S603 - ours
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} left with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def commands_for(rows: Path, work: Path, rivals_python: str | None) -> dict[str, list[str]]:
    """What is timed, by its label."""
    run = [sys.executable, "-m", "cleaner", "run", str(rows.parent), str(work / "clean")]
    commands = {
        "cleaner, 1 worker": [*run, "--overwrite", "--workers", "1"],
        "cleaner, 2 workers": [*run, "--overwrite", "--workers", "2"],
        SCRIPT: [sys.executable, str(HERE / "straightforward.py"), str(rows), str(work / "script")],
    }
    if rivals_python:
        for library in ("text-dedup", "datatrove"):
            script = [rivals_python, str(SCRIPTS / "whole_job.py"), str(rows), str(work / library)]
            commands[f"script with {library}"] = [*script, library]
    return commands


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals-python")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    size = text_megabytes(arguments.rows)
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name) / "raw"
        raw.mkdir()
        rows = Path(shutil.copy(arguments.rows, raw))
        commands = commands_for(rows, Path(name), arguments.rivals_python)
        measured: dict[str, list[tuple[float, float]]] = {label: [] for label in commands}
        for _ in range(arguments.rounds):
            for label, command in commands.items():
                measured[label].append(timed(command))
    figures = {
        label: {
            "seconds": statistics.median(seconds for seconds, _ in rounds),
            "megabytes": max(megabytes for _, megabytes in rounds),
        }
        for label, rounds in measured.items()
    }
    print(f"{size:.1f} MB of text, {arguments.rounds} rounds")
    for label, of_one in figures.items():
        ratio = figures[SCRIPT]["seconds"] / of_one["seconds"]
        print(
            f"{label:24} {of_one['seconds']:7.1f} s {size / of_one['seconds']:6.2f} MB/s"
            f" {ratio:6.2f} x the script {of_one['megabytes']:7.0f} MB"
        )
    save_report(arguments.json, {"machine": machine(), "megabytes": size, "jobs": figures})


if __name__ == "__main__":
    main()
