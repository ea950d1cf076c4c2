"""What becomes of a record that cannot be read, and of what is in a file and is no record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that is not a document, and why."""

    source: str
    record: int | None
    """The line in a JSONL file, from 1; None where the file as a whole is meant."""
    error: str
    is_rest: bool = False
    """What is lost is the rest of a file of many, or a folder: nobody knows how many records."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """What a file holds beside its documents, and is not meant to be one."""

    kind: str
    name: str
    """The file, or the member of an archive."""
