"""Read a finished output with the tools that corpora are read with, and compare every row.

    pip install -e '.[readers]'
    python benchmarks/readers.py CLEAN

The calls are those that `docs/output.md` gives for the format of the output.
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from glob import glob
from pathlib import Path
from typing import Any

from cleaner.output.faults import ignore
from cleaner.output.rows import Output, read_rows
from cleaner.output.summary import read_summary

Rows = Iterable[Mapping[str, Any]]
KINDS = ("documents", "removed")


def datasets_rows(pattern: str, kind: str, output: Output, *, streaming: bool) -> Rows:
    """Hugging Face datasets."""
    import datasets
    from datasets import Features, Json, Value

    datasets.disable_progress_bars()
    text, number = Value("string"), Value("int64")
    place = {"id": text, "position": number}
    features = {
        "documents": {"id": text, "text": text, "source": text, "metadata": Json()},
        "removed": {
            "id": text,
            "position": number,
            "at": number,
            "text": text,
            "reason": text,
            "rule": text,
            "of": place,
            "similarity": Value("float64"),
            "count": number,
        },
    }
    is_parquet = pattern.endswith(".parquet")
    is_plain = is_parquet or (kind == "documents" and output.config.metadata_as_text)
    with tempfile.TemporaryDirectory() as cache:
        yield from datasets.load_dataset(
            "parquet" if is_parquet else "json",
            data_files=pattern,
            split="train",
            streaming=streaming,
            cache_dir=cache,
            features=None if is_plain else Features(features[kind]),
        )


def duckdb_rows(pattern: str, kind: str, output: Output) -> Rows:
    """DuckDB."""
    import duckdb

    metadata = "VARCHAR" if output.config.metadata_as_text else "JSON"
    columns = {
        "documents": {**dict.fromkeys(("id", "text", "source"), "VARCHAR"), "metadata": metadata},
        "removed": {
            **dict.fromkeys(("id", "text", "reason", "rule"), "VARCHAR"),
            **dict.fromkeys(("position", "at", "count"), "BIGINT"),
            "of": "STRUCT(id VARCHAR, position BIGINT)",
            "similarity": "DOUBLE",
        },
    }
    is_parquet = pattern.endswith(".parquet")
    call = "read_parquet($files)" if is_parquet else f"read_json($files, columns = {columns[kind]})"
    table = duckdb.execute(f"SELECT * FROM {call}", {"files": pattern})  # noqa: S608 - three calls
    names = [column[0] for column in table.description]
    return [dict(zip(names, row, strict=True)) for row in table.fetchall()]


def pandas_rows(pattern: str, _kind: str, _output: Output) -> Rows:
    """Read with pandas, file by file where it takes no pattern."""
    import pandas as pd

    files = sorted(glob(pattern))  # noqa: PTH207 - as a user would
    if pattern.endswith(".parquet"):
        table = pd.concat(map(pd.read_parquet, files))
    else:
        table = pd.concat(
            pd.read_json(file, lines=True, dtype=False, convert_dates=False) for file in files
        )
    return table.to_dict("records")


def polars_schema(kind: str) -> Mapping[str, Any]:
    """The columns of JSONL; metadata becomes the text that it is there."""
    import polars as pl

    if kind == "documents":
        return dict.fromkeys(("id", "text", "source", "metadata"), pl.String)
    place = pl.Struct({"id": pl.String, "position": pl.Int64})
    return {
        "id": pl.String,
        "position": pl.Int64,
        "at": pl.Int64,
        "text": pl.String,
        "reason": pl.String,
        "rule": pl.String,
        "of": place,
        "similarity": pl.Float64,
        "count": pl.Int64,
    }


def polars_rows(pattern: str, kind: str, _output: Output) -> Rows:
    """Read with polars."""
    import polars as pl

    if pattern.endswith(".parquet"):
        return pl.read_parquet(pattern).to_dicts()
    return pl.read_ndjson(pattern, schema=polars_schema(kind)).to_dicts()


def polars_lazily(pattern: str, kind: str, _output: Output) -> Rows:
    """Read with polars, in a lazy query."""
    import polars as pl

    if pattern.endswith(".parquet"):
        return pl.scan_parquet(pattern).collect().to_dicts()
    return pl.scan_ndjson(pattern, schema=polars_schema(kind)).collect().to_dicts()


def datatrove_rows(pattern: str, kind: str, _output: Output) -> Rows:
    """Read with datatrove, which takes every field but text and id for metadata."""
    from datatrove.pipeline.readers import JsonlReader, ParquetReader

    folder, name = Path(pattern).parent, Path(pattern).name
    reader = ParquetReader if name.endswith(".parquet") else JsonlReader
    for document in reader(str(folder), glob_pattern=name)():
        fields = document.metadata
        fields.pop("file_path")
        row: dict[str, Any] = {"id": document.id, "text": document.text}
        if kind == "documents":
            row |= {"source": fields.pop("source"), "metadata": fields}
        yield row | (fields if kind == "removed" else {})


def dolma_rows(pattern: str, kind: str, output: Output) -> Rows:
    """Read as Dolma's toolkit does: with smart_open and msgspec, by its own types."""
    import msgspec
    import smart_open

    if pattern.endswith(".parquet") or kind == "removed" or output.config.metadata_as_text:
        return
    shape = msgspec.defstruct(
        "InputSpecWithMetadata",
        [
            *(("id", str), ("text", str), ("source", str, ""), ("created", str, "")),
            *(("added", str, ""), ("version", str | None, None)),
            ("metadata", dict[str, Any] | None, None),
        ],
    )
    decoder = msgspec.json.Decoder(shape)
    for file in sorted(glob(pattern)):  # noqa: PTH207 - as Dolma does
        with smart_open.open(file, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = msgspec.to_builtins(decoder.decode(line))
                yield {name: row[name] for name in ("id", "text", "source", "metadata")}


READERS: Mapping[str, Callable[[str, str, Output], Rows]] = {
    "datasets": lambda *given: datasets_rows(*given, streaming=False),
    "datasets, streaming": lambda *given: datasets_rows(*given, streaming=True),
    "DuckDB": duckdb_rows,
    "pandas": pandas_rows,
    "polars": polars_rows,
    "polars, lazy": polars_lazily,
    "datatrove": datatrove_rows,
    "Dolma": dolma_rows,
}


def told(clean: Path) -> Iterator[tuple[str, str, str, bool]]:
    """For each kind of row and reader: what came of it, and whether that is right."""
    output = Output(clean, read_summary(clean).config)
    for kind in KINDS:
        expected = [_bare(row.values) for row in read_rows(output, kind, ignore)]
        pattern = f"{clean}/{kind}/*{output.suffix_of(kind)}"
        for name, read in READERS.items():
            try:
                rows = [_bare(row) for row in read(pattern, kind, output)]
            except Exception as error:  # noqa: BLE001 - whatever a reader has against the files
                message = " ".join(str(error.__cause__ or error).split())[:200]
                yield kind, name, f"{type(error).__name__}: {message}", False
                continue
            if name == "Dolma" and not rows:
                continue
            pairs = enumerate(zip(rows, expected, strict=False))
            wrong = next((number for number, (one, other) in pairs if one != other), None)
            is_right = wrong is None and len(rows) == len(expected)
            what = f"{len(rows):,} rows of {len(expected):,}"
            if wrong is not None:
                what += f", and row {wrong} is another"
            yield kind, name, what, is_right


def _bare(value: Any) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Without what is null, as readers with one schema add it; JSON in a text unfolded."""
    if isinstance(value, Mapping):
        bare = {
            name: _bare(_unfolded(one) if name == "metadata" else one)
            for name, one in value.items()
        }
        return {name: one for name, one in bare.items() if not _is_nothing(one)}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    # datasets reads JSON of changing types with ten digits to a fraction.
    return round(value, 9) if isinstance(value, float) else value


def _is_nothing(value: object) -> bool:
    # pandas has NaN for null in a column of numbers, and only that differs from itself.
    return value is None or value == {} or value != value  # noqa: PLR0124


def _unfolded(value: object) -> Any:  # noqa: ANN401 - JSON is whatever it is
    return json.loads(value) if isinstance(value, str) else value


def main() -> int:
    """Print a table; 1 if some reader does not give what was written."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("clean", type=Path, help="output folder of a finished run")
    logging.disable(logging.WARNING)
    results = list(told(parser.parse_args().clean))
    for kind, name, what, is_right in results:
        print(f"{'ok  ' if is_right else 'FAIL'}  {kind:10} {name:20} {what}")
    return 0 if all(is_right for *_, is_right in results) else 1


if __name__ == "__main__":
    sys.exit(main())
