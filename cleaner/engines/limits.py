"""How long a worker may be at one part of an item, and how much memory it may hold there."""

import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

from cleaner.engines.attempt import Cause

TICK = 0.05
"""Seconds between two looks at the workers."""
LONGEST_TICK = 4 * TICK
"""No look counts for more. A program that is stopped, or that another thing keeps from looking,
must not hold that time against the workers, who may have been stopped as well."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take."""

    seconds: float = math.inf
    """For one part of an item."""
    ordinary_bytes: float = math.inf
    """By which a worker grows at ordinary work. One that has grown more is replaced after it."""
    part_bytes: float = math.inf
    """By which it may grow beyond that while it is at an item."""
    starting_seconds: float = 60.0
    """Until a worker is ready for its first item. It loads libraries, which takes a few."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a worker has passed, as it was seen at one moment."""

    cause: Cause
    note: int
    """What the worker noted then of what it was at."""
    part: int | None
    """The part of its item that is to blame; None where that is not known."""


class Stopwatch:
    """Seconds for which something has not changed, as counted by whoever looks at it."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._seen = 0
        self._last = time.monotonic()
        self._queued = 0.0

    def seconds_at(self, value: int, queued: float = 0.0) -> float:
        """Seconds for which this value has been seen, less those spent in a queue meanwhile."""
        now = time.monotonic()
        passed, self._last = min(now - self._last, LONGEST_TICK), now
        passed, self._queued = max(passed - (queued - self._queued), 0.0), queued
        self._seconds = self._seconds + passed if value == self._seen else 0.0
        self._seen = value
        return self._seconds


def seconds_queued(process: int) -> float:
    """Seconds for which a process could run and others had the processors; 0 where not told.

    Linux does, in /proc (its documentation of sched-stats): the second number, in nanoseconds.
    """
    try:
        return int(Path(f"/proc/{process}/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def bytes_held(process: int) -> int:
    """Memory that a process does not share with files; 0 where the system does not tell.

    Linux does, in /proc (proc(5), statm): what is resident, less what is of files.
    """
    try:
        fields = Path(f"/proc/{process}/statm").read_bytes().split()
        return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
