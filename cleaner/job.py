"""One run from folder to folder: what it is asked, what it does around the phases, what it says."""

import errno
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from cleaner.config import Config
from cleaner.digests import digest_of
from cleaner.engines import LocalEngine, Preparation
from cleaner.errors import CleanerError
from cleaner.head_start import PRELOADED
from cleaner.losses.judgement import warnings_of
from cleaner.losses.warning import LossWarning
from cleaner.memory import affordable_workers, keeps_workers, limits_of
from cleaner.pipeline import LOSSES, MADE, Progress, run_phases
from cleaner.rules import ruleset_for
from cleaner.stages.discover import Inventory, take_inventory
from cleaner.versions import versions
from cleaner.workspace import (
    RunIdentity,
    check_apart,
    input_digest,
    is_done,
    opened,
    publish,
    work_folder,
    write_durably,
)

SUMMARY = "summary.json"

LISTED_SKIPPED = 20
"""Names given in the summary for each kind of file that is not read."""

OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, as it also stands in `summary.json`."""

    counts: Mapping[str, Any]
    skipped: Mapping[str, Mapping[str, Any]]
    """For each kind of file that was not read: how many, and the first of their names."""
    warnings: tuple[LossWarning, ...] = ()
    """Where far more was lost than elsewhere, and what to do: at most the 1,000 largest losses."""
    was_done: bool = False
    """The folder already held the output of just this run, and nothing was done."""


def run(
    raw: str | Path,
    clean: str | Path,
    config: Config | None = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Clean every file below RAW and write the result to CLEAN.

    Args:
        raw: a folder of `.txt`, `.html`, `.htm` and `.jsonl` files, each also with `.gz` or
            `.zst`; or one such file.
        clean: the folder for the output. Files in it that are not a run's output stay untouched.
        config: the options; the defaults if None.
        overwrite: replace the output of an earlier run that had other input or options.
        progress: called with a phase's name, how much of it is done, and how much there is.

    Returns:
        The counts. Without `overwrite`, output that this very run has made before is left as it is.

    Raises:
        CleanerError: the run cannot start or go on; the message says what to do.

    """
    raw, clean = Path(raw), Path(clean)
    config = config or Config()
    # A rule that does not exist is an error before any work.
    ruleset_for(config.disabled_rules, config.own_rules)
    try:
        check_apart(raw, clean)
        inventory = take_inventory(raw)
        with opened(clean):
            return _run_once(inventory, clean, config, overwrite, progress or _silent)
    except OSError as error:
        raise _explained(error, clean) from error


def _run_once(
    inventory: Inventory, clean: Path, config: Config, overwrite: bool, progress: Progress
) -> Summary:
    identity = RunIdentity(config.output_options(), versions(), input_digest(inventory.files))
    if not overwrite and is_done(clean, identity):
        return _earlier_summary(clean)
    with work_folder(clean) as work:
        with _engine(config) as engine:
            counts, files = run_phases(inventory, config, engine, work, progress)
        warnings = warnings_of(sorted((work / LOSSES).iterdir()), config, work)
        summary = Summary(counts.as_row(), _skipped(inventory), warnings)
        digests = {file.as_posix(): digest_of(work / MADE / file) for file in files}
        write_durably(work / MADE / SUMMARY, _summary_json(summary, identity, digests))
        publish(clean, work / MADE, (*files, Path(SUMMARY)), identity)
    return summary


def _engine(config: Config) -> LocalEngine:
    rules = ruleset_for(config.disabled_rules, config.own_rules)
    return LocalEngine(
        affordable_workers(config),
        Preparation(PRELOADED, partial(rules.match, "line")),
        limits_of(config),
        keeps_workers=keeps_workers(config),
    )


def _earlier_summary(clean: Path) -> Summary:
    try:
        row = orjson.loads((clean / SUMMARY).read_bytes())
        warnings = tuple(LossWarning(**one) for one in row["warnings"])
        return Summary(row["counts"], row["skipped"], warnings, was_done=True)
    except (orjson.JSONDecodeError, LookupError, TypeError):
        raise CleanerError(
            f"{clean / SUMMARY} is damaged; add --overwrite to make the output again"
        ) from None


def _skipped(inventory: Inventory) -> Mapping[str, Mapping[str, Any]]:
    numbers = Counter(kind for kind, _ in inventory.skipped)
    return {
        kind: {
            "files": number,
            "names": [name for other, name in inventory.skipped if other == kind][:LISTED_SKIPPED],
        }
        for kind, number in sorted(numbers.items())
    }


def _summary_json(summary: Summary, identity: RunIdentity, digests: Mapping[str, str]) -> bytes:
    """The summary as a file: nothing in it depends on when, where or by how many it was made."""
    row = {
        "configuration": identity.options,
        "versions": identity.versions,
        "counts": summary.counts,
        "skipped": summary.skipped,
        "warnings": [warning.as_row() for warning in summary.warnings],
        "files": digests,
    }
    return orjson.dumps(row, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _explained(error: OSError, clean: Path) -> CleanerError:
    if error.errno in OUT_OF_SPACE:
        return CleanerError(
            f"the disk of {clean} is full ({error.strerror}); "
            "free some space and give the same command again"
        )
    where = f": {error.filename}" if error.filename else ""
    return CleanerError(f"the run cannot go on: {error.strerror or error}{where}")


def _silent(phase: str, done: int, total: int) -> None:
    """Tell nobody."""
