"""The formats of an output: the same rows in each, the same bytes, the same checks."""

import gzip
import json
import re
import shutil
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from backports import zstd
from conftest import cleaner, output_bytes, write_rows
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from strategies import SENTENCES
from test_output import CASES, CONFIGS, ROWS, corrupt
from test_promises import many_rows
from test_resume import Stop, cut_off, leftovers, stop_in

from cleaner import (
    CleanerError,
    Config,
    UsageError,
    conversion,
    finished,
    journal,
    output_formats,
    pipeline,
    run,
)
from cleaner import parquet as our_parquet
from cleaner.output.restore import restored_rows
from cleaner.output.verify import verify
from cleaner.stages.read import read_batches
from cleaner.stages.shards import Shards

PACKED = ("jsonl.gz", "jsonl.zst", "parquet")
FOLDERS = ("documents", "removed")


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
        if any(set(row) != set(schema.names) for row in rows):
            raise KeyError(path)
        parquet.write_table(pa.Table.from_pylist(rows, schema), path)
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
    write_rows(folder / "raw" / "a.jsonl", many_rows(300))
    write_rows(folder / "raw" / "b.jsonl", ROWS)
    run(folder / "raw", folder / "plain", Config(signatures=True))
    return folder


@pytest.fixture
def small(monkeypatch):
    """Small batches, a record after each, and small files."""
    monkeypatch.setattr(journal, "LEAST_SECONDS", 0)
    monkeypatch.setattr(journal, "RECORD_SHARE", 1e9)
    monkeypatch.setattr(pipeline, "read_batches", partial(read_batches, batch_records=20))
    monkeypatch.setattr(finished, "Shards", lambda made, _, *rest: Shards(made, 5_000, *rest))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("output_format", PACKED)
