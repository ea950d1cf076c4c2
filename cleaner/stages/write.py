"""Write a batch's outcomes as rows: documents, and what was taken out of them or could not be."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from cleaner.document import CleanDocument, Removal
from cleaner.json_lines import dump_line
from cleaner.stages.counts import Counts
from cleaner.stages.rejection import Rejection

BUFFER = 1 << 18
"""Bytes written at once; rows are thousands of bytes, and each write a call of the system."""
ROW_KINDS = ("documents", "removed", "dropped", "rejected")


def write_outcomes(outcomes: Iterable[CleanDocument | Rejection], folder: Path) -> Counts:
    """Write a batch's outcomes to files in a folder, one for each kind of row."""
    counts = Counts()
    with _Files(folder) as files:
        for outcome in outcomes:
            for kind, row in _rows(outcome):
                files.write(kind, dump_line(row))
            counts.note(outcome)
    return counts


def _rows(outcome: CleanDocument | Rejection) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(outcome, Rejection):
        yield (
            "rejected",
            {
                "source": outcome.source,
                "record": outcome.record,
                "error": outcome.error,
                "rest": outcome.is_rest,
            },
        )
        return
    if outcome.kept:
        yield (
            "documents",
            {
                "id": outcome.id,
                "text": outcome.text,
                "source": outcome.source,
                "metadata": outcome.metadata,
            },
        )
    else:
        yield (
            "dropped",
            {
                "id": outcome.id,
                "source": outcome.source,
                "reason": why_nothing_is_left(outcome),
            },
        )
    for removal in outcome.removed:
        yield "removed", removed_row(outcome.id, removal)


def removed_row(document: str, removal: Removal) -> dict[str, Any]:
    """What is on record of one removal from the document of this id."""
    mark = removal.mark
    return {
        "id": document,
        "position": removal.position,
        "at": removal.at,
        "text": removal.text,
        "reason": mark.reason,
        "rule": mark.rule,
        "of": {"id": mark.of.id, "position": mark.of.position} if mark.of else None,
        "similarity": mark.similarity,
        "count": mark.count,
    }


def why_nothing_is_left(document: CleanDocument) -> str:
    """The reason that `dropped.jsonl` gives."""
    reasons = Counter(
        removal.mark.reason.value for removal in document.removed if removal.at is None
    )
    if not reasons:
        return "it held no text once its encoding was repaired"
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return f"every paragraph was removed: {told}"


class _Files:
    """The four files of a batch."""

    def __init__(self, folder: Path) -> None:
        self._streams: dict[str, IO[bytes]] = {}
        self._folder = folder

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        for kind in ROW_KINDS:
            self._streams[kind] = (self._folder / f"{kind}.jsonl").open("wb", BUFFER)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for stream in self._streams.values():
            stream.close()

    def write(self, kind: str, line: bytes) -> None:
        self._streams[kind].write(line)
