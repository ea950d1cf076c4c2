"""Parts: consecutive batches, each in a folder like the work folder of a small run of its own.

What steps find out about a part is in files of its folder. A file appears whole and is never
changed, so a step that is done again, or twice at the same time, reads what it read before.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cleaner.catalogue import Catalogue
from cleaner.columns import Column
from cleaner.config import Config
from cleaner.decided import open_store
from cleaner.duplicates.store import Store
from cleaner.intake import CATALOGUE, STORE

PARTS, LAYOUT = "parts", "layout"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the documents and paragraphs of each part begin among all."""

    work: Path
    documents: NDArray[np.int64]
    """Shape (parts + 1,), as the next."""
    paragraphs: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.documents) - 1

    def part_of(self, paragraphs: NDArray[np.int64]) -> NDArray[np.int64]:
        """The part of each paragraph."""
        return np.searchsorted(self.paragraphs, paragraphs, side="right") - 1

    def part(self, number: int) -> "Part":
        """One of the parts."""
        return Part(
            part_folder(self.work, number),
            number,
            int(self.documents[number]),
            int(self.paragraphs[number]),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One part. All numbers in its own files but those said to be of the whole run are its own."""

    folder: Path
    number: int
    first_document: int
    first_paragraph: int

    def store(self, config: Config) -> Store:
        """Its sketches."""
        return open_store(self.folder / STORE, config)

    def catalogue(self) -> Catalogue:
        """Its documents."""
        return Catalogue(self.folder / CATALOGUE)

    def put(self, name: str, values: NDArray[Any]) -> None:
        """Write a column."""
        put_column(self.folder / name, values)

    def got(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Read a column; an empty one if it is not there."""
        return got_column(self.folder / name, dtype)


def part_folder(work: Path, number: int) -> Path:
    """The folder of a part."""
    return work / PARTS / f"{number:06d}"


def put_column(path: Path, values: NDArray[Any]) -> None:
    """Write a column that appears whole."""
    with written_whole(path) as aside:
        np.ascontiguousarray(values).tofile(aside)


def got_column(path: Path, dtype: DTypeLike) -> NDArray[Any]:
    """Read a column; an empty one if it is not there."""
    return np.fromfile(path, dtype) if path.exists() else np.empty(0, dtype)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file to write to, that then appears in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="aside-", dir=path.parent) as aside:
        yield Path(aside) / "file"
        (Path(aside) / "file").replace(path)


def made_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder that appears whole, unless it is there."""
    if path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    aside = Path(mkdtemp(prefix="aside-", dir=path.parent))
    try:
        fill(aside)
        aside.replace(path)
    except OSError:
        if not path.exists():  # else another attempt was first
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def scratch_column(values: NDArray[Any]) -> Iterator[Column]:
    """Values as a column in a file of this machine."""
    with TemporaryDirectory(prefix="cleaner-") as folder:
        column = Column.filled(Path(folder) / "column", values.dtype, len(values), 0)
        column.array[:] = values
        yield column
