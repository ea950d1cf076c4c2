"""What the third phase makes of all batches: files of the output, counts, losses."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from cleaner.columns import ColumnWriter, below
from cleaner.config import Config
from cleaner.journal import Reached
from cleaner.output_formats import sharded
from cleaner.stages.counts import Counts
from cleaner.stages.shards import Shards

MADE = "made"
"""Folder, below the work folder, in which the finished output is put together."""
LOSSES = "losses"
"""Folder, below the work folder, of the file of what all batches lost."""
ROWS = "rows.jsonl"


class Finished:
    """Appends what came of batches, in order. Use it in a `with` statement.

    It goes on from what was reached.
    """

    def __init__(self, work: Path, config: Config, reached: Reached) -> None:
        self._reached = reached
        self.is_begun = bool(reached.made)
        self.shards = Shards(
            work / MADE, config.shard_megabytes << 20, sharded(config), below(MADE, reached.made)
        )
        self._losses = ColumnWriter(work / LOSSES, below(LOSSES, reached.losses))
        self.counts = Counts.from_saved(reached.counts)
        self.batches = reached.finished

    def __enter__(self) -> Self:
        self._losses.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._losses.__exit__(kind, error, trace)

    def begin(self, folder: Path, losses: Path, counts: Counts) -> None:
        """Append what is of no batch, and comes before all of them."""
        self.shards.append(folder)
        self._losses.append(ROWS, np.fromfile(losses, dtype=np.uint8))
        losses.unlink()
        self.counts.add(counts)

    def append(self, folder: Path, losses: Path, counts: Counts) -> None:
        """Append a batch: the folder of its output and the file of its losses, which go."""
        self.begin(folder, losses, counts)
        self.batches += 1

    def flush(self) -> None:
        """Hand what buffers hold to the system."""
        self._losses.flush()

    def reached(self) -> Reached:
        """How far the run has come by what was appended."""
        return replace(
            self._reached,
            finished=self.batches,
            made=_in(MADE, self.shards.sizes),
            losses=_in(LOSSES, self._losses.sizes),
            counts=self.counts.as_saved(),
        )

    def close(self) -> tuple[Path, ...]:
        """Make the files of the output whole; their paths, below their folder."""
        return self.shards.close()


def _in(folder: str, sizes: Mapping[str, int]) -> dict[str, int]:
    return {f"{folder}/{name}": size for name, size in sizes.items()}
