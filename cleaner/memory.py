"""What of the machine a run may use: its cores, and how the memory is shared out."""

import os

from cleaner.config import Config

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
    # Processes are forked from one more process that has all libraries loaded.
    room = config.memory_megabytes - 2 * PARENT_MEGABYTES
    return max(1, min(config.workers, room // WORKER_MEGABYTES))


def search_memory(config: Config) -> int:
    """Bytes to sort and compare in: three quarters of what the program leaves.

    The stretches of columns that are looked at take the rest.
    """
    return (config.memory_megabytes - 2 * PARENT_MEGABYTES) * 3 << 18
