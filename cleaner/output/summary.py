"""The summary of a run, read again, and the files that it says the run wrote."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.digests import digest_of
from cleaner.errors import CleanerError, UsageError
from cleaner.losses.warning import LossWarning
from cleaner.output.faults import Fault, FaultKind
from cleaner.output.rows import load_exactly
from cleaner.output.shapes import what_is_wrong
from cleaner.output_formats import check_libraries
from cleaner.rule import OwnRules
from cleaner.schema import OF_THE_RUN
from cleaner.written import FOLDERS, OUTPUT_NAME

SUMMARY = "summary.json"
AGAINST = "against"
"""A key that is there only where the run was compared with an index."""
KEYS = {"configuration", "versions", "counts", "skipped", "misnamed", "warnings", "files"}
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class WrittenSummary:
    """What `summary.json` says."""

    config: Config
    versions: Mapping[str, str]
    counts: Mapping[str, Any]
    warnings: Sequence[LossWarning]
    files: Mapping[str, str]
    """The digest of each file of the output but itself."""
    against: Mapping[str, Any] | None = None
    """The index that the run was compared with."""


def read_summary(clean: Path) -> WrittenSummary:
    """The summary of a finished output.

    Raises:
        UsageError: there is no such folder, no run has written to it, or the library that its
            format needs is not installed.
        CleanerError: the summary is damaged.

    """
    if not clean.is_dir():
        raise UsageError(f"there is no folder {clean}; name the output folder of a run")
    path = clean / SUMMARY
    if not path.exists():
        raise UsageError(f"{clean} holds no {SUMMARY}; name the output folder of a finished run")
    try:
        summary = _summary(load_exactly(path.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError, UsageError, RecursionError) as error:
        raise CleanerError(
            f"{path} cannot be read ({type(error).__name__}: {error}); without it nothing can be "
            "told of the output: make it again with cleaner run and --overwrite"
        ) from None
    check_libraries(summary.config)
    return summary


def _summary(row: Mapping[str, Any]) -> WrittenSummary:
    if set(row) - {AGAINST} != KEYS:
        raise ValueError(f"its keys are not {', '.join(sorted(KEYS))}")
    options = dict(row["configuration"])
    missing = {one.name for one in fields(Config)} - {*options, *OF_THE_RUN}
    if missing:
        raise ValueError(f"option {', '.join(sorted(missing))} is missing")
    options["own_rules"] = OwnRules.from_row(options["own_rules"])
    for part in ("versions", "counts", "files"):
        if not isinstance(row[part], dict):
            raise TypeError(f"{part} is no object")
    if not all(isinstance(one, str) and DIGEST.fullmatch(one) for one in row["files"].values()):
        raise ValueError("files holds something other than digests")
    against = row.get(AGAINST)
    if against is not None and not isinstance(against.get("removed"), int):
        raise TypeError("what it says of an index holds no number of removed copies")
    warnings = tuple(map(_warning, row["warnings"]))
    return WrittenSummary(
        Config(**options), row["versions"], row["counts"], warnings, row["files"], against
    )


def _warning(row: Mapping[str, Any]) -> LossWarning:
    wrong = what_is_wrong(row, "warnings")
    if wrong:
        raise ValueError(f"of a warning {wrong}")
    return LossWarning(**row)


def changed_files(clean: Path, summary: WrittenSummary) -> Iterator[Fault]:
    """The files that are not byte for byte as the run wrote them, and those that it did not."""
    for name, digest in summary.files.items():
        path = clean / name
        try:
            if not OUTPUT_NAME.fullmatch(name) or digest_of(path) != digest:
                yield Fault(FaultKind.CHANGED, name, "it is not as the run wrote it")
        except OSError as error:
            yield Fault(FaultKind.MISSING, name, f"it cannot be read: {error.strerror}")
    for name in _names_below(clean):
        if OUTPUT_NAME.fullmatch(name) and name not in summary.files:
            yield Fault(FaultKind.CHANGED, name, "the run did not write it")


def other_files(clean: Path) -> Iterator[Fault]:
    """The files that lie where tools would read them as output, whatever they are called."""
    for name in _names_below(clean):
        is_hidden = name.rpartition("/")[2].startswith(".")
        if not is_hidden and not OUTPUT_NAME.fullmatch(name):
            yield Fault(FaultKind.CHANGED, name, "the run did not write it; move it elsewhere")


def _names_below(clean: Path) -> Iterator[str]:
    """The files in the folders of numbered files, and below."""
    for path in sorted(path for folder in FOLDERS for path in (clean / folder).rglob("*")):
        if path.is_file():
            yield path.relative_to(clean).as_posix()
