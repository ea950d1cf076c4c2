"""How time, memory and disk grow with the corpus: the real command line, on made-up text.

usage: growth.py [--sizes 80000,320000,1280000] [--large 5120000] [--memory 1024] [--workers 2]
                 [--json OUT] [--work FOLDER]

For each number of paragraphs a corpus is made (make_corpus.py), cleaned, measured and deleted;
`--large` is the last of the sizes, and 0 leaves it out. `--memory 0` leaves that option of the
cleaner at its default. `--work` names a folder on the disk to be used; about 6 times the largest
corpus must be free there.

Measured are wall seconds, CPU seconds of all processes, and peaks: of the memory of all processes
together, every 0.1 s, and of the disk used below the output folder, every second. Memory is told
twice: RSS counts shared pages once for each process, PSS, read less often, once in all.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from make_corpus import Shares, write_corpus

PROCESSES_EVERY, DISK_EVERY = 0.1, 1.0
"""Seconds between two looks."""
PSS_EVERY, NEW_HEIGHT = 5, 1.01
"""PSS takes long to read, so it is at every fifth look, and when RSS outgrows its peak so far."""

PHASE = re.compile(r"^\s*(\S.*?)\s+([\d,]+\.\d+) s$", re.MULTILINE)
"""A row of the closing table that tells seconds."""

COLUMNS = ("paragraphs", "input MB", "wall s", "CPU s", "MB/s", "PSS MB", "RSS MB", "disk MB")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took."""

    paragraphs: int
    input_bytes: int
    wall_seconds: float
    cpu_seconds: float
    phase_seconds: dict[str, float]
    peak_pss_bytes: int
    """0 where the system does not tell it."""
    peak_rss_bytes: int
    peak_disk_bytes: int
    paragraphs_read: int
    paragraphs_removed: dict[str, int]
    """By reason."""


@dataclass(slots=True)
class Watch:
    """What is seen of a process and all below it, and of a folder. Peaks are in bytes."""

    process: psutil.Process
    folder: Path
    pss: int = 0
    rss: int = 0
    disk: int = 0
    looks: int = 0
    cpu: dict[psutil.Process, float] = field(default_factory=dict)
    """Seconds of each process, as last seen."""

    def look_at_processes(self) -> None:
        """Add up the memory of all processes. What ends meanwhile counts as nothing."""
        rss, tree = 0, self._tree()
        for process in tree:
            with suppress(psutil.Error):
                times = process.cpu_times()
                self.cpu[process] = times.user + times.system
                rss += process.memory_info().rss
        if rss > NEW_HEIGHT * self.rss or self.looks % PSS_EVERY == 0:
            self.pss = max(self.pss, pss_of(tree))
        self.rss = max(self.rss, rss)
        self.looks += 1

    def _tree(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            return [self.process, *self.process.children(recursive=True)]
        return []

    def look_at_disk(self) -> None:
        """Add up the folder."""
        self.disk = max(self.disk, disk_used(self.folder))


def pss_of(processes: Iterable[psutil.Process]) -> int:
    """Bytes of memory of some processes, shared pages once."""
    pss = 0
    for process in processes:
        with suppress(psutil.Error):
            pss += getattr(process.memory_full_info(), "pss", 0)
    return pss


def disk_used(folder: Path) -> int:
    """Bytes taken on the disk by what is below a folder. Files come and go while it looks."""
    used = 0
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    used += disk_used(Path(entry))
                else:
                    used += entry.stat(follow_symlinks=False).st_blocks * 512
    return used


@contextmanager
def repeated(look: Callable[[], None], every: float) -> Iterator[None]:
    """Look again and again, from a thread of its own, for as long as the block runs."""
    ended = threading.Event()

    def keep_looking() -> None:
        while not ended.is_set():
            look()
            ended.wait(every)

    thread = threading.Thread(target=keep_looking)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def watched(command: list[str], clean: Path, output: Path) -> tuple[float, Watch]:
    """Run a command to its end. Its wall seconds, and what was seen meanwhile."""
    started = time.perf_counter()
    with (
        output.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as process,  # noqa: S603 - ours
    ):
        watch = Watch(psutil.Process(process.pid), clean)
        with (
            repeated(watch.look_at_processes, PROCESSES_EVERY),
            repeated(watch.look_at_disk, DISK_EVERY),
        ):
            process.wait()
            seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"{command} left with {process.returncode}:\n{output.read_text()[-2000:]}")
    watch.look_at_disk()
    return seconds, watch


