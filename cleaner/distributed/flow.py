"""The three phases of `pipeline` over the tables of an engine for many machines."""

import pickle
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cleaner.batches import losses_in, output_in
from cleaner.config import Config
from cleaner.conversion import convert_all
from cleaner.distributed.finishing import FINISHED, finish_parts, finished_batches
from cleaner.distributed.marking import mark_parts
from cleaner.distributed.parts import Layout, written_whole
from cleaner.distributed.planning import Plan, plan
from cleaner.distributed.ranges import PartOfInput, parts_of
from cleaner.distributed.tables import Tables
from cleaner.distributed.workers import one_worker
from cleaner.finished import Finished
from cleaner.journal import Journal
from cleaner.output_formats import PARQUET
from cleaner.pipeline import Progress, begin_output
from cleaner.stages.counts import Counts
from cleaner.stages.discover import Inventory

RANGES, PLAN = "ranges", "plan"


def run_over_tables(
    inventory: Inventory, config: Config, tables: Tables, journal: Journal, progress: Progress
) -> tuple[Counts, tuple[Path, ...]]:
    """All three phases, or what of them is not done yet: the same bytes as `run_phases` leaves.

    The work folder must be seen by all who work, and so must the input, under the same paths.
    """
    work = journal.work
    progress("reading and marking", 0, 1)
    parts, skips = _kept(work / RANGES, lambda: parts_of(inventory.files, config, tables, work))
    layout = mark_parts(parts, config, tables, work)
    if not journal.now.is_read:
        journal.reach(replace(journal.now, is_read=True, skipped=skips.as_row("records")))
    progress("finding duplicates", 0, 1)
    decided: Plan = _kept(work / PLAN, lambda: plan(layout, config, tables))
    progress("writing", 0, 1)
    with Finished(work, config, journal.now) as finished:
        if not finished.is_begun:
            begin_output(finished, inventory, config, journal.scratch)
        first = finished.batches
        remaining = [part for part in parts if part.first_batch + len(part.counts) > first]
        if remaining:
            _discard_used(layout, remaining, first)
            finish_parts(layout, decided, remaining[0].number, config, tables)
        for part in remaining:
            for number, folder, counts in finished_batches(layout.part(part.number), part):
                if number >= first:
                    with journal.step(finished.reached, finished.flush):
                        finished.append(
                            output_in(folder, number), losses_in(folder, number), counts
                        )
            progress("writing", part.number + 1, len(parts))
        if config.output_format == PARQUET:
            with one_worker(config) as engine:
                for done, total in convert_all(finished, engine, journal):
                    progress("converting", done, total)
        return finished.counts, finished.close()


def _discard_used(layout: Layout, remaining: Sequence[PartOfInput], first: int) -> None:
    """Have a part written again where something of it is gone that is to be appended once more.

    What is on record of the output may be less than what was appended, and deleted after that.
    """
    for part in remaining:
        folder = layout.part(part.number).folder / FINISHED
        batches = range(max(first, part.first_batch), part.first_batch + len(part.counts))
        is_whole = all(
            output_in(folder, one).exists() and losses_in(folder, one).exists() for one in batches
        )
        if folder.exists() and not is_whole:
            shutil.rmtree(folder)


def _kept(path: Path, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is made
    """What was made and kept before, or is now."""
    if not path.exists():
        made = make()
        with written_whole(path) as aside:
            aside.write_bytes(pickle.dumps(made))
    return pickle.loads(path.read_bytes())  # noqa: S301 - ours
