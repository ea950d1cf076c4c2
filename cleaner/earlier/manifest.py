"""What an index consists of: which runs it holds, in which segments, and how these must look."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from cleaner.durable import replace_durably
from cleaner.errors import CleanerError

MANIFEST = "index.json"
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Held:
    """A run whose corpus an index holds."""

    run: str
    """Digest of all that decided its output."""
    input: str
    content: str | None
    """Digests of its input by names, sizes and times of change; and by content, where known."""
    base: str
    """What the index was before."""
    clean: str
    """Name of the folder of its output."""
    documents: int
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Part:
    """A segment."""

    name: str
    """Of its folder."""
    documents: int
    paragraphs: int
    files: Mapping[str, tuple[int, str]]
    """Of each file its size and its SHA-256."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """What `asdict` made, read from JSON."""
        files = {name: (int(size), str(digest)) for name, (size, digest) in row["files"].items()}
        return cls(row["name"], row["documents"], row["paragraphs"], files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """An index as its file says it is."""

    parameters: Mapping[str, Any]
    runs: tuple[Held, ...] = ()
    parts: tuple[Part, ...] = ()
    """In the order of the runs."""

    @property
    def identity(self) -> str:
        """Tells the indexes apart that hold other runs, however they are parted."""
        if not self.runs:
            return hashlib.sha256(json.dumps(self.parameters, sort_keys=True).encode()).hexdigest()
        last = self.runs[-1]
        return hashlib.sha256(f"{last.base} {last.run}".encode()).hexdigest()

    def with_run(self, held: Held, part: Part) -> "Manifest":
        """With one more run, in a segment of its own."""
        return replace(self, runs=(*self.runs, held), parts=(*self.parts, part))

    @property
    def ends_with_last_run(self) -> bool:
        """Whether the last segment holds the last run and nothing else."""
        if not self.runs or not self.parts:
            return False
        run, part = self.runs[-1], self.parts[-1]
        return (run.documents, run.paragraphs) == (part.documents, part.paragraphs)

    def without_last(self) -> "Manifest":
        """As it was before its last run was added."""
        return replace(self, runs=self.runs[:-1], parts=self.parts[:-1])

    def save(self, folder: Path) -> None:
        """Write it, in the place of the one before once it is whole."""
        row = asdict(self)
        replace_durably(
            folder / MANIFEST, json.dumps(row | {DIGEST: _digest(row)}, indent=1).encode()
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an index.

    Raises:
        CleanerError: it is damaged.

    """
    path = folder / MANIFEST
    try:
        row = json.loads(path.read_bytes())
        digest = row.pop(DIGEST)
        manifest = Manifest(
            row["parameters"],
            tuple(Held(**one) for one in row["runs"]),
            tuple(Part.from_row(one) for one in row["parts"]),
        )
        is_whole = digest == _digest(row)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise damaged(folder, f"{MANIFEST} cannot be used ({error})") from None
    if not is_whole:
        raise damaged(folder, f"{MANIFEST} is not as it was written")
    return manifest


def damaged(folder: Path, told: str) -> CleanerError:
    """The error that an index was changed by somebody else than a run."""
    return CleanerError(
        f"the index {folder} is damaged: {told}; take it from a copy, or make it anew from the "
        "earlier corpus with --save-index"
    )


def _digest(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
