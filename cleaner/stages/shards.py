"""Join the files of the batches to the files of the output."""

import os
import shutil
from pathlib import Path

from cleaner.stages.signed import signature_header

SHARDED = {
    "documents": (".jsonl",),
    "removed": (".jsonl",),
    "signatures": (".npy", ".jsonl"),
}
"""Folders of numbered files; where a number has two files, a row of one goes with a row of the
other, and the first is the one whose size counts."""
SINGLE = ("dropped.jsonl", "rejected.jsonl")


class Shards:
    """Join the files of the batches, in order, to the files of the output."""

    def __init__(self, folder: Path, shard_bytes: int, *, with_signatures: bool) -> None:
        self._folder = folder
        self._shard_bytes = shard_bytes
        self._numbers = {kind: 0 for kind in SHARDED if kind != "signatures" or with_signatures}
        for kind in self._numbers:
            (folder / kind).mkdir(parents=True)
            self._begin(kind)
        for name in SINGLE:
            (folder / name).touch()

    def append(self, batch: Path) -> None:
        """Append a batch's files, such as `write_outcomes` wrote, and delete their folder."""
        for kind, number in self._numbers.items():
            pieces = [batch / f"{kind}{suffix}" for suffix in SHARDED[kind]]
            if not _holds_something(pieces[0]):
                continue
            if self._path(kind, SHARDED[kind][0]).stat().st_size >= self._shard_bytes:
                self._numbers[kind] = number + 1
                self._begin(kind)
            for piece in pieces:
                _append(piece, self._path(kind, piece.suffix))
        for name in SINGLE:
            if _holds_something(batch / name):
                _append(batch / name, self._folder / name)
        shutil.rmtree(batch)

    def close(self) -> tuple[Path, ...]:
        """Make sure that all is on the disk; the paths of the files, below the folder."""
        paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
        for path in paths:
            with path.open("r+b") as stream:
                if path.suffix == ".npy":
                    stream.write(signature_header(path.stat().st_size))
                os.fsync(stream.fileno())
        return tuple(path.relative_to(self._folder) for path in paths)

    def _begin(self, kind: str) -> None:
        for suffix in SHARDED[kind]:
            self._path(kind, suffix).write_bytes(signature_header() if suffix == ".npy" else b"")

    def _path(self, kind: str, suffix: str) -> Path:
        return self._folder / kind / f"part-{self._numbers[kind]:05d}{suffix}"


def _holds_something(piece: Path) -> bool:
    return piece.exists() and piece.stat().st_size > 0


def _append(piece: Path, whole: Path) -> None:
    with piece.open("rb") as source, whole.open("ab") as target:
        shutil.copyfileobj(source, target, 1 << 20)
