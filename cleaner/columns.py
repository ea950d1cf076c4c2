"""Columns of numbers on disk: appended to, then mapped, so that none must fit in memory."""

import mmap
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

CHUNK = 1 << 20
"""Values of a column that are handled at once where all are gone through."""


class ColumnWriter:
    """Appends to columns, each a file of a folder. Use it in a `with` statement.

    Columns that are there already are named with the bytes that count; what is more is cut off.
    """

    def __init__(self, folder: Path, sizes: Mapping[str, int] | None = None) -> None:
        self.folder = folder
        self.sizes = dict(sizes or {})
        """Bytes of each column, with what a buffer still holds."""
        self._streams: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, size in self.sizes.items():
            os.truncate(self.folder / name, size)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with ExitStack() as stack:  # closes all, even where the disk has no room for one
            for stream in self._streams.values():
                stack.callback(stream.close)

    def append(self, name: str, values: NDArray[Any]) -> None:
        """Append to the column of that name; its values keep their dtype."""
        if name not in self._streams:
            mode = "ab" if name in self.sizes else "wb"
            self._streams[name] = (self.folder / name).open(mode)
        data = np.ascontiguousarray(values).data
        self._streams[name].write(data)
        self.sizes[name] = self.sizes.get(name, 0) + data.nbytes

    def flush(self) -> None:
        """Hand what buffers hold to the system."""
        for stream in self._streams.values():
            stream.flush()


class Column:
    """A column as an array over its file.

    What was looked at stays in the process's memory until `release`; the operating system has it
    in its cache, which gives way where memory is needed.
    """

    def __init__(self, path: Path, dtype: DTypeLike, *, writable: bool = False) -> None:
        size = path.stat().st_size if path.exists() else 0
        self._map: mmap.mmap | None = None
        self.array: NDArray[Any] = np.empty(0, dtype=dtype)
        if size:
            access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
            with path.open("r+b" if writable else "rb") as stream:
                self._map = mmap.mmap(stream.fileno(), size, access=access)
            self.array = np.frombuffer(self._map, dtype=dtype)

    @classmethod
    def filled(cls, path: Path, dtype: DTypeLike, size: int, value: float) -> "Column":
        """Make a column of one value over and over, to be written to."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            for first in range(0, size, CHUNK):
                stream.write(np.full(min(CHUNK, size - first), value, dtype=dtype).data)
        return cls(path, dtype, writable=True)

    def __len__(self) -> int:
        return len(self.array)

    def release(self) -> None:
        """Give the memory back; the values stay in the file."""
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def below(folder: str, sizes: Mapping[str, int]) -> Mapping[str, int]:
    """The sizes of what is in a folder, by the names there."""
    start = f"{folder}/"
    return {name.removeprefix(start): sizes[name] for name in sizes if name.startswith(start)}


def spans(total: int, size: int = CHUNK) -> list[tuple[int, int]]:
    """The first and the last but one of consecutive stretches that cover `total` values."""
    return [(first, min(first + size, total)) for first in range(0, total, size)]
