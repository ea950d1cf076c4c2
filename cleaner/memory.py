"""What of the machine a run may use: its cores, and how the memory is shared out."""

import os

from cleaner.config import Config
from cleaner.engines.limits import Limits

PARENT_MEGABYTES = 160
"""The program itself, with all libraries loaded and stretches of columns looked at."""
WORKER_MEGABYTES = 280
"""A worker, with a batch and all that is made of it on the way."""


def usable_cores() -> int:
    """The cores that this process may run on; containers often allow fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def affordable_workers(config: Config) -> int:
    """The workers asked for, or as many as the memory allows; at least one."""
    # Processes may be forked from one more process that has all libraries loaded.
    room = config.memory_megabytes - 2 * PARENT_MEGABYTES
    return max(1, min(config.workers, room // WORKER_MEGABYTES))


def keeps_workers(config: Config) -> bool:
    """Whether workers stay while the search goes on: if they leave it half of the memory."""
    room = config.memory_megabytes - 2 * PARENT_MEGABYTES
    return 2 * affordable_workers(config) * WORKER_MEGABYTES <= room


def search_memory(config: Config) -> int:
    """Bytes to sort and compare in: three quarters of what the program and workers leave.

    The stretches of columns that are looked at take the rest.
    """
    room = config.memory_megabytes - 2 * PARENT_MEGABYTES
    if keeps_workers(config):
        room -= affordable_workers(config) * WORKER_MEGABYTES
    return room * 3 << 18


def limits_of(config: Config) -> Limits:
    """What a worker may take for one record."""
    return Limits(
        seconds=config.max_record_seconds,
        ordinary_bytes=WORKER_MEGABYTES << 20,
        part_bytes=config.max_record_memory << 20,
    )
