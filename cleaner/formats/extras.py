"""Libraries that only some formats need: they are not installed unless they are asked for."""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec

from cleaner.errors import UsageError
from cleaner.stages.source_file import Format, SourceFile

MODULES = {Format.WARC: "fastwarc", Format.PARQUET: "pyarrow"}
EXTRAS = {Format.WARC: "warc", Format.PARQUET: "parquet"}
"""Names of optional dependencies in `pyproject.toml`."""
NAMED = 3


def check_extras(files: Iterable[SourceFile]) -> None:
    """Stop before any work where files need a library that is not there.

    Raises:
        UsageError: names the format, the first files, and what to install.

    """
    lacking: dict[Format, list[str]] = {}
    for file in files:
        if file.format in MODULES and (file.format in lacking or is_lacking(file.format)):
            lacking.setdefault(file.format, []).append(file.name)
    for format_, names in lacking.items():
        raise UsageError(
            f"{_told(names)} needs what is not installed to read {format_} files: "
            f"pip install '{extra_for(format_)}', or move them out of the input"
        )


def is_lacking(format_: Format) -> bool:
    """Whether files of a format cannot be read here."""
    return format_ in MODULES and find_spec(MODULES[format_]) is None


def extra_for(format_: Format) -> str:
    """What to install for a format."""
    return f"corpus-cleaner[{EXTRAS[format_]}]"


def libraries_for(files: Iterable[SourceFile]) -> Sequence[str]:
    """The optional libraries that read some of these files, which decide what comes out."""
    return sorted({MODULES[file.format] for file in files if file.format in MODULES})


def _told(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