def measure(paragraphs: int, options: list[str], work: Path) -> tuple[Measured, dict[str, str]]:
    """Make a corpus, clean it, and say what that took and the versions that did it."""
    raw, clean, output = work / "raw", work / "clean", work / "output.txt"
    made = write_corpus(raw, paragraphs, Shares(), seed=1)
    command = [sys.executable, "-m", "cleaner", "run", str(raw), str(clean), *options]
    seconds, watch = watched(command, clean, output)
    told = PHASE.findall(output.read_text())
    phases = {name: float(number.replace(",", "")) for name, number in told if name != "time"}
    summary = json.loads((clean / "summary.json").read_bytes())
    counted = summary["counts"]["paragraphs"]
    measured = Measured(
        paragraphs=paragraphs,
        input_bytes=made.bytes,
        wall_seconds=round(seconds, 2),
        cpu_seconds=round(sum(watch.cpu.values()), 2),
        phase_seconds=phases,
        peak_pss_bytes=watch.pss,
        peak_rss_bytes=watch.rss,
        peak_disk_bytes=watch.disk,
        paragraphs_read=counted["read"],
        paragraphs_removed=counted["removed_by_reason"],
    )
    shutil.rmtree(raw)
    shutil.rmtree(clean)
    return measured, {**summary["versions"], "psutil": version("psutil")}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    told = ""
    with suppress(OSError):
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*: (.+)$", told, re.MULTILINE)
    return {
        "cores": len(psutil.Process().cpu_affinity()),
        "processor": model[1] if model else platform.processor(),
        "memory_megabytes": psutil.virtual_memory().total >> 20,
        "system": platform.system(),
        "python": platform.python_version(),
    }


def row_of(run: Measured, before: Measured | None) -> str:
    """A row of the table, with the growth since the size before."""
    megabytes = run.input_bytes / 1e6
    peaks = (run.peak_pss_bytes / 1e6, run.peak_rss_bytes / 1e6, run.peak_disk_bytes / 1e6)
    wall = run.wall_seconds
    figures = (megabytes, wall, run.cpu_seconds, megabytes / wall, *peaks)
    row = f"{run.paragraphs:10,}" + "".join(f" {figure:10,.1f}" for figure in figures)
    if before is None:
        return row
    growth = (run.input_bytes / before.input_bytes, wall / before.wall_seconds)
    return f"{row}   {growth[0]:.2f} / {growth[1]:.2f}"


def main() -> None:
    """Measure each size, print its row, and keep the figures so far."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="80000,320000,1280000")
    parser.add_argument("--large", type=int, default=5_120_000)
    parser.add_argument("--memory", type=int, default=1024)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--work", type=Path)
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")] + [given.large] * (given.large > 0)
    options = ["--workers", str(given.workers)]
    options += ["--memory", str(given.memory)] if given.memory else []
    runs: list[Measured] = []
    print(" ".join(f"{name:>10}" for name in COLUMNS), "  growth of input / of time")
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=given.work) as work:
            measured, versions = measure(size, options, Path(work))
        runs.append(measured)
        print(row_of(measured, runs[-2] if len(runs) > 1 else None), flush=True)
        for name, seconds in measured.phase_seconds.items():
            print(f"           {name}: {seconds:,.1f} s")
        if given.json:
            told = {"machine": machine(), "versions": versions, "options": options}
            report = {**told, "runs": [asdict(run) for run in runs]}
            given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
