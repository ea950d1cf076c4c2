"""What is said where the system does not let a run begin or go on."""

import errno
from pathlib import Path

from cleaner.errors import CleanerError
from cleaner.workspace import has_work

GOES_ON = "the same command goes on where it stopped"

OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def explained(error: OSError, clean: Path) -> CleanerError:
    """The error as one that says what to do."""
    if error.errno in OUT_OF_SPACE:
        return CleanerError(
            f"the disk of {clean} is full ({error.strerror}); free some space: {GOES_ON}"
        )
    where = f": {error.filename}" if error.filename else ""
    what = f"{error.strerror or error}{where}"
    if not has_work(clean):
        return CleanerError(f"the run cannot begin: {what}; name folders that can be used")
    return CleanerError(f"the run cannot go on: {what}; {GOES_ON}")
