"""What comes in a form that was not asked for: told at once, with what it is and what to do."""

import gzip
import io
import json
import lzma
import zipfile

import pytest
from conftest import cleaner, read_output, write_rows

from cleaner import Config, UsageError, run, verify
from cleaner.not_rows import check_rows
from cleaner.piped import made_in_scratch

PROSE = "The ferry turned back in the storm, and nobody on board was hurt."
ROW = json.dumps({"id": "a", "text": PROSE}).encode() + b"\n"
TABLE = f"id,body\n1,{PROSE.replace(',', '')}\n".encode()


def zipped():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", PROSE)
    return stream.getvalue()


OTHERS = {
    "an array": (b"[" + ROW.strip() + b",\n" + ROW.strip() + b"]\n", "is JSON", "FILE.json"),
    "an object over lines": (json.dumps({"text": "A."}, indent=1).encode(), "is JSON", "FILE.json"),
    "a page": (b"<!doctype html>\n<html><p>A.</p></html>", "is HTML", "FILE.html"),
    "Parquet": (b"PAR1\x15\x04\x15", "is Parquet", "FILE.parquet"),
    "an archive": (zipped(), "is ZIP", "FILE.zip"),
    "a web archive": (b"WARC/1.0\r\nWARC-Type: response\r\n", "is WARC", "FILE.warc"),
    "a table": (TABLE, "is a table (CSV or TSV)", "FILE.csv"),
    "a table with tabs": (TABLE.replace(b",", b"\t"), "is a table (CSV or TSV)", "FILE.csv"),
    "a table with quotes": (b'"id","text"\n"1","A."\n', "is a table", "FILE.csv"),
    "text": (PROSE.encode(), "is text", "FILE.txt"),
    "a packed table": (gzip.compress(TABLE), "is a table", "FILE.csv"),
    "packed text": (lzma.compress(PROSE.encode()), "is text", "FILE.txt"),
}
ROWS = {
    "rows": ROW,
    "a row without an end": ROW.strip(),
    "a row cut off": ROW[:-20],
    "a damaged row first": b"oops\n" + ROW,
    "a list first": b"[1]\n" + ROW,
    "blank lines": b"\n\n" + ROW,
    "nothing": b"",
    "only blank lines": b"\n \n",
    "a mark": b"\xef\xbb\xbf" + ROW,
    "UTF-16": ROW.decode().encode("utf-16"),
    "packed": gzip.compress(ROW),
    "packed and cut off": gzip.compress(ROW * 99)[:60],
    "damaged": b"\x1f\x8b\x08 and no more",
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_rows_is_called_by_its_name(kind):
    start, called, file = OTHERS[kind]
    with pytest.raises(UsageError, match=r"^the standard input is ") as refused:
        check_rows(start)
    assert called in str(refused.value)
    assert f"cleaner run {file} CLEAN" in str(refused.value)
    assert ("jq -c" in str(refused.value)) == (called == "is JSON")


@pytest.mark.parametrize("kind", ROWS)
def test_rows_are_read_whatever_is_wrong_with_some(kind):
    check_rows(ROWS[kind])


@pytest.mark.parametrize("clean", ["clean", "-"])
def test_a_run_over_something_else_stops_at_once(tmp_path, clean):
    done = cleaner("run", "-", clean, "--quiet", cwd=tmp_path, input=TABLE.decode())
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "is a table (CSV or TSV), and - is for rows of JSON" in done.stderr
    assert list(tmp_path.iterdir()) == []


def parquet_bytes():
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    stream = io.BytesIO()
    parquet.write_table(pa.table({"id": ["1"] * 30, "Texts": [PROSE] * 30}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "made", "columns"),
    [
        ("a.csv", lambda: b"id,Texts\n" + b"1,A.\n" * 30, "'id', 'Texts'; perhaps Texts is meant"),
        ("a.csv", lambda: TABLE, "'id', 'body'"),
        ("a.parquet", parquet_bytes, "'id', 'Texts'; perhaps Texts is meant"),
    ],
)
def test_a_table_without_a_column_for_text_says_which_it_has(raw, clean, name, made, columns):
    (raw / name).write_bytes(made())
    (raw / "other.jsonl").write_bytes(ROW)
    (warning,) = run(raw, clean).warnings
    assert warning.told.startswith(f"file {name} could not be read, nobody knows how much it holds")
    assert f"(its columns: {columns}); name the right one with --text-field" in warning.told
    assert len(read_output(clean).rejected) == 1
    assert verify(clean).faults.total == 0


@pytest.mark.parametrize("field", ["text_field", "html_field"])
def test_a_column_within_a_column_is_one(raw, clean, field):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table({"page": [{"body": PROSE}]}), raw / "a.parquet")
    run(raw, clean, Config(**{field: "page.body"}))
    assert read_output(clean).rejected == []


def with_ids(number, rest):
    named = [{"url": f"https://a.example/{at}", "text": f"{at} {PROSE}"} for at in range(number)]
    return [*named, *({"text": f"{at} {PROSE}"} for at in range(rest))]


@pytest.mark.parametrize(
    ("rows", "field", "lost"),
    [
        (with_ids(20, 0), "ulr", 20),
        (with_ids(1, 199), "url", 199),
        (with_ids(3, 197), "url", 0),
        (with_ids(20, 0), "url", 0),
        (with_ids(0, 20), "id", 0),
    ],
)
def test_a_field_for_ids_that_next_to_no_row_has_is_warned_of(raw, clean, rows, field, lost):
    write_rows(raw / "rows.jsonl", rows)
    (raw / "page.txt").write_text("A page is named by its file.")
    warnings = run(raw, clean, Config(id_field=field, across_documents="keep")).warnings
    assert [(one.kind, one.cause, one.lost) for one in warnings] == (
        [("corpus", "unnamed", lost)] if lost else []
    )
    for one in warnings:
        assert f"have no field {field!r}, so that they are named by file and number" in one.told
    assert verify(clean).faults.total == 0


def test_documents_without_any_rows_have_no_field_for_ids(raw, clean):
    (raw / "page.txt").write_text("A page is named by its file.")
    (warning,) = run(raw, clean, Config(id_field="url")).warnings
    assert (warning.cause, warning.lost, warning.of) == ("unnamed", 1, 1)


def test_without_a_folder_no_warning_speaks_of_files_in_it(tmp_path):
    lines = [{"text": "Advertisement\n\n" * 40 + f"{at} {PROSE}"} for at in range(60)]
    lines += [{"text": "Advertisement"}] * 20 + [{}] * 1_500
    stream = io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in lines))
    config = Config(warn_share=0, warn_rule_share=0)
    with made_in_scratch(stream, config, tmp_path, lambda *_: None) as made:
        told = " ".join(one.told for one in made.summary.warnings)
    assert "most of it rejected: the reasons are counted, and a folder for the output" in told
    assert "--removed FILE writes its lines; --disable" in told
    assert "removed/" not in told
    assert "jsonl says" not in told
