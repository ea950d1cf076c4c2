"""Names of files and folders as a user gives them.

An empty one, as of a variable that is not set, would be the current folder, which nobody has named.
"""

from collections.abc import Callable
from pathlib import Path

from cleaner.errors import UsageError


def named_path(what: str, given: str | Path) -> Path:
    """The path.

    Args:
        what: what the command or function calls it.
        given: its name.

    Raises:
        UsageError: that is empty.

    """
    if given == "":
        raise UsageError(f"{what} is empty; name a file or folder (the current one is .)")
    return Path(given)


def path_for(what: str) -> Callable[[str], Path]:
    """How the command line reads the path that it calls so."""

    def read(given: str) -> Path:
        return named_path(what, given)

    return read
