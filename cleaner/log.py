"""What a run tells Python's `logging`, under the name `cleaner`."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cleaner.losses.warning import LossWarning

LOGGER = logging.getLogger("cleaner")
# Else Python would print warnings itself where a program has not said what becomes of them.
LOGGER.addHandler(logging.NullHandler())


def logged(progress: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
    """Progress that is also logged: when a phase begins, and when it is done."""
    began: dict[str, float] = {}

    def report(phase: str, done: int, total: int) -> None:
        if phase not in began:
            began[phase] = time.monotonic()
            LOGGER.info("%s", phase)
        if done == total:
            LOGGER.info("%s: done after %.1f s", phase, time.monotonic() - began[phase])
        progress(phase, done, total)

    return report


def log_resumed(read: float, written: float) -> None:
    """Log that a run goes on where one was cut off: the shares that were read and written."""
    LOGGER.info("going on: %.0f%% read before, %.0f%% written", 100 * read, 100 * written)


def log_outcome(counts: Mapping[str, Any], warnings: Sequence[LossWarning]) -> None:
    """Log the counts of a run that is done, and each of its warnings."""
    for warning in warnings:
        LOGGER.warning("%s", warning.told)
    told = ", ".join(
        f"{counts[name]:,} {name}" for name in ("read", "written", "dropped", "rejected")
    )
    LOGGER.info("done: %s", told)
