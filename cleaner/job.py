"""One run from folder to folder: what it is asked, what it does around the phases, what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import orjson

from cleaner import disk
from cleaner.apart import check_apart
from cleaner.config import Config
from cleaner.digests import digest_of
from cleaner.durable import write_durably
from cleaner.engines import LocalEngine, Preparation
from cleaner.errors import CleanerError
from cleaner.finished import LOSSES, MADE
from cleaner.formats.extras import check_extras, libraries_for
from cleaner.head_start import PRELOADED
from cleaner.identity import LISTING, InputChangedError, RunIdentity, with_digests
from cleaner.intake import read_before
from cleaner.journal import Journal
from cleaner.log import log_resumed, logged
from cleaner.losses.judgement import warnings_of
from cleaner.losses.warning import LossWarning
from cleaner.memory import affordable_workers, keeps_workers, limits_of
from cleaner.output_formats import check_libraries
from cleaner.pipeline import Progress, run_phases, silent
from cleaner.rules import ruleset_for
from cleaner.stages.discover import Inventory, take_inventory
from cleaner.stages.skips import listed
from cleaner.versions import versions
from cleaner.workspace import (
    RUN,
    begun_work,
    discard_work,
    has_work,
    is_done,
    opened,
    publish,
)

SUMMARY = "summary.json"

GOES_ON = "the same command goes on where it stopped"


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


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told while a run goes on, beside the log."""

    progress: Progress
    resumed: Callable[[Before], None]

    @classmethod
    def of(
        cls, progress: Progress | None = None, resumed: Callable[[Before], None] | None = None
    ) -> Self:
        """These, or nobody in their place; the log is told in any case."""
        return cls(logged(progress or silent), resumed or _nobody)


def run(  # noqa: PLR0913 - the input, the output, the options, and who is told
    raw: str | Path,
    clean: str | Path,
    config: Config | None = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
    resumed: Callable[[Before], None] | None = None,
) -> Summary:
    """Clean every file below RAW and write the result to CLEAN.

    A run that was cut off, however it was, goes on where it stopped when it is asked for again.

    Args:
        raw: a folder of texts, HTML pages, rows, web archives and archives of these, as the README
            lists them, packed or not; or one such file.
        clean: the folder for the output. Files in it that are not a run's output stay untouched.
        config: the options; the defaults if None.
        overwrite: replace the output of an earlier run that had other input or options, and
            discard the work of one that has not finished.
        progress: called with a phase's name, how much of it is done, and how much there is.
        resumed: called before all else with what need not be done again, if a run goes on.

    The logger `cleaner` has the same, and the warnings.

    Returns:
        The counts. Without `overwrite`, output that this very run has made before is left as it is.

    Raises:
        CleanerError: the run cannot start or go on; the message says what to do.

    """
    raw, clean = Path(raw), Path(clean)
    config = config or Config()
    # A rule that does not exist, or a library, is an error before any work.
    ruleset_for(config.disabled_rules, config.own_rules)
    check_libraries(config)
    try:
        check_apart(raw, clean)
        inventory = take_inventory(raw)
        check_extras(inventory.files)
        if config.input_identity == "content":
            inventory = with_digests(inventory)
        with opened(clean):
            heard = Listeners.of(progress, resumed)
            return run_once(inventory, clean, config, overwrite, heard)
    except OSError as error:
        raise explained(error, clean) from error


def run_once(
    inventory: Inventory, clean: Path, config: Config, overwrite: bool, heard: Listeners
) -> Summary:
    """Write what becomes of the input to an output folder, which the caller holds.

    Raises:
        CleanerError: the run cannot start or go on; the message says what to do.

    """
    libraries = versions(config.output_format, libraries_for(inventory.files))
    identity = RunIdentity(config.output_options(), libraries, inventory.files)
    if is_done(clean, identity, overwrite=overwrite):
        return replace(_earlier_summary(clean), leaves_work=has_work(clean))
    work = begun_work(clean, identity)
    try:
        with Journal(work) as journal:
            journal.wrote([work / RUN, work / LISTING])
            summary, files = make(inventory, config, journal, heard)
    except InputChangedError as error:
        raise _given_up(error, clean, work) from error
    except CleanerError as error:
        raise CleanerError(f"{error}; {GOES_ON}") from error
    digests = {file.as_posix(): digest_of(work / MADE / file) for file in files}
    write_durably(work / MADE / SUMMARY, _summary_json(summary, identity, digests))
    publish(clean, work / MADE, (*files, Path(SUMMARY)), identity)
    return summary


def _given_up(error: InputChangedError, clean: Path, work: Path) -> CleanerError:
    """What to do about a file that changed. The work stays where it can be gone on with."""
    _, recorded = read_before(work, Journal(work).recorded.columns)
    told = f"{error} while the run went on"
    if error.is_gone and 0 < recorded <= error.bytes_before:
        return CleanerError(
            f"{told}: put it back as it was, and {GOES_ON}; or add --overwrite to begin anew"
        )
    discard_work(clean)
    return CleanerError(
        f"{told}, and its output would be of no one input, so its work is given up: give the same "
        "command again, which begins anew, when nothing writes to the input"
    )


def make(
    inventory: Inventory, config: Config, journal: Journal, heard: Listeners
) -> tuple[Summary, tuple[Path, ...]]:
    """What the phases did, and the files that they left in the work folder."""
    work = journal.work
    with engine_for(config) as engine:
        before = _before(inventory, journal)
        if before:
            log_resumed(before.read, before.written)
            heard.resumed(before)
        counts, files = run_phases(inventory, config, engine, journal, heard.progress)
    warnings = warnings_of(sorted((work / LOSSES).iterdir()), config, work)
    skipped = {**listed(inventory.skipped), **journal.now.skipped}
    misnamed = listed(inventory.misnamed())
    return Summary(counts.as_row(), skipped, misnamed, warnings, before=before), files


def engine_for(config: Config) -> LocalEngine:
    """Worker processes, as the options and the memory allow."""
    rules = ruleset_for(config.disabled_rules, config.own_rules)
    return LocalEngine(
        affordable_workers(config),
        Preparation(PRELOADED, partial(rules.match, "line")),
        limits_of(config),
        keeps_workers=keeps_workers(config),
    )


def _before(inventory: Inventory, journal: Journal) -> Before | None:
    batches, size = read_before(journal.work, journal.now.columns)
    if not batches:
        return None
    total = sum(file.size for file in inventory.files)
    return Before(size / max(total, 1), journal.now.finished / batches)


def _earlier_summary(clean: Path) -> Summary:
    try:
        row = orjson.loads((clean / SUMMARY).read_bytes())
        warnings = tuple(LossWarning(**one) for one in row["warnings"])
        return Summary(row["counts"], row["skipped"], row["misnamed"], warnings, was_done=True)
    except (orjson.JSONDecodeError, LookupError, TypeError):
        raise CleanerError(
            f"{clean / SUMMARY} is damaged; add --overwrite to make the output again"
        ) from None


def _summary_json(summary: Summary, identity: RunIdentity, digests: Mapping[str, str]) -> bytes:
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
    return orjson.dumps(row, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def explained(error: OSError, clean: Path) -> CleanerError:
    """What an error of the system means for a run to a folder, and what to do."""
    what = disk.told(error, clean)
    if disk.is_full(error):
        return CleanerError(f"{what}: {GOES_ON}")
    if not has_work(clean):
        return CleanerError(f"the run cannot begin: {what}; name folders that can be used")
    return CleanerError(f"the run cannot go on: {what}; {GOES_ON}")


def _nobody(before: Before) -> None:
    """Tell nobody of what was done before."""
