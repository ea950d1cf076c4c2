"""What tests share: the real command line, rows of output, and the settings of hypothesis."""

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import HealthCheck, settings

from cleaner import job
from cleaner.engines import Attempt

collect_ignore = ["guarded"]

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "raw"
SHARED = ROOT.parent / "shared"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 4 << 30

# Machines are shared and noisy: no deadline, and no failure for being slow.
settings.register_profile(
    "cleaner", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("long", settings.get_profile("cleaner"), max_examples=2000)
settings.load_profile("cleaner")


# A shell that starts the tests in the background, or nohup, has them ignore these, and so would the
# programs that they start and end.
for request, answer in {"SIGINT": signal.default_int_handler, "SIGHUP": signal.SIG_DFL}.items():
    if signal.getsignal(getattr(signal, request)) is signal.SIG_IGN:
        signal.signal(getattr(signal, request), answer)


def pytest_configure(config: pytest.Config) -> None:
    """Let what tests write be in memory, where there is room for it and TMPDIR names no folder.

    They make and delete some hundred thousand small files, and on a disk wait for it half of the
    time. The folder goes when they are done; `--basetemp` names one that stays.
    """
    is_worker = hasattr(config, "workerinput")  # which has the environment of the one that began it
    if is_worker or "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    if shutil.disk_usage(MEMORY).free >= ROOM:
        folder = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="cleaner-tests-", dir=MEMORY)
        tempfile.tempdir = None
        # Done last: multiprocessing has a folder of its own in it, and deletes that when it ends.
        Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=-200)


class Inline:
    """An engine that has no processes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function: Callable[[Any, Attempt], Any], items: Iterable[Any]) -> Iterator[Any]:
        """The results of the items, one after the other."""
        return (function(item, Attempt()) for item in items)


engine_for = job.engine_for


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let runs that a test asks for, with one worker, do without it, as there are thousands.

    Those by the command line have theirs, and those of tests marked `processes`.
    """
    needs_processes = item.get_closest_marker("processes") is not None
    job.engine_for = lambda config: (
        engine_for(config) if needs_processes or config.workers > 1 else Inline()
    )


@dataclass(frozen=True)
class Output:
    """The rows of an output folder."""

    documents: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    dropped: list[dict[str, Any]]
    summary: dict[str, Any]

    def document(self, name: str) -> dict[str, Any]:
        return next(row for row in self.documents if row["id"] == name)

    def left(self, name: str) -> list[str]:
        """Kept and removed together: every position from 0, none twice. Parts are still out."""
        rows = [row for row in self.removed if row["id"] == name and row["at"] is None]
        gone = {row["position"]: row["text"] for row in rows}
        texts = [row["text"] for row in self.documents if row["id"] == name]
        kept = iter(texts[0].split("\n\n") if texts else ())
        total = len(gone) + (len(texts[0].split("\n\n")) if texts else 0)
        return [gone[at] if at in gone else next(kept) for at in range(total)]

    def paragraphs(self, name: str) -> list[str]:
        """As promised: what was read, with parts put back from the last to the first."""
        whole = self.left(name)
        rows = [row for row in self.removed if row["id"] == name and row["at"] is not None]
        for row in reversed(rows):
            text, at = whole[row["position"]], row["at"]
            whole[row["position"]] = text[:at] + row["text"] + text[at:]
        return whole


def read_output(clean: Path) -> Output:
    def rows(*paths: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]

    return Output(
        rows(*sorted((clean / "documents").glob("*.jsonl"))),
        rows(*sorted((clean / "removed").glob("*.jsonl"))),
        rows(clean / "rejected.jsonl"),
        rows(clean / "dropped.jsonl"),
        json.loads((clean / "summary.json").read_bytes()),
    )


def output_bytes(clean: Path) -> dict[str, bytes]:
    """Every file that a run wrote for its users, by name."""
    return {
        path.relative_to(clean).as_posix(): path.read_bytes()
        for path in sorted(clean.rglob("*"))
        if path.is_file() and ".cleaner" not in path.parts
    }


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def cleaner(
    *arguments: object, environment: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the real command line; `environment` is added to that of the tests.

    What it says of its progress is left out, as it depends on how long things take.
    """
    environment = os.environ | {"COLUMNS": "100"} | dict(environment or {})
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=environment,
        **options,
    )
    done.stderr = without_progress(done.stderr)
    return done


def without_progress(error: str) -> str:
    """The standard error of a run but for what it says now and then."""
    return re.sub(
        r"^cleaner: (?:reading and|finding dup|writing\b).*\n", "", error, flags=re.MULTILINE
    )


def shared_rows(name: str) -> list[dict[str, Any]]:
    """Rows of the shared data; the test is skipped where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"there is no {path.name} beside the repository")
    data = path.read_bytes()
    unpacked = gzip.decompress(data) if path.suffix == ".gz" else data
    return [json.loads(line) for line in unpacked.splitlines()]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return tmp_path / "clean"
