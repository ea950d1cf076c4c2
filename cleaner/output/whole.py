"""The documents of an output that must be whole to be shown or compared."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from cleaner.errors import CleanerError, UsageError
from cleaner.nearest import Nearest
from cleaner.output.faults import Fault
from cleaner.output.index import Index
from cleaner.output.rows import Output
from cleaner.output.summary import read_summary
from cleaner.output.walk import FinishedDocument, walk


def documents_of(clean: Path) -> Iterator[FinishedDocument]:
    """The documents of an output, in its order.

    Raises:
        UsageError: no run has finished there.
        CleanerError: the output was changed or is not complete.

    """
    output = Output(clean, read_summary(clean).config)
    with Index() as index:
        index.read_ids(output, _stop)
        yield from walk(output, index, _stop)


def no_document(clean: Path, nearest: Nearest, wanted: str) -> UsageError:
    """What is said of an id that no document of an output has."""
    return UsageError(
        f"{clean} has no document with the id {wanted!r}"
        + (nearest.perhaps() or "; ids are those in documents/ and dropped.jsonl")
    )


def _stop(fault: Fault) -> NoReturn:
    raise CleanerError(
        f"{fault.where}: {fault.told}; nothing can be shown of an output that was changed or is "
        "not complete: `cleaner verify` tells all that is wrong with it"
    )
