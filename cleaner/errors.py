"""The ways in which something goes wrong: for one record, or for the whole run."""


class CleanerError(Exception):
    """The run cannot start or go on. The message is one line that says what to do."""


class UsageError(CleanerError):
    """The run was asked for in a way that cannot be meant: a wrong option or folder."""


class OptionError(UsageError):
    """An option may not be what it is asked to be."""

    def __init__(self, option: str, said: str) -> None:
        """Keep the field of `Config`, and what is said of it, such as `is 3; it must be ...`."""
        super().__init__(option, said)
        self.option = option
        self.said = said

    def __str__(self) -> str:
        return f"option {self.option} {self.said}"


class RecordError(Exception):
    """One record cannot become a document. It is rejected with this message and the run goes on."""
