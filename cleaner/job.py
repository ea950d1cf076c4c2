"""One run from folder to folder: what it is asked, what it does around the phases, what it says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from cleaner.apart import check_apart, check_index_apart
from cleaner.config import Config
from cleaner.digests import digest_of
from cleaner.durable import write_durably
from cleaner.earlier.added import has_nothing_to_do, identity_in, with_last_replaced
from cleaner.earlier.decisions import finished_run
from cleaner.earlier.extending import add_published, manifest_of, prepare
from cleaner.earlier.feed import NO_FEED, Feed, Indexes, opened_indexes, told_of
from cleaner.engines import LocalEngine, Preparation
from cleaner.errors import CleanerError
from cleaner.finished import LOSSES, MADE
from cleaner.formats.extras import check_extras, libraries_for
from cleaner.head_start import PRELOADED
from cleaner.identity import LISTING, InputChangedError, RunIdentity, with_digests
from cleaner.intake import read_before
from cleaner.journal import Journal
from cleaner.log import log_outcome, log_resumed, logged
from cleaner.losses.judgement import warnings_of
from cleaner.memory import affordable_workers, keeps_workers, limits_of, search_memory
from cleaner.named_path import named_path
from cleaner.outcome import SUMMARY, Before, Summary, earlier_summary, summary_json
from cleaner.output_formats import check_libraries
from cleaner.pipeline import Progress, run_phases, silent
from cleaner.rules import ruleset_for
from cleaner.stages.counts import Counts
from cleaner.stages.discover import Inventory, take_inventory
from cleaner.stages.skips import listed
from cleaner.trouble import GOES_ON, explained
from cleaner.versions import versions
from cleaner.workspace import begun_work, discard_work, opened, publish
from cleaner.written import RUN, has_work

Elsewhere = Callable[[Inventory, Config, Journal, Progress], tuple[Counts, tuple[Path, ...]]]
"""All phases of a run without an earlier corpus: what `run_phases` does, done by somebody else."""


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
    against: str | Path | None = None,
    save_index: str | Path | None = None,
    elsewhere: Elsewhere | None = None,
) -> Summary:
    """Clean every file below RAW and write the result to CLEAN.

    A run that was cut off, however it was, goes on where it stopped when it is asked for again.

    Args:
        raw: a folder of texts, HTML pages, rows, web archives and archives of these, as
            `docs/input.md` lists them, packed or not; or one such file.
        clean: the folder for the output. Files in it that are not a run's output stay untouched.
        config: the options; the defaults if None.
        overwrite: replace the output of an earlier run that had other input or options, and
            discard the work of one that has not finished.
        progress: called with a phase's name, how much of it is done, and how much there is.
        resumed: called before all else with what need not be done again, if a run goes on.
        against: the folder of an index; what copies a paragraph of the corpus that it is of goes.
        save_index: the folder of the index that this corpus is added to, made if it is not there.
        elsewhere: does the work in place of processes of this machine, such as
            `cleaner.distributed.spark.OnSpark`.

    The logger `cleaner` is told the same, and the warnings.

    Returns:
        The counts. Without `overwrite`, output that this very run has made before is left as it is.

    Raises:
        CleanerError: the run cannot start or go on; the message says what to do.

    """
    raw, clean = named_path("RAW", raw), named_path("CLEAN", clean)
    config = config or Config()
    # A rule that does not exist, or a library, is an error before any work.
    ruleset_for(config.disabled_rules, config.own_rules)
    check_libraries(config)
    try:
        check_apart(raw, clean)
        for index in (against, save_index):
            if index:
                check_index_apart(Path(index), raw)
        inventory = take_inventory(raw)
        check_extras(inventory.files)
        if config.input_identity == "content":
            inventory = with_digests(inventory)
        indexes = Indexes(*(Path(one) if one else None for one in (against, save_index)))
        with opened(clean), opened_indexes(indexes, config) as feed:
            heard = Listeners.of(progress, resumed)
            asked = Asked(inventory, config, heard, feed, overwrite, elsewhere)
            summary = run_once(asked, clean)
    except OSError as error:
        raise explained(error, clean) from error
    log_outcome(summary.counts, summary.warnings)
    return summary


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked."""

    inventory: Inventory
    config: Config
    heard: Listeners
    feed: Feed = NO_FEED
    overwrite: bool = False
    elsewhere: Elsewhere | None = None


def run_once(asked: Asked, clean: Path) -> Summary:
    """Write what becomes of the input to an output folder, which the caller holds.

    Raises:
        CleanerError: the run cannot start or go on; the message says what to do.

    """
    config, save = asked.config, asked.feed.indexes.save
    libraries = versions(config.output_format, libraries_for(asked.inventory.files))
    alone = RunIdentity(config.output_options(), libraries, asked.inventory.files)
    feed = with_last_replaced(asked.feed, alone) if asked.overwrite else asked.feed
    asked = replace(asked, feed=feed)
    identity, is_added = identity_in(feed, alone)
    if has_nothing_to_do(feed, identity, clean, is_added=is_added, overwrite=asked.overwrite):
        return replace(earlier_summary(clean), leaves_work=has_work(clean))
    work = begun_work(clean, identity)
    try:
        with Journal(work) as journal:
            journal.wrote([work / RUN, work / LISTING])
            summary, files = make(asked, journal)
            digests = {file.as_posix(): digest_of(work / MADE / file) for file in files}
    except InputChangedError as error:
        raise _given_up(error, clean, work) from error
    except CleanerError as error:
        raise CleanerError(f"{error}; {GOES_ON}") from error
    write_durably(work / MADE / SUMMARY, summary_json(summary, identity, digests))
    if save and feed.extended:
        finished = finished_run(work, config)
        record = identity.record()
        prepare(save, feed.extended, clean, record, finished, replaces=feed.replaces)
    publish(clean, work / MADE, (*files, Path(SUMMARY)), identity)
    if save and feed.extended:
        add_published(save, manifest_of(save) or feed.extended, search_memory(config))
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


def make(asked: Asked, journal: Journal) -> tuple[Summary, tuple[Path, ...]]:
    """What the phases did, and the files that they left in the work folder."""
    work, inventory, config = journal.work, asked.inventory, asked.config
    before = _before(inventory, journal)
    if before:
        log_resumed(before.read, before.written)
        asked.heard.resumed(before)
    if asked.elsewhere:
        counts, files = asked.elsewhere(inventory, config, journal, asked.heard.progress)
    else:
        with engine_for(config) as engine:
            counts, files = run_phases(
                inventory, config, engine, journal, asked.heard.progress, earlier=asked.feed.earlier
            )
    summary = Summary(
        counts.as_row(),
        {**listed(inventory.skipped), **journal.now.skipped},
        listed(inventory.misnamed()),
        warnings_of(sorted((work / LOSSES).iterdir()), config, work),
        before=before,
        against=told_of(asked.feed, counts.copies_of_earlier),
    )
    return summary, files


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


def _nobody(before: Before) -> None:
    """Tell nobody of what was done before."""
