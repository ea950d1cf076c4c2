"""The ways in which something goes wrong: for one record, or for the whole run."""


class CleanerError(Exception):
    """The run cannot start or go on. The message is one line that says what to do."""


class UsageError(CleanerError):
    """The run was asked for in a way that cannot be meant: a wrong option or folder."""


class RecordError(Exception):
    """One record cannot become a document. It is rejected with this message and the run goes on."""
