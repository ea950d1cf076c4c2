"""The formats of an output: the same rows in each, the same bytes, the same checks."""

import gzip
import json
import re
import shutil
import tempfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from backports import zstd
from conftest import cleaner, output_bytes, write_rows
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from test_output import CASES, CONFIGS, ROWS, corrupt
from test_promises import many_rows
from test_resume import Stop, cut_off, leftovers, often, stop_in

from cleaner import CleanerError, Config, UsageError, formats, pipeline, run
from cleaner import parquet as our_parquet
from cleaner.output.restore import restored_rows
from cleaner.output.verify import verify

PACKED = ("jsonl.gz", "jsonl.zst", "parquet")
FOLDERS = ("documents", "removed")
JSON_OF = {"documents": ("metadata",), "removed": ()}

__all__ = ["often"]  # a fixture of the tests that cut runs off


def unpacked(path):
    """The rows of a file of any format as lines of JSON."""
    if path.suffix == ".parquet":
        rows = parquet.read_table(path).to_pylist()
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    unpack = {".gz": gzip.decompress, ".zst": zstd.decompress}.get(path.suffix, bytes)
    return unpack(path.read_bytes())


def packed(data, path, schema):
    """Write lines of JSON as a file of the format that its name says."""
    if path.suffix == ".parquet":
        rows = [json.loads(line) for line in data.splitlines()]
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        parquet.write_table(pa.table(columns, schema), path)
        return
    pack = {".gz": gzip.compress, ".zst": zstd.compress}[path.suffix]
    path.write_bytes(pack(data))


def rows_of(clean, kind):
    """All rows of a kind, metadata as an object."""
    files = sorted((clean / kind).iterdir())
    rows = [json.loads(line) for path in files for line in unpacked(path).splitlines()]
    for row in rows:
        if isinstance(row.get("metadata"), str):
            row["metadata"] = json.loads(row["metadata"])
    return rows


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Rows of several batches and files, and what a run makes of them as plain JSONL."""
    folder = tmp_path_factory.mktemp("formats")
    long = [{"id": f"long{n}", "text": f"{n} ship {n * n} " * 30_000} for n in range(9)]
    write_rows(folder / "raw" / "a.jsonl", [*many_rows(700), *long])
    write_rows(folder / "raw" / "b.jsonl", ROWS)
    run(folder / "raw", folder / "plain", Config(signatures=True))
    return folder


@pytest.mark.parametrize("output_format", PACKED)
def test_every_format_has_the_same_rows_and_files_of_the_same_bytes(corpus, output_format):
    outputs = []
    for workers in (1, 3):
        clean = corpus / f"{output_format}-{workers}"
        config = Config(output_format=output_format, signatures=True, workers=workers)
        summary = run(corpus / "raw", clean, config)
        outputs.append(output_bytes(clean))
        assert leftovers(clean) == set()
    assert outputs[0] == outputs[1]
    for kind in FOLDERS:
        assert {path.name for path in (clean / kind).iterdir()} == {f"part-00000.{output_format}"}
        assert rows_of(clean, kind) == rows_of(corpus / "plain", kind)
    for name in ("signatures/part-00000.npy", "signatures/part-00000.jsonl", "dropped.jsonl"):
        assert outputs[0][name] == (corpus / "plain" / name).read_bytes()
    plain = json.loads((corpus / "plain" / "summary.json").read_bytes())
    assert summary.counts == plain["counts"]


@pytest.mark.parametrize("output_format", PACKED)
def test_every_format_can_be_verified_and_restored(corpus, tmp_path, output_format):
    run(corpus / "raw", tmp_path / "clean", Config(output_format=output_format, signatures=True))
    assert list(verify(tmp_path / "clean").faults.lines()) == []
    before = list(restored_rows(corpus / "plain"))
    assert list(restored_rows(tmp_path / "clean")) == before
    done = cleaner("restore", tmp_path / "clean", tmp_path / "out")
    assert done.returncode == 0
    assert (tmp_path / "out" / "part-00000.jsonl").read_bytes() == b"".join(before)
