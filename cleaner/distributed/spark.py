"""The job on Spark."""

from dataclasses import dataclass
from pathlib import Path

from cleaner.config import Config
from cleaner.distributed.flow import run_over_tables
from cleaner.distributed.tables import filled
from cleaner.journal import Journal
from cleaner.pipeline import Progress
from cleaner.stages.counts import Counts
from cleaner.stages.discover import Inventory


@dataclass(frozen=True, slots=True)
class OnSpark:
    """Has the phases of a run done on a Spark cluster, when it is called."""

    master: str | None = None
    """The cluster's master, such as `spark://host:7077` or `local[2]`; if None, the one that Spark
    is configured with."""

    def __call__(
        self, inventory: Inventory, config: Config, journal: Journal, progress: Progress
    ) -> tuple[Counts, tuple[Path, ...]]:
        """What the phases count, and the files that they leave in the work folder.

        Raises:
            CleanerError: Spark cannot start, or a task fails again and again.

        """
        from cleaner.engines.spark import spark_tables

        with spark_tables(self.master, filled) as tables:
            return run_over_tables(inventory, config, tables, journal, progress)
