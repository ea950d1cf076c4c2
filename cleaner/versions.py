"""Versions of this program and of the libraries that decide what comes out."""

import platform
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata

from cleaner.config import OutputFormat

LIBRARIES = (
    *("trafilatura", "htmldate", "justext", "courlan", "lxml", "lxml_html_clean"),
    *("ftfy", "google-re2", "datasketch", "numpy", "orjson", "backports.zstd"),
)


@cache
def version(package: str) -> str:
    """The version of an installed package; a program that runs often reads its file once."""
    return metadata.version(package)


def program_version() -> str:
    """The version of this package."""
    return version("corpus-cleaner")


def versions(output_format: OutputFormat, optional: Iterable[str] = ()) -> Mapping[str, str]:
    """Names and versions, for the summary of a run; of optional libraries those it needs."""
    packers = {
        "jsonl.gz": lambda: {"zlib": zlib.ZLIB_RUNTIME_VERSION},
        "parquet": lambda: {"pyarrow": version("pyarrow")},
    }
    return {
        "cleaner": program_version(),
        "python": platform.python_version(),
        **{name: version(name) for name in (*LIBRARIES, *optional)},
        **packers.get(output_format, dict)(),
    }
