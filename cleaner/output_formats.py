"""The formats that an output can have, and what its files are called by them."""

from collections.abc import Mapping
from importlib.util import find_spec

from cleaner.config import Config
from cleaner.errors import UsageError

PARQUET = "parquet"
SIGNATURES = (".npy", ".jsonl")
"""Numbers without any order to be packed by, and whose they are: the same in every format."""
EXTRA = "pip install 'corpus-cleaner[parquet]'"


def row_suffix(config: Config) -> str:
    """How files of documents and of removed rows end while the run goes on.

    A Parquet file cannot be appended to: it is made of a whole file of rows when all are there.
    """
    return ".jsonl.zst" if config.output_format == PARQUET else f".{config.output_format}"


def sharded(config: Config) -> Mapping[str, tuple[str, ...]]:
    """The folders of numbered files while the run goes on, and how the files end.

    Where a number has two files, a row of one goes with a row of the other, and the first is the
    one whose size counts.
    """
    rows = (row_suffix(config),)
    folders = {"documents": rows, "removed": rows}
    return folders | {"signatures": SIGNATURES} if config.signatures else folders


def is_metadata_text(config: Config) -> bool:
    """Whether metadata is written as JSON in a text. In Parquet all rows must have one schema."""
    return config.metadata_as_text or config.output_format == PARQUET


def check_libraries(config: Config) -> None:
    """Refuse a format whose library is not installed.

    Raises:
        UsageError: it says what to install.

    """
    if config.output_format == PARQUET and find_spec("pyarrow") is None:
        raise UsageError(
            f"the output format {PARQUET} needs pyarrow, which is not installed: {EXTRA}"
        )
