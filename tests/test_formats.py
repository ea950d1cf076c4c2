"""Every format: the same documents come out, files are what they hold, damage is told."""

import bz2
import gzip
import json
import lzma

import input_formats as formats
import pytest
from backports import zstd
from conftest import read_output, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Config, UsageError, run
from cleaner.document import Record
from cleaner.formats import extras
from cleaner.stages.decode import decode
from cleaner.stages.discover import take_inventory
from cleaner.stages.read import read_records
from cleaner.stages.rejection import Rejection, Skipped

PROSE = "The harbour of Port Alder opened to ships again on Monday morning, after a storm."
PAGE = f"<!DOCTYPE html><html><body><article><p>{PROSE}</p></article></body></html>".encode()
ROW = json.dumps({"id": "x", "text": PROSE}).encode() + b"\n"


def found(folder, data, name, **options):
    """What a file with these bytes holds."""
    (folder / name).write_bytes(data)
    (file,) = take_inventory(folder / name).files
    return [item for item, _ in read_records(file, Config(**options))]


def contents(folder, data, name, **options):
    records = [one for one in found(folder, data, name, **options) if isinstance(one, Record)]
    return [decode(one, Config(**options)) for one in records]


def errors(folder, data, name, **options):
    items = found(folder, data, name, **options)
    return [(one.record, one.error) for one in items if isinstance(one, Rejection)]


@pytest.mark.parametrize("name", formats.FORMATS)
def test_the_same_documents_come_out_of_every_format(raw, clean, name):
    (raw / name).write_bytes(formats.FORMATS[name](formats.STORIES))
    run(raw, clean)
    (raw / name).unlink()
    (raw / "rows.jsonl").write_bytes(formats.jsonl(formats.STORIES))
    run(raw, clean.parent / "plain")
    texts = [row["text"] for row in read_output(clean.parent / "plain").documents]
    assert len(texts) == len(formats.STORIES)
    output = read_output(clean)
    assert [row["text"] for row in output.documents] == texts
    assert output.rejected == []


TEXTS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), min_size=1
).filter(lambda text: text.strip())


@settings(max_examples=30)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
@pytest.mark.parametrize("name", ["rows.json", "rows.csv", "rows.tsv", "rows.parquet"])
def test_rows_of_any_text_are_the_same_in_every_table(tmp_path_factory, name, texts):
    folder = tmp_path_factory.mktemp("rows")
    stories = [(f"n{at}", text) for at, text in enumerate(texts)]
    read = contents(folder, formats.FORMATS[name](stories), name)
    assert [(one.id, one.text) for one in read] == stories


MISNAMED = [
    ("page.txt", PAGE, "HTML", "HTML"),
    ("page", PAGE, "HTML", "HTML"),
    ("page.php", PAGE, "HTML", "HTML"),
    ("archive.txt", formats.wet(formats.STORIES), "WARC", "WARC"),
    ("rows.json", ROW * 2, "JSONL", "JSONL"),
    ("rows.jsonl", formats.array(formats.STORIES), "JSON", "JSON"),
    ("rows", formats.parquet(formats.STORIES), "Parquet", "Parquet"),
    ("rows.jsonl", gzip.compress(ROW), "JSONL", "JSONL in gzip"),
    ("page.html.gz", PAGE, "HTML", "HTML"),
    ("rows.bin", zstd.compress(ROW * 2), "JSONL", "JSONL in zstd"),
    ("articles", formats.zipped(formats.STORIES), "ZIP", "ZIP"),
    ("articles.txt", formats.tarred(formats.STORIES), "tar", "tar"),
    ("one.txt", ROW, "JSON", "JSON"),
]


@pytest.mark.parametrize(("name", "data", "kind", "told"), MISNAMED)
def test_a_file_is_what_it_holds_and_the_summary_tells_so(  # noqa: PLR0913, PLR0917 - a table
    raw, clean, name, data, kind, told
):
    (raw / name).write_bytes(data)
    (file,) = take_inventory(raw).files
    assert file.format == kind
    run(raw, clean)
    output = read_output(clean)
    assert output.documents
    assert output.rejected == []
    assert output.summary["misnamed"] == {told: {"files": 1, "names": [name]}}


