"""Rows in Parquet files: written from whole files of rows, and read again.

Every file of a kind has the same schema, whatever rows it holds, as readers take that of the first
for all. Metadata differs from row to row, and is JSON in a text.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cleaner.json_lines import load_line
from cleaner.packing import open_rows

GROUP_BYTES = 8 << 20
"""Of rows, as JSON, from which a group of rows is closed: a thousand articles or so. Who writes a
file holds one group in memory, and so does who reads it."""
ROWS_AT_ONCE = 200
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "documents": {"id": "text", "text": "text", "source": "text", "metadata": "text"},
    "removed": {
        "id": "text",
        "position": "number",
        "at": "number",
        "text": "text",
        "reason": "text",
        "rule": "text",
        "of": "place",
        "similarity": "share",
        "count": "number",
    },
}
"""By kind of row, its columns."""


class ParquetError(Exception):
    """A file is not the Parquet file that it should be."""


def write_parquet(rows: Path, target: Path, kind: str, at: Callable[[int], None]) -> None:
    """Write a file of rows as a Parquet file.

    Args:
        rows: JSONL, packed or not.
        target: the file to write.
        kind: of rows, a key of `COLUMNS`.
        at: told the number of each group of rows before it is made.

    """
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema(kind)
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for number, some in enumerate(_groups(rows)):
            at(number)
            columns = {name: [row[name] for row in some] for name in schema.names}
            writer.write_batch(pa.RecordBatch.from_pydict(columns, schema))


def read_parquet(path: Path, kind: str) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file.

    Raises:
        OSError: it cannot be read.
        ParquetError: it is no Parquet file, is damaged, or has other columns.

    """
    import pyarrow as pa
    from pyarrow import parquet

    with path.open("rb") as stream:
        try:
            file = parquet.ParquetFile(stream)
            if not file.schema_arrow.equals(_schema(kind)):
                wanted = ", ".join(f"{name} ({one})" for name, one in COLUMNS[kind].items())
                raise ParquetError(f"its columns are not {wanted}")
            for batch in file.iter_batches(ROWS_AT_ONCE, use_threads=False):
                yield from batch.to_pylist()
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno:
                raise  # of the system's, where those of a damaged file have no number
            raise ParquetError(" ".join(str(error).split())) from error


def _groups(rows: Path) -> Iterator[list[dict[str, Any]]]:
    if not rows.stat().st_size:
        return  # what is packed has some bytes when it is closed, and this never was
    some: list[dict[str, Any]] = []
    size = 0
    with open_rows(rows) as lines:
        for line in lines:
            some.append(load_line(line))
            size += len(line)
            if size >= GROUP_BYTES:
                yield some
                some, size = [], 0
    if some:
        yield some


def _schema(kind: str) -> Any:  # noqa: ANN401 - pyarrow ships no types
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "number": pa.int64(),
        "share": pa.float64(),
        "place": pa.struct({"id": pa.string(), "position": pa.int64()}),
    }
    return pa.schema({name: types[one] for name, one in COLUMNS[kind].items()})
