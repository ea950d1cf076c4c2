"""One run from folder to folder: what it is asked, what it does around the phases, what it says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from cleaner.config import Config
from cleaner.digests import digest_of
from cleaner.durable import write_durably
from cleaner.earlier.decisions import finished_run
from cleaner.earlier.extending import add_published, prepare
from cleaner.earlier.feed import (
    Feed,
    Indexes,
    has_nothing_to_do,
    identity_in,
    opened_indexes,
    told_of,
)
from cleaner.engines import LocalEngine, Preparation
from cleaner.errors import CleanerError
from cleaner.head_start import PRELOADED
from cleaner.identity import LISTING, InputChangedError, RunIdentity, with_digests
from cleaner.intake import read_before
from cleaner.journal import Journal
from cleaner.losses.judgement import warnings_of
from cleaner.losses.warning import LossWarning
from cleaner.memory import affordable_workers, keeps_workers, limits_of, search_memory
from cleaner.pipeline import LOSSES, MADE, Progress, run_phases
from cleaner.rules import ruleset_for
from cleaner.stages.discover import Inventory, take_inventory
from cleaner.trouble import GOES_ON, explained
from cleaner.versions import versions
from cleaner.workspace import (
    RUN,
    begun_work,
    check_apart,
    discard_work,
    is_done,
    opened,
    publish,
)

SUMMARY = "summary.json"

LISTED_SKIPPED = 20
"""Names given in the summary for each kind of file that is not read."""


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
    """For each kind of file that was not read: how many, and the first of their names."""
    warnings: tuple[LossWarning, ...] = ()
    """Where far more was lost than elsewhere, and what to do: at most the 1,000 largest losses."""
    was_done: bool = False
    """The folder already held the output of just this run, and nothing was done."""
    before: Before | None = None
    """What was not done again."""
    against: Mapping[str, Any] | None = None
    """The index that it was compared with, and how many paragraphs went as copies of it."""


def run(  # noqa: PLR0913 - each is a choice of who asks
    raw: str | Path,
    clean: str | Path,
    config: Config | None = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
    against: str | Path | None = None,
    save_index: str | Path | None = None,
) -> Summary:
    """Clean every file below RAW and write the result to CLEAN.

    A run that was cut off, however it was, goes on where it stopped when it is asked for again.

    Args:
        raw: a folder of `.txt`, `.html`, `.htm` and `.jsonl` files, each also with `.gz` or
            `.zst`; or one such file.
        clean: the folder for the output. Files in it that are not a run's output stay untouched.
        config: the options; the defaults if None.
        overwrite: replace the output of an earlier run that had other input or options, and
            discard the work of one that has not finished.
        progress: called with a phase's name, how much of it is done, and how much there is.
        against: the folder of an index; what copies a paragraph of the corpus that it is of goes.
        save_index: the folder of the index that this corpus is added to, made if it is not there.

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
        if config.input_identity == "content":
            inventory = with_digests(inventory)
        indexes = Indexes(*(Path(one) if one else None for one in (against, save_index)))
        with opened(clean), opened_indexes(indexes, config) as feed:
            asked = Asked(inventory, config, overwrite, progress or _silent, feed)
            return _run_once(asked, clean)
    except OSError as error:
        raise explained(error, clean) from error


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked."""

    inventory: Inventory
    config: Config
    overwrite: bool
    progress: Progress
    feed: Feed


def _run_once(asked: Asked, clean: Path) -> Summary:
    config, feed, save = asked.config, asked.feed, asked.feed.indexes.save
    alone = RunIdentity(config.output_options(), versions(), asked.inventory.files)
    identity, is_added = identity_in(feed, alone)
    done = is_done(clean, identity, overwrite=asked.overwrite and not is_added)
    if has_nothing_to_do(feed, clean, is_added=is_added, is_done=done):
        return _earlier_summary(clean)
    work = begun_work(clean, identity)
    try:
        summary, files = _made(asked, work)
    except InputChangedError:
        discard_work(clean)
        raise
    except CleanerError as error:
        raise CleanerError(f"{error}; {GOES_ON}") from error
    digests = {file.as_posix(): digest_of(work / MADE / file) for file in files}
    write_durably(work / MADE / SUMMARY, _summary_json(summary, identity, digests))
    if save and feed.extended:
        prepare(save, feed.extended, clean, identity.record(), finished_run(work, config))
    publish(clean, work / MADE, (*files, Path(SUMMARY)), identity)
    if save and feed.extended:
        add_published(save, feed.extended, search_memory(config))
    return summary


def _made(asked: Asked, work: Path) -> tuple[Summary, tuple[Path, ...]]:
    """What the phases did, and the files that they left in the work folder."""
    config, inventory, earlier = asked.config, asked.inventory, asked.feed.earlier
    with Journal(work) as journal, engine_for(config) as engine:
        journal.wrote([work / RUN, work / LISTING])
        before = _before(inventory, journal)
        counts, files = run_phases(
            inventory, config, engine, journal, asked.progress, earlier=earlier
        )
    warnings = warnings_of(sorted((work / LOSSES).iterdir()), config, work)
    against = told_of(asked.feed, counts.copies_of_earlier)
    return (
        Summary(counts.as_row(), _skipped(inventory), warnings, before=before, against=against),
        files,
    )


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
        return Summary(
            row["counts"], row["skipped"], warnings, was_done=True, against=row.get("against")
        )
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
    if summary.against is not None:
        row["against"] = summary.against
    return orjson.dumps(row, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _silent(phase: str, done: int, total: int) -> None:
    """Tell nobody."""
