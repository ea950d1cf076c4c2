"""What is said where the system does not let a run begin or go on."""

from pathlib import Path

from cleaner import disk
from cleaner.errors import CleanerError
from cleaner.written import has_work

GOES_ON = "the same command goes on where it stopped"


def explained(error: OSError, clean: Path) -> CleanerError:
    """The error as one that says what to do."""
    what = disk.told(error, clean)
    if disk.is_full(error):
        return CleanerError(f"{what}: {GOES_ON}")
    if not has_work(clean):
        return CleanerError(f"the run cannot begin: {what}; name folders that can be used")
    return CleanerError(f"the run cannot go on: {what}; {GOES_ON}")
