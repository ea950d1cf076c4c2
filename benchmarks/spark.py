"""What the job takes on Spark, beside processes of one machine: time, memory, bytes shuffled.

usage: spark.py [--sizes 80000,320000,2000000] [--crowd 0.01] [--raw FOLDER] [--json OUT]
                [--work FOLDER]

Each size is a number of paragraphs of a corpus by make_corpus.py, or `--raw` names a corpus. It is
cleaned by two processes of this machine, and by a master and two workers on its loopback address
(spark_cluster.py); the bytes of both outputs must be the same. Memory is PSS, at its peak, of all
processes together. Shuffled are the bytes that tasks wrote for others, as Spark's event log has it.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from growth import machine, watched
from make_corpus import Shares, write_corpus

PROGRAM = (sys.executable, "-m", "cleaner", "run")
HERE = Path(__file__).parent
COLUMNS = ("paragraphs", "engine", "wall s", "CPU s", "PSS MB", "disk MB", "shuffled B", "same")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took."""

    paragraphs: int
    engine: str
    wall_seconds: float
    cpu_seconds: float
    peak_pss_bytes: int
    peak_disk_bytes: int
    shuffled_bytes: int
    is_same: bool

    def row(self) -> str:
        """A row of the table."""
        figures = (
            f"{self.paragraphs:,}",
            self.engine,
            f"{self.wall_seconds:,.0f}",
            f"{self.cpu_seconds:,.0f}",
            f"{self.peak_pss_bytes / 1e6:,.0f}",
            f"{self.peak_disk_bytes / 1e6:,.0f}",
            f"{self.shuffled_bytes / max(self.paragraphs, 1):,.0f}",
            "yes" if self.is_same else "NO",
        )
        return " ".join(f"{figure:>11}" for figure in figures)


def output_of(clean: Path) -> dict[str, bytes]:
    """Every file of an output, by name."""
    return {
        path.relative_to(clean).as_posix(): path.read_bytes()
        for path in clean.rglob("*")
        if path.is_file() and ".cleaner" not in path.parts
    }


def compared(raw: Path, work: Path) -> Iterator[Measured]:
    """Clean a corpus by both engines."""
    local, spark, events = work / "local", work / "spark", work / "events"
    events.mkdir()
    told = work / "output.txt"
    seconds, watch = watched([*PROGRAM, str(raw), str(local), "--workers", "2"], local, told)
    counts = json.loads((local / "summary.json").read_bytes())["counts"]
    paragraphs = counts["paragraphs"]["read"]

    def measured(engine: str, shuffled: int, same: bool) -> Measured:
        used = (sum(watch.cpu.values()), watch.pss, watch.disk, shuffled)
        return Measured(paragraphs, engine, seconds, *used, same)

    yield measured("local", 0, same=True)
    settings = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": events.as_uri(),
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
        "spark.ui.enabled": "false",
    }
    words = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    words += ["--driver-memory", "1g", "pyspark-shell"]
    os.environ["PYSPARK_SUBMIT_ARGS"] = " ".join(words)
    command = [sys.executable, str(HERE / "spark_cluster.py"), *PROGRAM, str(raw), str(spark)]
    command += ["--engine", "spark", "--master", "{master}"]
    seconds, watch = watched(command, spark, told)
    same = output_of(local) == output_of(spark)
    yield measured("spark", shuffled_bytes(events), same=same)


def shuffled_bytes(events: Path) -> int:
    """The bytes that tasks wrote for others."""
    total = 0
    for path in events.iterdir():
        for line in path.read_text("utf-8").splitlines():
            total += sum(int(one) for one in re.findall(r'"Shuffle Bytes Written":(\d+)', line))
    return total


def main() -> None:
    """Measure each size, print its rows, and keep the figures so far."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="80000,320000,2000000")
    parser.add_argument("--crowd", type=float, default=0.01)
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--work", type=Path)
    given = parser.parse_args()
    runs: list[Measured] = []
    print(" ".join(f"{name:>11}" for name in COLUMNS))
    for size in [0] if given.raw else [int(size) for size in given.sizes.split(",")]:
        with tempfile.TemporaryDirectory(dir=given.work) as name:
            raw = given.raw
            if raw is None:
                raw = Path(name) / "raw"
                write_corpus(raw, size, Shares(crowd=given.crowd), seed=1)
            for one in compared(raw, Path(name)):
                runs.append(one)
                print(one.row(), flush=True)
        if given.json:
            report = {"machine": machine(), "runs": [asdict(run) for run in runs]}
            given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
