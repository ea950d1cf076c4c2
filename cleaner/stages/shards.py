"""Join the files of the batches to the files of the output."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from cleaner.durable import sync_folder
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
    """Join the files of the batches, in order, to the files of the output.

    With the sizes that its files had, it goes on from there.
    """

    def __init__(
        self,
        folder: Path,
        shard_bytes: int,
        *,
        with_signatures: bool,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self._folder = folder
        self._shard_bytes = shard_bytes
        self._numbers = {kind: 0 for kind in SHARDED if kind != "signatures" or with_signatures}
        self.sizes = dict(sizes or {})
        """Bytes of each file, by its path below the folder."""
        if sizes:
            self._cut_back()
        else:
            self._begin_all()

    def append(self, batch: Path) -> set[Path]:
        """Append a batch's files, such as `write_outcomes` wrote, and delete their folder.

        The paths of the files that it went to are given back.
        """
        changed: set[Path] = set()
        for kind, number in self._numbers.items():
            pieces = [batch / f"{kind}{suffix}" for suffix in SHARDED[kind]]
            if not _holds_something(pieces[0]):
                continue
            if self.sizes[self._name(kind, SHARDED[kind][0])] >= self._shard_bytes:
                self._numbers[kind] = number + 1
                changed |= self._begin(kind)
            for piece in pieces:
                changed.add(self._append(piece, self._name(kind, piece.suffix)))
        for name in SINGLE:
            if _holds_something(batch / name):
                changed.add(self._append(batch / name, name))
        shutil.rmtree(batch)
        return changed

    def close(self) -> tuple[Path, ...]:
        """Make sure that all is on the disk; the paths of the files, below the folder."""
        paths = [self._folder / name for name in sorted(self.sizes)]
        for path in paths:
            with path.open("r+b") as stream:
                if path.suffix == ".npy":
                    stream.write(signature_header(path.stat().st_size))
                os.fsync(stream.fileno())
        for folder in {path.parent for path in paths}:
            sync_folder(folder)
        return tuple(path.relative_to(self._folder) for path in paths)

    def _begin_all(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        for kind in self._numbers:
            (self._folder / kind).mkdir(parents=True)
            self._begin(kind)
        for name in SINGLE:
            (self._folder / name).touch()
            self.sizes[name] = 0

    def _cut_back(self) -> None:
        for path in [path for path in self._folder.rglob("*") if path.is_file()]:
            size = self.sizes.get(path.relative_to(self._folder).as_posix())
            if size is None:
                path.unlink()
            else:
                os.truncate(path, size)
        for kind in self._numbers:
            self._numbers[kind] = (
                sum(
                    name.startswith(f"{kind}/") and name.endswith(SHARDED[kind][0])
                    for name in self.sizes
                )
                - 1
            )

    def _begin(self, kind: str) -> set[Path]:
        for suffix in SHARDED[kind]:
            header = signature_header() if suffix == ".npy" else b""
            name = self._name(kind, suffix)
            (self._folder / name).write_bytes(header)
            self.sizes[name] = len(header)
        return {self._folder / self._name(kind, suffix) for suffix in SHARDED[kind]}

    def _append(self, piece: Path, name: str) -> Path:
        whole = self._folder / name
        with piece.open("rb") as source, whole.open("ab") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            self.sizes[name] = target.tell()
        return whole

    def _name(self, kind: str, suffix: str) -> str:
        return f"{kind}/part-{self._numbers[kind]:05d}{suffix}"


def _holds_something(piece: Path) -> bool:
    return piece.exists() and piece.stat().st_size > 0