def test_every_format_has_the_same_rows_and_files_of_the_same_bytes(
    corpus, tmp_path, output_format
):
    outputs = []
    for workers in (1, 3):
        clean = tmp_path / f"{workers}"
        config = Config(output_format=output_format, signatures=True, workers=workers)
        summary = run(corpus / "raw", clean, config)
        outputs.append(output_bytes(clean))
        assert leftovers(clean) == set()
    assert outputs[0] == outputs[1]
    for kind in FOLDERS:
        names = sorted(path.name for path in (clean / kind).iterdir())
        assert names == [f"part-{n:05d}.{output_format}" for n in range(len(names))]
        assert len(names) > 1
        assert rows_of(clean, kind) == rows_of(corpus / "plain", kind)
    assert outputs[0]["dropped.jsonl"] == (corpus / "plain" / "dropped.jsonl").read_bytes()
    plain = json.loads((corpus / "plain" / "summary.json").read_bytes())
    assert summary.counts == plain["counts"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("output_format", PACKED)
def test_every_format_can_be_verified_and_restored(corpus, tmp_path, output_format):
    run(corpus / "raw", tmp_path / "clean", Config(output_format=output_format, signatures=True))
    assert list(verify(tmp_path / "clean").faults.lines()) == []
    before = list(restored_rows(corpus / "plain"))
    assert list(restored_rows(tmp_path / "clean")) == before
    done = cleaner("restore", tmp_path / "clean", tmp_path / "out")
    assert done.returncode == 0
    assert (tmp_path / "out" / "part-00000.jsonl").read_bytes() == b"".join(before)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("power_loss", [False, True], ids=["killed", "power loss"])
@pytest.mark.parametrize("output_format", PACKED)
def test_cut_off_at_any_touch_of_a_file_it_ends_with_the_same_bytes(
    corpus, tmp_path_factory, output_format, power_loss
):
    config = Config(output_format=output_format, min_words=5)
    job = partial(run, corpus / "raw", config=config)
    undisturbed = tmp_path_factory.mktemp("undisturbed")
    job(undisturbed)

    @settings(max_examples=3)
    @given(st.lists(st.integers(1, 900), min_size=1, max_size=3))
    def cut_again_and_again(moments):
        clean = tmp_path_factory.mktemp("cut") / "clean"
        clean.mkdir()
        for moment in moments:
            cut_off(partial(job, clean), clean, moment, power_loss=power_loss)
        job(clean)
        assert output_bytes(clean) == output_bytes(undisturbed)
        assert leftovers(clean) == set()

    cut_again_and_again()


@pytest.mark.usefixtures("small")
def test_a_parquet_file_that_is_made_is_not_made_again(corpus, tmp_path, monkeypatch):
    clean, made = tmp_path / "clean", []
    job = partial(run, corpus / "raw", clean, Config(output_format="parquet"))
    with pytest.raises(Stop):
        job(progress=stop_in("converting", 2))
    write = conversion.write_parquet

    def noting(rows, *rest):
        made.append(rows.name)
        write(rows, *rest)

    monkeypatch.setattr(conversion, "write_parquet", noting)
    job()
    files = sum(len(list((clean / kind).iterdir())) for kind in FOLDERS)
    assert len(made) == files - 2


def repacked(clean, output_format, change):
    """Change an output of some format as if it were plain JSONL."""
    schemas, before = {}, {}
    for path in sorted(clean.glob(f"*/part-*.{output_format}")):
        kind = path.parent.name
        if output_format == "parquet":
            schemas[kind] = parquet.read_schema(path)
        lines = [json.loads(line) for line in unpacked(path).splitlines()]
        for row in lines:
            if kind == "documents" and isinstance(row["metadata"], str):
                row["metadata"] = json.loads(row["metadata"])
        plain = b"".join(json.dumps(row).encode() + b"\n" for row in lines)
        before[plain] = path.read_bytes()
        path.with_name("part-00000.jsonl").write_bytes(plain)
        path.unlink()
    found = change()
    for path in sorted(clean.glob("[dr]*/part-*.jsonl")):
        kind, data = path.parent.name, path.read_bytes()
        target = path.with_name(f"{path.stem}.{output_format}")
        path.unlink()
        if data in before:
            target.write_bytes(before[data])
            continue
        if kind == "documents" and output_format == "parquet":
            data = b"".join(map(with_metadata_text, data.splitlines(keepends=True)))
        packed(data, target, schemas.get(kind))
    return found


def with_metadata_text(line):
    row = json.loads(line)
    if "metadata" in row:
        row["metadata"] = json.dumps(row["metadata"])
    return json.dumps(row).encode() + b"\n"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Finished outputs of every format, which nobody may change."""
    folder = tmp_path_factory.mktemp("outputs")
    write_rows(folder / "raw" / "b.jsonl", ROWS)
    (folder / "raw" / "last.txt").write_text(SENTENCES[7], encoding="utf-8")
    for output_format in PACKED:
        for name, config in CONFIGS.items():
            clean = folder / output_format / name
            run(folder / "raw", clean, replace(config, output_format=output_format))
    return folder


OF_ROWS = [case for case in CASES if case["file"].startswith(FOLDERS)]
NOT_IN_PARQUET = {
    "a shard cut off",
    "a row that is not JSON",
    "a number that JSON does not have",
    "bytes that are no text",
    "a key too many",
    "a position that is no number",
    "a number larger than any",
}
"""Rows that a Parquet file with the right columns cannot hold."""


def corrupted(outputs, tmp_path, output_format, case):
    """A copy of an output with one thing changed; where it was, counted in rows from 1."""
    clean = tmp_path / "clean"
    shutil.copytree(outputs / output_format / case.get("output", "dropped"), clean)
    return clean, repacked(clean, output_format, lambda: corrupt(clean, case))


@pytest.mark.parametrize("case", OF_ROWS, ids=lambda case: case["name"])
@pytest.mark.parametrize("output_format", PACKED)
def test_verify_finds_and_names(outputs, tmp_path, output_format, case):
    if output_format == "parquet" and case["name"] in NOT_IN_PARQUET:
        with pytest.raises((pa.ArrowException, ValueError, OverflowError, KeyError)):
            corrupted(outputs, tmp_path, output_format, case)
        return

    def renamed(told):
        return re.sub(r"((?:documents|removed)/part-\d+)\.jsonl", rf"\1.{output_format}", told)

    clean, row = corrupted(outputs, tmp_path, output_format, case)
    file = renamed(case["file"])
    where = {"row": f"{file}:{row}", "next": f"{file}:{row + 1}"}.get(
        case["where"], renamed(case["where"])
    )
    lines = list(verify(clean).faults.lines())
    named = re.escape(f"{case['kind']}: {where}: ").replace(r":\*", r":\d+")
    found = [line for line in lines if re.match(named, line) and renamed(case["told"]) in line]
    assert found, "\n".join(lines)
    with pytest.raises(CleanerError):
        list(restored_rows(clean))


FILES = [f"{kind}/part-00000" for kind in FOLDERS]


@pytest.mark.parametrize("output_format", PACKED)
def test_no_damage_goes_unnoticed_or_ends_in_a_traceback(outputs, output_format):
    @given(st.data())
    def damage(data):
        name = f"{data.draw(st.sampled_from(FILES))}.{output_format}"
        whole = (outputs / output_format / "marked" / name).read_bytes()
        first = data.draw(st.integers(0, len(whole) - 1))
        last = data.draw(st.integers(first, min(first + 20, len(whole))))
        damaged = whole[:first] + data.draw(st.binary(max_size=9)) + whole[last:]
        assume(damaged != whole)
        with tempfile.TemporaryDirectory() as folder:
            clean = Path(folder) / "clean"
            shutil.copytree(outputs / output_format / "marked", clean)
            (clean / name).write_bytes(damaged)
            assert verify(clean).faults.total
            with pytest.raises(CleanerError, match=re.escape(name)):
                list(restored_rows(clean))

    damage()


@pytest.mark.parametrize("output_format", PACKED)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_file_that_is_cut_off_is_named(outputs, tmp_path, output_format, share):
    clean = tmp_path / "clean"
    shutil.copytree(outputs / output_format / "dropped", clean)
    path = clean / "documents" / f"part-00000.{output_format}"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    lines = list(verify(clean).faults.lines())
    name = re.escape(f"documents/part-00000.{output_format}")
    if share:
        assert re.match(rf"damaged file: {name}:\d+: from this row on it cannot be read", lines[0])
    assert any(re.match(f"changed file: {name}", line) for line in lines)
    with pytest.raises(CleanerError, match=name):
        list(restored_rows(clean))


def test_a_parquet_file_with_other_columns_is_named(outputs, tmp_path):
    clean = tmp_path / "clean"
    shutil.copytree(outputs / "parquet" / "dropped", clean)
    path = clean / "removed" / "part-00000.parquet"
    parquet.write_table(parquet.read_table(path).drop_columns("similarity"), path)
    told = next(verify(clean).faults.lines())
    assert told.startswith("damaged file: removed/part-00000.parquet:1: ")
    assert "its columns are not id (text), position (number)" in told


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"near_copies": 1}'])
def test_metadata_that_is_no_object_is_named(outputs, tmp_path, text):
    clean = tmp_path / "clean"
    shutil.copytree(outputs / "parquet" / "dropped", clean)
    path = clean / "documents" / "part-00000.parquet"
    table = parquet.read_table(path)
    rows = table.to_pylist()
    rows[2]["metadata"] = text
    parquet.write_table(pa.Table.from_pylist(rows, table.schema), path)
    assert next(verify(clean).faults.lines()).startswith(
        "wrong shape: documents/part-00000.parquet:3: metadata must be "
    )


def test_every_parquet_file_of_a_kind_has_the_same_schema_and_small_groups(
    corpus, tmp_path, monkeypatch
):
    empty = write_rows(tmp_path / "empty" / "rows.jsonl", [])
    monkeypatch.setattr(our_parquet, "GROUP_BYTES", 3_000)
    for raw, name in ((empty, "nothing"), (corpus / "raw", "clean")):
        run(raw, tmp_path / name, Config(output_format="parquet"))
        assert not verify(tmp_path / name).faults.total
    for kind in FOLDERS:
        one, other = (
            parquet.ParquetFile(tmp_path / name / kind / "part-00000.parquet")
            for name in ("nothing", "clean")
        )
        assert one.schema_arrow == other.schema_arrow
        assert (one.metadata.num_rows, one.metadata.num_row_groups) == (0, 0)
        groups = [other.metadata.row_group(n) for n in range(other.metadata.num_row_groups)]
        assert len(groups) > 5
        assert max(group.total_byte_size for group in groups) < 6_000


@pytest.mark.parametrize("output_format", PACKED)
def test_without_rows_a_file_is_whole_all_the_same(tmp_path, output_format):
    raw = write_rows(tmp_path / "raw" / "rows.jsonl", [])
    run(raw, tmp_path / "clean", Config(output_format=output_format))
    for kind in FOLDERS:
        path = tmp_path / "clean" / kind / f"part-00000.{output_format}"
        assert path.stat().st_size
        assert unpacked(path) == b""
    assert not verify(tmp_path / "clean").faults.total


def test_gzip_tells_no_time_and_no_name(outputs):
    for kind in FOLDERS:
        path = outputs / "jsonl.gz" / "dropped" / kind / "part-00000.jsonl.gz"
        # RFC 1952: two bytes of magic, the method, the flags (none), four bytes of time.
        assert path.read_bytes()[:8] == b"\x1f\x8b\x08" + bytes(5)


def test_another_format_replaces_the_files_of_the_one_before(tmp_path):
    raw = write_rows(tmp_path / "raw" / "rows.jsonl", ROWS)
    clean = tmp_path / "clean"
    for output_format in ("jsonl", *PACKED, "jsonl"):
        run(raw, clean, Config(output_format=output_format), overwrite=True)
        for kind in FOLDERS:
            names = [path.name for path in (clean / kind).iterdir()]
            assert names == [f"part-00000.{output_format}"]
    with pytest.raises(CleanerError, match=r"option --output-format was 'jsonl' and is 'parquet'"):
        run(raw, clean, Config(output_format="parquet"))


def test_without_its_library_a_format_is_refused_before_any_work(outputs, tmp_path, monkeypatch):
    raw, clean = write_rows(tmp_path / "raw" / "rows.jsonl", ROWS), tmp_path / "clean"
    parquet_output = outputs / "parquet" / "dropped"
    monkeypatch.setattr(output_formats, "find_spec", lambda _: None)
    for task in (
        lambda: run(raw, clean, Config(output_format="parquet")),
        lambda: verify(parquet_output),
        lambda: list(restored_rows(parquet_output)),
    ):
        with pytest.raises(UsageError, match=r"needs pyarrow, .*'corpus-cleaner\[parquet\]'"):
            task()
    assert not clean.exists()
    run(raw, clean, Config(output_format="jsonl.zst"))


def test_metadata_can_be_a_text_in_jsonl_as_well(tmp_path):
    raw = write_rows(tmp_path / "raw" / "rows.jsonl", ROWS)
    run(raw, tmp_path / "object")
    run(raw, tmp_path / "text", Config(metadata_as_text=True))
    lines = (tmp_path / "text" / "documents" / "part-00000.jsonl").read_bytes().splitlines()
    assert all(isinstance(json.loads(line)["metadata"], str) for line in lines)
    assert rows_of(tmp_path / "text", "documents") == rows_of(tmp_path / "object", "documents")
    assert not verify(tmp_path / "text").faults.total
    assert list(restored_rows(tmp_path / "text")) == list(restored_rows(tmp_path / "object"))


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2**64 - 1, 2**64 - 1),
        (-(2**63), -(2**63)),
        (2**64, "18446744073709551616"),
        (-(2**63) - 1, "-9223372036854775809"),
    ],
)
def test_whole_numbers_that_others_refuse_become_texts(tmp_path, as_text, number, written):
    row = {"id": "a", "text": SENTENCES[0], "deep": [{"large": number}], "true": True}
    run(write_rows(tmp_path / "raw.jsonl", [row]), tmp_path / "c", Config(metadata_as_text=as_text))
    metadata = rows_of(tmp_path / "c", "documents")[0]["metadata"]
    assert metadata == {"deep": [{"large": written}], "true": True}
