"""What the benchmarks share: reading paragraphs, naming the machine, running a rival once."""

import gzip
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

LEAST_WORDS = 10
SCRIPTS = Path(__file__).resolve().parent / "rivals"


@dataclass(frozen=True, slots=True)
class Rival:
    """One way of one program to search for copies."""

    label: str
    script: str
    way: str | None = None
    """Value of the script's option `--way`; none where it has but one."""
    ours: bool = False
    """Runs with this Python and not with that of the rivals."""
    takes_threshold: bool = True


RIVALS = (
    Rival("cleaner", "with_cleaner.py", ours=True),
    Rival("datasketch", "with_datasketch.py"),
    Rival("rensa, deduplicator", "with_rensa.py", "deduplicator"),
    Rival("rensa, LSH", "with_rensa.py", "lsh"),
    Rival("rensa, rho first", "with_rensa.py", "rho"),
    Rival("text-dedup", "with_text_dedup.py"),
    Rival("datatrove, nearest", "with_datatrove.py", "nearest"),
    Rival("datatrove, default", "with_datatrove.py", "default", takes_threshold=False),
    Rival("dolma, n-grams", "with_dolma.py", "ngrams"),
    Rival("dolma, exact", "with_dolma.py", "exact", takes_threshold=False),
)


class RivalFailedError(Exception):
    """A rival is not installed or stopped; holds the last line that it said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rival wrote, and what its process took."""

    answer: dict[str, Any]
    peak_megabytes: float


def documents(path: Path, rows: int | None = None) -> Iterator[list[str]]:
    """For each row, or the first so many, its lines of at least ten words."""
    for text in texts(path, rows):
        lines = (line.strip() for line in text.split("\n"))
        yield [line for line in lines if len(line.split()) >= LEAST_WORDS]


def texts(path: Path, rows: int | None = None) -> Iterator[str]:
    """The text of each row, or of the first so many."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        for line in islice(stream, rows):
            yield json.loads(line)["text"]


def write_paragraphs(paragraphs: Iterable[str], path: Path) -> int:
    """Write the rows that the rivals read; gives back how many."""
    number = 0
    with path.open("w", encoding="utf-8") as out:
        for text in paragraphs:
            out.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
            number += 1
    return number


def machine() -> dict[str, str | int | None]:
    """Cores, processor, system and Python."""
    processor = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    return {
        "cores": os.cpu_count(),
        "processor": processor,
        "system": platform.system(),
        "python": platform.python_version(),
    }


def run_rival(rival: Rival, rivals_python: str, paragraphs: Path, threshold: float) -> Outcome:
    """One search in a process of its own, on one thread."""
    python = sys.executable if rival.ours else rivals_python
    if shutil.which(python) is None:
        raise RivalFailedError(f"there is no Python at {python}")
    with tempfile.TemporaryDirectory() as name:
        output, said = Path(name) / "output.json", Path(name) / "said"
        command = [python, str(SCRIPTS / rival.script), str(paragraphs), str(threshold)]
        command += [str(output), *(["--way", rival.way] if rival.way else [])]
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
        with (
            said.open("w+b") as stream,
            subprocess.Popen(  # noqa: S603 - ours
                command, stdout=stream, stderr=stream, env=os.environ | one_thread
            ) as process,
        ):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise RivalFailedError(lines[-1] if lines else f"exit code {process.returncode}")
        answer = json.loads(output.read_text(encoding="utf-8"))
    return Outcome(answer, usage.ru_maxrss / 1024)


def installed(
    rivals_python: str, rivals: Iterable[Rival] = RIVALS
) -> tuple[dict[Rival, str], dict[str, str]]:
    """The rivals that find the one copy in a trial, with their versions; why others do not."""
    text = "The ferry turned back in the storm, and nobody on board was hurt."
    versions: dict[Rival, str] = {}
    reasons: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name) / "trial.jsonl"
        write_paragraphs(
            [text, "Twelve other words stand here, so that one of three stays alone.", text], trial
        )
        for rival in rivals:
            try:
                answer = run_rival(rival, rivals_python, trial, 0.8).answer
            except RivalFailedError as error:
                reasons[rival.label] = str(error)
                continue
            if len(answer["removed"]) == 1:
                versions[rival] = answer["version"]
            else:
                reasons[rival.label] = f"in a trial with one copy it removed {answer['removed']}"
    for label, reason in reasons.items():
        print(f"left out: {label}: {reason}")
    return versions, reasons


def save_report(path: Path | None, report: dict[str, Any]) -> None:
    """Write a report as JSON, if a file was named for it."""
    if path:
        path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def progress(what: str) -> None:
    """A line to the terminal, apart from the table."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