AS_NAMED = [
    ("a.txt", b"<p>A line that begins with a tag is text.", "text"),
    ("a.txt", b"WARC/1.0 is the name of a format. " * 3, "text"),
    ("a.txt", b"{curly} words begin this note.", "text"),
    ("a.txt", b"[1] A footnote begins this text.", "text"),
    ("a.html", b"<div>A part of a page</div>", "HTML"),
    ("a.jsonl", b'{"text": "A row that is dam\n{"text": "aged"}\n', "JSONL"),
    ("a.json", json.dumps({"text": PROSE * 300}).encode(), "JSON"),
    ("a.csv", b"", "CSV or TSV"),
    ("a.txt.gz", b"\x1f\x8c\x08 is damaged\x00\x01", "text"),
]


@pytest.mark.parametrize(("name", "data", "kind"), AS_NAMED)
def test_a_file_that_may_be_what_its_name_says_is(raw, name, data, kind):
    (raw / name).write_bytes(data)
    inventory = take_inventory(raw)
    assert [file.format for file in inventory.files] == [kind]
    assert list(inventory.misnamed()) == []


NOT_READ = [
    ("notes", b"Words without a suffix.", "no suffix"),
    ("sheet.xlsx", formats.zip_of({"[Content_Types].xml": b"x"}), ".xlsx"),
    ("book.epub", formats.zip_of({"mimetype": b"x", "page.html": PAGE}), ".epub"),
    ("map.xml", b'<?xml version="1.0"?><urlset></urlset>', ".xml"),
    (
        "rows.parquet.gz",
        gzip.compress(formats.parquet(formats.STORIES)),
        "Parquet packed with gzip",
    ),
]


@pytest.mark.parametrize(("name", "data", "kind"), NOT_READ)
def test_what_is_of_no_known_kind_is_skipped(raw, name, data, kind):
    (raw / name).write_bytes(data)
    assert take_inventory(raw).skipped == ((kind, name),)


@pytest.mark.parametrize(
    ("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
def test_every_packing_is_unpacked_and_a_cut_one_rejected(raw, suffix, pack):
    rows = b"".join(ROW.replace(b'"x"', b'"%d"' % n) for n in range(3000))
    assert len(found(raw, pack(rows), f"a.jsonl{suffix}")) == 3000
    (rejected,) = errors(raw, pack(rows)[:-30], f"b.jsonl{suffix}")
    assert "damaged or cut off" in rejected[1]


def test_xz_data_that_need_much_memory_are_not_unpacked(raw):
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    packed = lzma.compress(ROW, filters=filters)
    assert "more than 128 MB of memory" in errors(raw, packed, "a.jsonl.xz")[0][1]


@pytest.mark.parametrize("format_", ["WARC", "Parquet"])
def test_without_a_library_a_run_stops_before_any_work_and_names_the_extra(
    raw, clean, monkeypatch, format_
):
    name = {"WARC": "rows.warc", "Parquet": "rows.parquet"}[format_]
    for folder in ("a", "b"):
        (raw / folder).mkdir()
        (raw / folder / name).write_bytes(formats.FORMATS[name](formats.STORIES))
    monkeypatch.setattr(extras, "find_spec", {}.get)
    extra = {"WARC": "warc", "Parquet": "parquet"}[format_]
    with pytest.raises(UsageError, match=rf"pip install 'corpus-cleaner\[{extra}\]'") as error:
        run(raw, clean)
    assert f"a/{name}, b/{name}" in str(error.value)
    assert not clean.exists()
    members = {name: formats.FORMATS[name](formats.STORIES)}
    if format_ == "WARC":
        assert "corpus-cleaner[warc]" in errors(raw, formats.zip_of(members), "a.zip")[0][1]


def test_other_input_needs_no_library(raw, clean, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", {}.get)
    write_rows(raw / "rows.jsonl", [{"text": PROSE}])
    run(raw, clean)
    assert len(read_output(clean).documents) == 1


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_no_more_records_are_read_than_may_be(raw, name):
    items = found(raw, formats.FORMATS[name](formats.STORIES), name, max_rows=2)
    assert isinstance(items[-1], Rejection)
    assert "more than 2" in items[-1].error
    assert "--max-rows" in items[-1].error
    assert not any(isinstance(one, Skipped) for one in items)


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_a_record_that_is_too_large_is_rejected(raw, name):
    large = [("big", "x " * (1 << 19) + "yz")]
    items = found(raw, formats.FORMATS[name](large), name, max_record_megabytes=1)
    assert len(items) == 1
    assert "--max-record-megabytes" in items[0].error
