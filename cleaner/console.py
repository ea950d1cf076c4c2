"""The console that reports and closing tables are printed to."""

from typing import NoReturn

from rich.console import Console


class PlainConsole(Console):
    """Prints text as it stands: nothing in it is markup, and long lines are not cut."""

    def __init__(self, *, to_stderr: bool = False) -> None:
        """Print to the standard output, or to standard error."""
        super().__init__(
            highlight=False, soft_wrap=True, markup=False, emoji=False, stderr=to_stderr
        )

    def on_broken_pipe(self) -> NoReturn:
        """Raise what any other output raises where nobody reads, and do not end the program."""
        raise BrokenPipeError
