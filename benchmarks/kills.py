"""Kill a run again and again until it ends, and compare what it wrote with an undisturbed run.

Each round is one run over the rows that is killed at random moments of the time that an undisturbed
run takes, with SIGKILL to its parent process or to all of them, until it ends before its moment
comes. What a kill cost is read from the work folder that it leaves: batches that were done there
and that its record does not know of, and are done again.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common import machine, progress, save_report

from cleaner import Config
from cleaner.stages.discover import take_inventory
from cleaner.stages.read import read_batches

BATCH_BYTES = 32
"""Of the column with one row for each batch."""


@dataclass(slots=True)
class Tally:
    """What the rounds with one number of workers came to."""

    workers: int
    batches: int
    kills: int = 0
    runs: int = 0
    marked_again: int = 0
    finished_again: int = 0
    wrong: list[str] = field(default_factory=list)

    def again(self) -> float:
        """Share of all batches, of both phases, that was done again for one kill."""
        return (self.marked_again + self.finished_again) / max(2 * self.batches * self.kills, 1)


def main() -> None:
    """Run the rounds and print the table."""
    arguments = _arguments()
    chance = random.Random(arguments.seed)  # noqa: S311 - moments, not secrets
    tallies = []
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        started = time.monotonic()
        _start(arguments.rows, folder / "undisturbed", 2).wait()
        seconds = time.monotonic() - started
        expected = _output(folder / "undisturbed")
        batches = sum(1 for _ in read_batches(take_inventory(arguments.rows).files, Config()))
        for workers in arguments.workers:
            tally = Tally(workers, batches)
            while tally.kills < arguments.kills // len(arguments.workers):
                _round(arguments, tally, folder / "killed", chance, seconds)
                if _output(folder / "killed") != expected:
                    tally.wrong.append(f"run {tally.runs}: other bytes")
                told = f"{workers} workers: {tally.kills} kills, {tally.runs} runs"
                progress("; ".join([told, *tally.wrong]))
                _remove(folder / "killed")
            tallies.append(tally)
    _print(tallies)
    rows = [
        {name: getattr(tally, name) for name in Tally.__slots__} | {"again": tally.again()}
        for tally in tallies
    ]
    save_report(arguments.json, {"machine": machine(), "rounds": rows})
    sys.exit(any(tally.wrong for tally in tallies))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path, metavar="ROWS.jsonl")
    parser.add_argument("--kills", type=int, default=200, help="of all rounds together")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 3])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="for the outputs; else that of the system")
    parser.add_argument("--json", type=Path, help="file for the figures")
    return parser.parse_args()


def _round(
    arguments: argparse.Namespace, tally: Tally, clean: Path, chance: random.Random, seconds: float
) -> None:
    """One run, killed until it ends or the kills are spent."""
    tally.runs += 1
    most = arguments.kills // len(arguments.workers)
    while True:
        running = _start(arguments.rows, clean, tally.workers)
        moment = chance.uniform(0, seconds) if tally.kills < most else None
        try:
            error = running.communicate(timeout=moment)[1]
        except subprocess.TimeoutExpired:
            _kill(running, everyone=chance.random() < 1 / 2)
            tally.kills += 1
            _note(clean, tally)
            continue
        if running.returncode:
            tally.wrong.append(f"run {tally.runs}: {error.decode().strip()}")
        leftovers = [path.name for path in (clean / ".cleaner").iterdir()]
        if set(leftovers) != {"lock", "state.json", "input.jsonl.gz"} or _processes(running.pid):
            tally.wrong.append(f"run {tally.runs}: left {leftovers} {_processes(running.pid)}")
        return


def _start(rows: Path, clean: Path, workers: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cleaner", "run", rows, clean, "--workers", str(workers)]
    return subprocess.Popen(  # noqa: S603 - ours
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def _kill(running: "subprocess.Popen[bytes]", *, everyone: bool) -> None:
    if everyone:
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
    # Not to the end of its output, which workers hold open until they have ended as well.
    running.wait()


def _note(clean: Path, tally: Tally) -> None:
    """What of the work that a killed run left is not on record."""
    work = clean / ".cleaner" / "work"
    record = _record(work / "journal.json")
    done = _rows_of(work / "batches" / "ends")
    known = record.get("columns", {}).get("batches/ends", 0) // BATCH_BYTES
    marked = [int(path.stem.rpartition("-")[2]) for path in work.glob("marked-*.jsonl")]
    tally.marked_again += sum(number >= known for number in marked)
    finished = record.get("finished", 0)
    tally.finished_again += _finished(work, record, done) - finished if record.get("plan") else 0


def _record(path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    return record


def _rows_of(path: Path) -> int:
    return path.stat().st_size // BATCH_BYTES if path.exists() else 0


def _finished(work: Path, record: dict[str, Any], batches: int) -> int:
    """Batches whose output is written, by the bytes of it beyond those on record."""
    made = record.get("made") or {}
    name = "made/documents/part-00000.jsonl"
    path = work / name
    known, finished = made.get(name, 0), record.get("finished", 0)
    if not path.exists() or not known:
        return int(finished)
    beyond = path.stat().st_size - known
    return min(batches, int(finished + max(0, round(beyond * finished / known))))


def _processes(group: int) -> list[str]:
    """Processes of a group that are still there a moment after its parent has ended."""
    for _ in range(100):
        found = list(_members(group))
        if not found:
            return []
        time.sleep(0.05)
    return found


def _members(group: int) -> Iterator[str]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            yield status.parent.name


def _output(clean: Path) -> dict[str, bytes]:
    return {
        path.relative_to(clean).as_posix(): path.read_bytes()
        for path in sorted(clean.rglob("*"))
        if path.is_file() and ".cleaner" not in path.parts
    }


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def _print(tallies: list[Tally]) -> None:
    print(
        "| workers | kills | runs | batches of a run | marked again, written again | "
        "share of a run done again for a kill | result |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for tally in tallies:
        result = "; ".join(tally.wrong) or "the same bytes, nothing left over"
        print(
            f"| {tally.workers} | {tally.kills} | {tally.runs} | {tally.batches} | "
            f"{tally.marked_again}, {tally.finished_again} | {tally.again():.1%} | {result} |"
        )


if __name__ == "__main__":
    main()
