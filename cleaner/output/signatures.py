"""Whether the signature files hold the signatures of what is kept, in its order."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.document import CleanDocument
from cleaner.duplicates.signatures import PERMUTATIONS
from cleaner.output.faults import Fault, FaultKind, Report
from cleaner.output.rows import Output, Row, read_rows
from cleaner.stages.signed import (
    HEADER_BYTES,
    PARAGRAPHS_AT_ONCE,
    compared_paragraphs,
    signature_header,
    signatures_of,
)

Signed = tuple[Row, NDArray[np.uint32]]
NOTHING = np.empty((0, PERMUTATIONS), dtype=np.uint32)


class SignatureCheck:
    """Takes the documents in their order, and holds what they keep against the files."""

    def __init__(self, output: Output, report: Report) -> None:
        self._config = output.config
        self._report = report
        self._signed = _signed(output, report)
        self._waiting: list[tuple[str, int, str]] = []
        self._is_lost = False

    def add(self, document: CleanDocument) -> None:
        """Take the next document."""
        self._waiting.extend(compared_paragraphs(document, self._config))
        while len(self._waiting) >= PARAGRAPHS_AT_ONCE:
            self._check()

    def close(self) -> None:
        """Check what is left, and that the files hold no more."""
        self._check()
        if not self._is_lost:
            for row, _ in self._signed:
                told = "there is no such paragraph that has a signature"
                self._report(Fault(FaultKind.SIGNATURE, row.where, told))

    def _check(self) -> None:
        some = self._waiting[:PARAGRAPHS_AT_ONCE]
        self._waiting = self._waiting[PARAGRAPHS_AT_ONCE:]
        expected = signatures_of([text for _, _, text in some], self._config)
        for (name, number, _), signature in zip(some, expected, strict=True):
            if not self._is_lost:
                self._compare(name, number, signature)

    def _compare(self, name: str, number: int, signature: NDArray[np.uint32]) -> None:
        """One paragraph. After one out of its place, nothing can be said of those behind it."""
        row, found = next(self._signed, (None, None))
        told = f"paragraph {number} of {name!r} has no signature here"
        if row is None or found is None:
            self._is_lost = True
            self._report(Fault(FaultKind.SIGNATURE, "signatures", told))
        elif (row.values["id"], row.values["paragraph"]) != (name, number):
            self._is_lost = True
            self._report(Fault(FaultKind.SIGNATURE, row.where, told))
        elif not np.array_equal(found, signature):
            told = f"it is not the signature of paragraph {number} of {name!r}"
            self._report(Fault(FaultKind.SIGNATURE, row.where, told))


def _signed(output: Output, report: Report) -> Iterator[Signed]:
    """The rows of the files side by side: whose signature, and the signature."""
    open_file, values = "", NOTHING
    at = 0
    for row in read_rows(output, "signatures", report):
        name, _, line = row.where.rpartition(":")
        if name != open_file:
            open_file, values = name, _array(output.folder, name, report)
        at = int(line) - 1
        if at < len(values):
            yield row, np.asarray(values[at])


def _array(clean: Path, name: str, report: Report) -> NDArray[np.uint32]:
    """The array beside a file of places; an empty one if it is not what it should be."""
    path = (clean / name).with_suffix(".npy")
    told = f"it is no array of {PERMUTATIONS} numbers to a row, one for each row of {name}"
    try:
        with (clean / name).open("rb") as stream:
            rows = sum(1 for _ in stream)
        size = path.stat().st_size
        with path.open("rb") as stream:
            # Only the very header that a run writes: numpy would parse any other as Python.
            is_right = stream.read(HEADER_BYTES) == signature_header(size)
        if is_right and size == HEADER_BYTES + rows * 4 * PERMUTATIONS:
            shape = (rows, PERMUTATIONS)
            return np.memmap(path, np.uint32, "r", HEADER_BYTES, shape) if rows else NOTHING
    except OSError as error:
        told = f"it cannot be read: {error.strerror}"
    report(Fault(FaultKind.SIGNATURE, path.relative_to(clean).as_posix(), told))
    return NOTHING
