"""Clean a stream of documents as a run cleans a folder: all is read first, then given in order."""

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from cleaner.config import Config
from cleaner.document import CleanDocument
from cleaner.engines import Engine, InlineEngine, LocalEngine
from cleaner.job import engine_for
from cleaner.journal import Journal
from cleaner.json_lines import load_line
from cleaner.pipeline import outcomes_of
from cleaner.spool import Document, cannot_write, scratch_folder, spool_documents
from cleaner.stages.discover import Inventory
from cleaner.stages.rejection import Rejection


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document of a stream of which nothing could be made."""

    number: int
    """Which it is of the stream, counted from 0."""
    document: object
    """What was given: a row as JSON holds it, a text as a row that holds it."""
    error: str
    """Why, and what to do."""


class RejectedWarning(UserWarning):
    """Documents of a stream were rejected, and nobody was to be told of each."""


OnRejected = Callable[[Rejected], object]


def cleaned(
    documents: Iterable[Document],
    config: Config,
    on_rejected: OnRejected | None,
    scratch: Path | None,
) -> Generator[CleanDocument, None, None]:
    """The clean documents, as `Cleaner.clean` promises them."""
    unheard = _Unheard()
    tell = on_rejected or unheard.note
    try:
        with scratch_folder(scratch) as folder:
            inventory = spool_documents(
                documents, folder, config, lambda *parts: tell(Rejected(*parts))
            )
            if inventory is not None:
                yield from _made(inventory, config, folder, tell)
    finally:
        unheard.warn()


class _Unheard:
    """Rejected documents that nobody is told of one by one."""

    def __init__(self) -> None:
        self._number = 0
        self._first = ""

    def note(self, rejected: Rejected) -> None:
        self._number += 1
        self._first = self._first or f"document {rejected.number}: {rejected.error}"

    def warn(self) -> None:
        if self._number:
            told = "1 document was" if self._number == 1 else f"{self._number:,} documents were"
            message = (
                f"{told} rejected and left out ({self._first}); "
                "on_rejected=FUNCTION has a function called with each"
            )
            warnings.warn(message, RejectedWarning, stacklevel=3)


def _made(
    inventory: Inventory, config: Config, folder: Path, tell: OnRejected
) -> Iterator[CleanDocument]:
    work = folder / "work"
    work.mkdir()
    with (
        inventory.files[0].path.open("rb") as spool,
        Journal(work, keeps_records=False) as journal,
        _engine(config) as engine,
        closing(_outcomes(inventory, config, engine, journal)) as outcomes,
    ):
        read = _Reader(spool)
        for outcome in outcomes:
            if isinstance(outcome, Rejection):
                tell(read.rejected(outcome))
            else:
                yield outcome


def _engine(config: Config) -> InlineEngine | LocalEngine:
    """Worker processes if there are to be several; else none at all."""
    return engine_for(config) if config.workers > 1 else InlineEngine()


def _outcomes(
    inventory: Inventory, config: Config, engine: Engine, journal: Journal
) -> Generator[CleanDocument | Rejection, None, None]:
    try:
        yield from outcomes_of(inventory, config, engine, journal)
    except OSError as error:
        raise cannot_write(error, journal.work.parent.parent) from error


class _Reader:
    """Reads rejected documents again, in their order."""

    def __init__(self, spool: BinaryIO) -> None:
        self._spool = spool
        self._lines = 0

    def rejected(self, rejection: Rejection) -> Rejected:
        """The rejected document with what was given."""
        line = rejection.record or self._lines + 1
        skipped = line - self._lines - 1
        data = next(islice(self._spool, skipped, None), b"null")
        self._lines = line
        return Rejected(line - 1, load_line(data), rejection.error)
