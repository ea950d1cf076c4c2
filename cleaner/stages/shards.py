"""Join the files of the batches to the files of the output."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from cleaner.packing import nothing_packed
from cleaner.stages.signed import signature_header

SINGLE = ("dropped.jsonl", "rejected.jsonl")


class Shards:
    """Join the files of the batches, in order, to the files of the output.

    Args:
        folder: where the files are put together.
        shard_bytes: from which a file is closed and the next begun.
        sharded: the folders of numbered files, and how these end (`output_formats.sharded`).
        sizes: of the files of a run that was cut off; it goes on from there.

    """

    def __init__(
        self,
        folder: Path,
        shard_bytes: int,
        sharded: Mapping[str, tuple[str, ...]],
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self.folder = folder
        self._shard_bytes = shard_bytes
        self._sharded = sharded
        self._numbers = dict.fromkeys(sharded, 0)
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
            suffixes = self._sharded[kind]
            if not _holds_something(batch / f"{kind}{suffixes[0]}"):
                continue
            if self.sizes[self._name(kind, suffixes[0])] >= self._shard_bytes:
                self._numbers[kind] = number + 1
                changed |= self._begin(kind)
            for suffix in suffixes:
                piece = batch / f"{kind}{suffix}"
                changed.add(self._append(piece, self._name(kind, suffix)))
        for name in SINGLE:
            if _holds_something(batch / name):
                changed.add(self._append(batch / name, name))
        shutil.rmtree(batch)
        return changed

    def put(self, file: Path, name: str) -> Path:
        """Put a whole file in its place among the others, by its path below the folder."""
        self.sizes[name] = file.stat().st_size
        return file.replace(self.folder / name)

    def leave_out(self, file: Path) -> None:
        """Take a file to be none of the output, of which another was made."""
        del self.sizes[file.relative_to(self.folder).as_posix()]

    def close(self) -> tuple[Path, ...]:
        """Make the files whole; their paths, below the folder."""
        paths = [self.folder / name for name in sorted(self.sizes)]
        for path in paths:
            size = path.stat().st_size
            start = signature_header(size) if path.suffix == ".npy" else b""
            if start or not size:
                with path.open("r+b") as stream:
                    stream.write(start or nothing_packed(path.suffix))
        return tuple(path.relative_to(self.folder) for path in paths)

    def _begin_all(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for kind in self._numbers:
            (self.folder / kind).mkdir(parents=True)
            self._begin(kind)
        for name in SINGLE:
            (self.folder / name).touch()
            self.sizes[name] = 0

    def _cut_back(self) -> None:
        for path in [path for path in self.folder.rglob("*") if path.is_file()]:
            size = self.sizes.get(path.relative_to(self.folder).as_posix())
            if size is None:
                path.unlink()
            else:
                os.truncate(path, size)
        for kind in self._numbers:
            self._numbers[kind] = (
                sum(
                    name.startswith(f"{kind}/") and name.endswith(self._sharded[kind][0])
                    for name in self.sizes
                )
                - 1
            )

    def _begin(self, kind: str) -> set[Path]:
        for suffix in self._sharded[kind]:
            header = signature_header() if suffix == ".npy" else b""
            name = self._name(kind, suffix)
            (self.folder / name).write_bytes(header)
            self.sizes[name] = len(header)
        return {self.folder / self._name(kind, suffix) for suffix in self._sharded[kind]}

    def _append(self, piece: Path, name: str) -> Path:
        whole = self.folder / name
        with piece.open("rb") as source, whole.open("ab") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            self.sizes[name] = target.tell()
        return whole

    def _name(self, kind: str, suffix: str) -> str:
        return f"{kind}/part-{self._numbers[kind]:05d}{suffix}"


def _holds_something(piece: Path) -> bool:
    return piece.exists() and piece.stat().st_size > 0
