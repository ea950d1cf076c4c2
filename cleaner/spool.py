"""A stream put on the disk, to be read as a file of rows is: once it is whole, and then again."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from cleaner.config import Config
from cleaner.errors import CleanerError
from cleaner.json_lines import dump_line
from cleaner.not_rows import check_rows, holds_nothing
from cleaner.stages.content_kind import LOOKED_AT, compression_of
from cleaner.stages.decode import STREAM
from cleaner.stages.discover import Inventory
from cleaner.stages.fields import field_names
from cleaner.stages.head import with_head
from cleaner.stages.source_file import Compression, Format, SourceFile

STANDARD_INPUT = "stdin.jsonl"
"""Source of the rows of the standard input: they become what those of such a file would."""
AT_ONCE = 1 << 20

Document = str | Mapping[str, Any]
Refuse = Callable[[int, object, str], object]
"""Told of a document that cannot be a row: its number from 0, itself, and why."""


@contextmanager
def scratch_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder for work files, and its end.

    Args:
        parent: where it is made; None is the system's folder for temporary files.

    Raises:
        CleanerError: it cannot be made.

    """
    try:
        folder = TemporaryDirectory(prefix="cleaner-", dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise cannot_write(error, parent) from error
    with folder as name:
        yield Path(name).resolve()  # a spool that is reached by a link would not be read


def cannot_write(error: OSError, folder: Path | None) -> CleanerError:
    """What an error of the system means for work in a scratch folder, and what to do."""
    place = "the folder for temporary files (TMPDIR)" if folder is None else folder
    what = error.strerror or str(error)
    return CleanerError(f"{place} cannot be used: {what}; name another scratch folder")


def spool_bytes(stream: BinaryIO, folder: Path) -> Inventory:
    """Copy a stream of JSONL, plain or packed, to a file in a folder; one of nothing is no file.

    Raises:
        UsageError: it begins as something else does.

    """
    path, digest = folder / STANDARD_INPUT, hashlib.sha256()
    with path.open("wb") as spool:
        start, stream = with_head(stream, LOOKED_AT)
        check_rows(start)
        if holds_nothing(start):
            return Inventory((), (), (), is_named=False)
        while piece := stream.read(AT_ONCE):
            digest.update(piece)
            spool.write(piece)
    return _inventory(path, STANDARD_INPUT, compression_of(start), digest.hexdigest())


def spool_documents(
    documents: Iterable[Document], folder: Path, config: Config, refuse: Refuse
) -> Inventory | None:
    """Write documents as rows of JSON to a file in a folder; None if there is no row.

    Each has the line of its number, counted from 1; those that are refused have a blank one.

    Raises:
        CleanerError: the disk does not take them. What `documents` raises comes through as it is.

    """
    path, rows = folder / f"{STREAM}.jsonl", 0
    spool = path.open("wb")
    try:
        for number, document in enumerate(documents):
            try:
                line = _as_line(document, config)
                rows += 1
            except (TypeError, ValueError, RecursionError) as error:
                refuse(number, document, str(error))
                line = b"\n"
            with _explained(folder.parent):
                spool.write(line)
        with _explained(folder.parent):
            spool.flush()
    finally:
        with suppress(OSError):  # of what could not be written it has been told
            spool.close()
    return _inventory(path, STREAM, Compression.NONE, None) if rows else None


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(error, folder) from error


def _as_line(document: object, config: Config) -> bytes:
    if isinstance(document, str):
        return dump_line({field_names(config.text_field)[0]: document})
    if not isinstance(document, Mapping):
        raise TypeError(no_document(document))
    try:
        return dump_line(dict(document))
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"it holds what a row of JSON cannot ({error}); leave that out") from None


def no_document(thing: object) -> str:
    """Why something that is neither a string nor a mapping is no document, and what to do."""
    told = f"a document is a string or a mapping, not {type(thing).__name__}"
    if isinstance(thing, bytes | bytearray):
        return f"{told}; decode it, or give a page to clean_html(), which finds its encoding"
    return told


def _inventory(path: Path, name: str, compression: Compression, digest: str | None) -> Inventory:
    status = path.stat()
    file = SourceFile(
        path, name, Format.JSONL, compression, status.st_size, status.st_mtime_ns, digest
    )
    return Inventory((file,), (), (), is_named=False)
