"""What the disk refuses, in words."""

import errno
from pathlib import Path

OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(error: OSError) -> bool:
    """Whether there is no room, or none for who asks."""
    return error.errno in OUT_OF_SPACE


def told(error: OSError, folder: Path | str) -> str:
    """What is wrong; if a disk is full, that of which folder, and what to do.

    Args:
        error: what the system said.
        folder: the one that is written to.

    """
    if is_full(error):
        return f"the disk of {folder} is full ({error.strerror}); free some space"
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"
