"""Write documents and what was taken out of them, as rows and as files."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from cleaner.document import CleanDocument, Removal
from cleaner.json_lines import dump_line
from cleaner.stages.rejection import Rejection

SHARDED = ("documents", "removed")
SINGLE = ("dropped", "rejected")


@dataclass(slots=True)
class Counts:
    """What became of records and paragraphs. Counts of batches add up."""

    read: int = 0
    written: int = 0
    dropped: int = 0
    rejected: int = 0
    kept: int = 0
    removed_by_reason: Counter[str] = field(default_factory=Counter)
    removed_by_rule: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        """Add another batch's counts to these."""
        self.read += other.read
        self.written += other.written
        self.dropped += other.dropped
        self.rejected += other.rejected
        self.kept += other.kept
        self.removed_by_reason += other.removed_by_reason
        self.removed_by_rule += other.removed_by_rule

    @property
    def removed(self) -> int:
        """Paragraphs taken out, whatever the reason."""
        return self.removed_by_reason.total()

    def as_row(self) -> dict[str, Any]:
        """For the summary; keys in an order that does not depend on the order of the work."""
        return {
            "read": self.read,
            "written": self.written,
            "dropped": self.dropped,
            "rejected": self.rejected,
            "paragraphs": {
                "read": self.kept + self.removed,
                "kept": self.kept,
                "removed": self.removed,
                "removed_by_reason": dict(sorted(self.removed_by_reason.items())),
                "removed_by_rule": dict(sorted(self.removed_by_rule.items())),
            },
        }


def write_outcomes(outcomes: Iterable[CleanDocument | Rejection], folder: Path) -> Counts:
    """Write a batch's outcomes to files in a folder, one for each kind of row."""
    counts = Counts()
    with _Files(folder) as files:
        for outcome in outcomes:
            for kind, row in _rows(outcome):
                files.write(kind, dump_line(row))
            _count(outcome, counts)
    return counts


def _rows(outcome: CleanDocument | Rejection) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(outcome, Rejection):
        yield (
            "rejected",
            {
                "source": outcome.source,
                "record": outcome.record,
                "error": outcome.error,
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
                "reason": _why_nothing_is_left(outcome),
            },
        )
    for removal in outcome.removed:
        yield "removed", _removed_row(outcome.id, removal)


def _removed_row(document: str, removal: Removal) -> dict[str, Any]:
    mark = removal.mark
    return {
        "id": document,
        "position": removal.position,
        "text": removal.text,
        "reason": mark.reason,
        "rule": mark.rule,
        "of": {"id": mark.of.id, "position": mark.of.position} if mark.of else None,
        "similarity": mark.similarity,
    }


def _why_nothing_is_left(document: CleanDocument) -> str:
    reasons = Counter(removal.mark.reason.value for removal in document.removed)
    if not reasons:
        return "it held no text once its encoding was repaired"
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return f"every paragraph was removed: {told}"


def _count(outcome: CleanDocument | Rejection, counts: Counts) -> None:
    counts.read += 1
    if isinstance(outcome, Rejection):
        counts.rejected += 1
        return
    counts.written += bool(outcome.kept)
    counts.dropped += not outcome.kept
    counts.kept += len(outcome.kept)
    for removal in outcome.removed:
        counts.removed_by_reason[removal.mark.reason.value] += 1
        if removal.mark.rule:
            counts.removed_by_rule[removal.mark.rule] += 1


class _Files:
    """The four files of a batch."""

    def __init__(self, folder: Path) -> None:
        self._streams: dict[str, IO[bytes]] = {}
        self._folder = folder

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        for kind in (*SHARDED, *SINGLE):
            self._streams[kind] = (self._folder / kind).open("wb")
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


class Shards:
    """Join the files of the batches, in order, to the files of the output."""

    def __init__(self, folder: Path, shard_bytes: int) -> None:
        self._folder = folder
        self._shard_bytes = shard_bytes
        self._numbers = dict.fromkeys(SHARDED, 0)
        for kind in (*SHARDED, *SINGLE):
            self._path(kind).parent.mkdir(parents=True, exist_ok=True)
            self._path(kind).touch()

    def append(self, batch: Path) -> None:
        """Append what `write_outcomes` wrote to a folder, and delete that folder."""
        for kind in (*SHARDED, *SINGLE):
            piece = batch / kind
            if not piece.stat().st_size:
                continue
            if kind in SHARDED and self._path(kind).stat().st_size >= self._shard_bytes:
                self._numbers[kind] += 1
            with piece.open("rb") as source, self._path(kind).open("ab") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        shutil.rmtree(batch)

    def close(self) -> tuple[Path, ...]:
        """Make sure that all is on the disk; the paths of the files, below the folder."""
        paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
        for path in paths:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        return tuple(path.relative_to(self._folder) for path in paths)

    def _path(self, kind: str) -> Path:
        if kind in SHARDED:
            return self._folder / kind / f"part-{self._numbers[kind]:05d}.jsonl"
        return self._folder / f"{kind}.jsonl"
