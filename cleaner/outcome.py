"""What came of a run: the summary that it gives back, and that stands beside its output."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from cleaner.errors import CleanerError
from cleaner.identity import RunIdentity
from cleaner.losses.warning import LossWarning

SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True)
class Before:
    """How far a run was when it was cut off, and when this one went on."""

    read: float
    """Share of the input, from 0 to 1."""
    written: float
    """Share of what was read that was also written: 1 where all of it was read and written."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, as it also stands in `summary.json`."""

    counts: Mapping[str, Any]
    skipped: Mapping[str, Mapping[str, Any]]
    """For each kind of what was not read: how many `files`, or `records` and members of files, and
    the first of their names."""
    misnamed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """For each kind of file that was known by what is in it, against its name: the same."""
    warnings: tuple[LossWarning, ...] = ()
    """Where far more was lost than elsewhere, and what to do: at most the 1,000 largest losses."""
    was_done: bool = False
    """The folder already held the output of just this run, and nothing was done."""
    leaves_work: bool = False
    """Beside that output the folder holds the work of a run, begun to replace it, that has not
    finished. It was left as it is."""
    before: Before | None = None
    """What was not done again."""
    against: Mapping[str, Any] | None = None
    """The index that it was compared with, and how many paragraphs went as copies of it."""


def earlier_summary(clean: Path) -> Summary:
    """The summary of an output that is there.

    Raises:
        CleanerError: it is damaged.

    """
    try:
        row = orjson.loads((clean / SUMMARY).read_bytes())
        warnings = tuple(LossWarning(**one) for one in row["warnings"])
        found = (row["counts"], row["skipped"], row["misnamed"], warnings)
        return Summary(*found, was_done=True, against=row.get("against"))
    except (orjson.JSONDecodeError, LookupError, TypeError):
        raise CleanerError(
            f"{clean / SUMMARY} is damaged; add --overwrite to make the output again"
        ) from None


def summary_json(summary: Summary, identity: RunIdentity, digests: Mapping[str, str]) -> bytes:
    """The summary as a file: nothing in it depends on when, where or by how many it was made."""
    row = {
        "configuration": identity.options,
        "versions": identity.versions,
        "counts": summary.counts,
        "skipped": summary.skipped,
        "misnamed": summary.misnamed,
        "warnings": [warning.as_row() for warning in summary.warnings],
        "files": digests,
    }
    if summary.against is not None:
        row["against"] = summary.against
    return orjson.dumps(row, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
