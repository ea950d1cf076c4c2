"""Join the files of the batches to the files of the output."""

import os
import shutil
from pathlib import Path

from cleaner.stages.write import ROW_KINDS

SHARDED = ("documents", "removed")
"""Kinds of rows that are written to a folder of numbered files; the others to one file each."""


class Shards:
    """Join the files of the batches, in order, to the files of the output."""

    def __init__(self, folder: Path, shard_bytes: int) -> None:
        self._folder = folder
        self._shard_bytes = shard_bytes
        self._numbers = dict.fromkeys(SHARDED, 0)
        for kind in ROW_KINDS:
            self._path(kind).parent.mkdir(parents=True, exist_ok=True)
            self._path(kind).touch()

    def append(self, batch: Path) -> None:
        """Append what `write_outcomes` wrote to a folder, and delete that folder."""
        for kind in ROW_KINDS:
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
            with path.open("r+b") as stream:
                os.fsync(stream.fileno())
        return tuple(path.relative_to(self._folder) for path in paths)

    def _path(self, kind: str) -> Path:
        if kind in SHARDED:
            return self._folder / kind / f"part-{self._numbers[kind]:05d}.jsonl"
        return self._folder / f"{kind}.jsonl"
