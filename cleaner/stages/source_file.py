"""A file of the input: what it holds, how it is packed, and by what names that is told."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath


class Format(StrEnum):
    """How a file holds its documents."""

    TEXT = "text"
    HTML = "HTML"
    JSONL = "JSONL"
    JSON = "JSON"
    XML = "XML"
    TABLE = "CSV or TSV"
    PARQUET = "Parquet"
    WARC = "WARC"
    ZIP = "ZIP"
    TAR = "tar"


class Compression(StrEnum):
    """How a file's bytes are packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"
    BZIP2 = "bzip2"
    XZ = "xz"


FORMATS = {
    ".txt": Format.TEXT,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSON,
    ".csv": Format.TABLE,
    ".tsv": Format.TABLE,
    ".parquet": Format.PARQUET,
    ".warc": Format.WARC,
    ".wet": Format.WARC,
    ".zip": Format.ZIP,
    ".tar": Format.TAR,
}
COMPRESSIONS = {
    ".gz": Compression.GZIP,
    ".zst": Compression.ZSTD,
    ".bz2": Compression.BZIP2,
    ".xz": Compression.XZ,
}
SHORT = {".tgz": ".tar.gz", ".tzst": ".tar.zst", ".tbz2": ".tar.bz2", ".txz": ".tar.xz"}
"""Suffixes that stand for two."""
OF_MANY = frozenset({Format.JSONL, Format.TABLE, Format.PARQUET, Format.WARC})
"""Formats of which a file holds many documents."""
NOT_PACKED = frozenset({Format.PARQUET, Format.ZIP})
"""Formats that are read from the end, and pack what they hold themselves."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a file holds its documents, and how it is packed."""

    format: Format
    compression: Compression


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a file tells."""

    format: Format | None
    compression: Compression
    suffixes: str
    """Those that tell it, or the last one."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `name` is its path below RAW, with forward slashes."""

    path: Path
    """Without a link in it when it was listed."""
    name: str
    format: Format
    compression: Compression
    size: int
    modified: int
    """Time of last change, in nanoseconds."""
    digest: str | None = None
    """The SHA-256 of the file where that was asked for; empty if it cannot be read."""


def told_by_name(name: str) -> Named:
    """What a name tells of a file.

    >>> told_by_name("pages/harbour.warc.gz").suffixes
    '.warc.gz'
    """
    path = PurePosixPath(name.lower())
    if path.suffix in SHORT:
        path = path.with_suffix(SHORT[path.suffix])
    compression = COMPRESSIONS.get(path.suffix, Compression.NONE)
    if compression is Compression.NONE:
        return Named(FORMATS.get(path.suffix), compression, path.suffix)
    inner = PurePosixPath(path.stem).suffix
    return Named(FORMATS.get(inner), compression, inner + path.suffix)
