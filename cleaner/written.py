"""Which files of an output folder a run has written, and that it holds no others of their names."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner.errors import UsageError

OUTPUT_NAME = re.compile(
    r"(documents|removed)/part-\d{5}\.(jsonl|jsonl\.gz|jsonl\.zst|parquet)"
    r"|signatures/part-\d{5}\.(npy|jsonl)|(dropped|rejected)\.jsonl|summary\.json"
)
"""The files that a run writes. Nothing else in the folder is ever touched."""

FOLDERS = ("documents", "removed", "signatures")
"""Those of numbered files."""

HIDDEN = ".cleaner"
STATE = "state.json"
"""Record of the run whose finished output the folder holds."""
WORK = "work"
RUN = "run.json"
"""Record, in the work folder, of the run whose work that is."""
SUMMARY = "summary.json"
INDEX = "index.json"
"""By this, and no record of a run, a folder is an index of an earlier corpus."""
NOTE = "readme"
"""A file that may lie in a folder before the first run, with any suffix, as hidden ones may."""
OF_SYSTEM = "lost+found"
"""What a new file system holds, for nobody but its owner to look into."""


def check_all_ours(clean: Path) -> None:
    """Refuse an output folder in which a run would mix its files with others, or replace these.

    Beside the output of a run anything may lie that is not called as its files are.

    Raises:
        UsageError: it names the first file that no run has written.

    """
    written = _written(clean)
    if written is None and not has_work(clean):
        if (clean / INDEX).exists():
            raise UsageError(f"{clean} is an index; name another folder for the output")
        for name in _others(clean):
            raise UsageError(
                f"{clean} holds {name}, which no run has written; name a new folder for the "
                "output, or that of an earlier run"
            )
    for name in sorted(files_below(clean)):
        if OUTPUT_NAME.fullmatch(name) and name not in (written or ()):
            raise UsageError(
                f"{clean} holds {name}, which no run has written, though it is called so; move it "
                "elsewhere, or name another folder for the output"
            )


def _written(clean: Path) -> set[str] | None:
    """The files that the records of a run say it has written; None if there are no records."""
    records = [_read(clean / HIDDEN / STATE), _read(clean / SUMMARY)]
    files = [one["files"] for one in records if isinstance(one, dict) and "files" in one]
    names = {name for one in files if isinstance(one, dict) for name in one}
    return names | {SUMMARY} if names else None


def _others(clean: Path) -> Iterator[str]:
    """What lies in a folder, but for hidden files, a note on what it is for, and empty folders."""
    for path in sorted(clean.iterdir()):
        is_note = path.name.lower().partition(".")[0] == NOTE or path.name == OF_SYSTEM
        if not path.name.startswith(".") and not is_note and not _is_empty(path):
            yield f"{path.name}/" if path.is_dir() else path.name


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever JSON the file holds
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def has_work(clean: Path) -> bool:
    """Whether the folder holds the work of a run that has not finished."""
    return work_record(clean) is not None


def work_record(clean: Path) -> Any:  # noqa: ANN401 - whatever JSON the file holds
    """The record of that run; None where it never was whole, and then nor was anything else."""
    return _read(clean / HIDDEN / WORK / RUN)


def files_below(clean: Path) -> Iterator[str]:
    """Names of the files that a run may have written: in the folder and its subfolders."""
    for folder in (clean, *(clean / kind for kind in FOLDERS)):
        if folder.is_dir():
            for path in folder.iterdir():
                if path.is_file():
                    yield path.relative_to(clean).as_posix()
