"""Records from files: rows and their fields, compression, damage."""

import gzip
import json
import os
from pathlib import Path

import pytest
from backports import zstd
from conftest import output_bytes, read_output, write_rows

from cleaner import Config, RecordError, run
from cleaner.document import Kind, Record
from cleaner.stages.decode import decode
from cleaner.stages.discover import take_inventory

PROSE = (
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm."
)


def decoded(row, **options):
    line = row if isinstance(row, bytes) else json.dumps(row).encode()
    return decode(Record("rows.jsonl", 3, Kind.ROW, line), Config(**options))


def test_a_row_keeps_its_id_and_passes_its_other_fields_on():
    content = decoded({"id": "x1", "text": PROSE, "url": "u", "tags": ["a"], "n": None})
    assert (content.id, content.source, content.is_html) == ("x1", "rows.jsonl", False)
    assert content.metadata == {"url": "u", "tags": ["a"], "n": None}


@pytest.mark.parametrize(
    ("own", "expected", "left"),
    [
        (7, "7", {}),
        (1.5, "1.5", {}),
        ("", "rows.jsonl:3", {"id": ""}),
        (None, "rows.jsonl:3", {"id": None}),
        (True, "rows.jsonl:3", {"id": True}),
        ([1], "rows.jsonl:3", {"id": [1]}),
    ],
)
def test_ids_that_are_no_text(own, expected, left):
    content = decoded({"id": own, "text": PROSE})
    assert (content.id, content.metadata) == (expected, left)


def test_html_is_read_where_there_is_no_text():
    assert decoded({"html": "<p>x</p>"}).is_html
    content = decoded({"text": " ", "html": "<p>x</p>", "a": 1})
    assert (content.is_html, content.text, content.metadata) == (True, "<p>x</p>", {"a": 1})
    both = decoded({"text": PROSE, "html": "<p>x</p>"})
    assert (both.is_html, both.metadata) == (False, {"html": "<p>x</p>"})
    listed = decoded({"text": ["a"], "html": "<p>x</p>"})
    assert (listed.is_html, listed.metadata) == (True, {"text": ["a"]})


def test_field_names_are_options():
    row = {"key": "k", "body": PROSE, "text": 5}
    content = decoded(row, text_field="body", id_field="key")
    assert (content.id, content.text, content.metadata) == ("k", PROSE, {"text": 5})
    page = decoded({"page": "<p>x</p>"}, html_field="page")
    assert page.is_html


def test_metadata_objects_unfold_unless_a_name_clashes():
    assert decoded({"text": PROSE, "metadata": {"url": "u"}}).metadata == {"url": "u"}
    clash = decoded({"text": PROSE, "url": "a", "metadata": {"url": "b"}})
    assert clash.metadata == {"url": "a", "metadata": {"url": "b"}}


def test_a_row_may_have_an_encoding_of_its_own():
    content = decoded(b'{"text": "Gr\xf6\xdfe und Gew\xe4sser der H\xe4user", "encoding": "x"}')
    assert content.metadata["encoding"] == "x"
    assert content.metadata["row_encoding"]["decided_by"] == "detected"


def test_nesting_that_is_honest_is_read():
    nested = "deep"
    for _ in range(199):
        nested = [nested]
    assert decoded({"text": PROSE, "m": nested}).metadata == {"m": nested}


def test_our_own_documents_keep_their_source_and_id():
    own = {"id": "a", "text": PROSE, "source": "b.txt", "metadata": {"title": "t"}}
    content = decoded(own)
    assert (content.source, content.metadata) == ("b.txt", {"title": "t"})
    assert decoded(own, id_field="url").id == "a"
    other = decoded({"id": "a", "text": PROSE, "source": "b.txt"})
    assert (other.source, other.metadata) == ("rows.jsonl", {"source": "b.txt"})


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (b"{", "the row is not JSON: Expecting property name"),
        (b'{"text": "a"} x', "the row is not JSON: Extra data at character 14"),
        (b"[1]", "the row is not a JSON object but a list"),
        (b"null", "the row is not a JSON object but null"),
        (b"5", "the row is not a JSON object but a number"),
        ({"text": 3}, "field 'text' holds a number; a string is needed"),
        ({"html": {"a": 1}}, "field 'html' holds an object; a string is needed"),
        ({"text": " \n"}, "the row's text is empty"),
        ({"body": "x"}, r"no field 'text', .* or 'html' \(its fields: 'body'\); .* --text-field"),
        ({}, r"its fields: none"),
        (b"[" * 100_000, "the row is nested more than 200 levels deep; raise --max-depth"),
        (b'{"text": "a", "m": ' + b"[" * 200 + b"]" * 200 + b"}", "more than 200 levels deep"),
        (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "the row is not read"),
    ],
)
def test_rows_without_a_document_say_what_is_wrong(row, message):
    with pytest.raises(RecordError, match=message):
        decoded(row)


def test_rows_that_only_a_strict_reader_refuses_are_read(raw, clean):
    lines = [
        b'{"id": "lone", "text": "%b \\ud800"}' % PROSE[:40].encode(),
        b'{"id": "nan", "text": "%b", "score": NaN}' % PROSE[20:].encode(),
        b'{"id": "big", "text": "A number", "n": 123456789012345678901234567890, "inf": 1e400}',
        b'{"id": "least", "text": "Another", "n": -9223372036854775809, "encoding": "mine"}',
        b'{"id": "latin", "text": "Gr\xf6\xdfe und Gew\xe4sser der H\xe4user"}',
    ]
    (raw / "rows.jsonl").write_bytes(b"\n".join(lines))
    run(raw, clean)
    output = read_output(clean)
    assert [row["id"] for row in output.documents] == ["lone", "nan", "big", "least", "latin"]
    assert output.document("lone")["text"] == PROSE[:40] + " \ufffd"
    assert output.document("nan")["metadata"] == {"score": None}
    assert output.document("big")["metadata"] == {
        "n": "123456789012345678901234567890",
        "inf": None,
    }
    least = {"n": "-9223372036854775809", "encoding": "mine"}
    assert output.document("least")["metadata"] == least
    assert output.document("latin")["text"] == "Größe und Gewässer der Häuser"
    assert output.document("latin")["metadata"]["encoding"]["decided_by"] == "detected"


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, zstd.compress])
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.htm", "a.jsonl", "UPPER.TXT"])
def test_all_kinds_and_packings(raw, clean, pack, name):
    suffix = {b"\x1f\x8b": ".gz", b"\x28\xb5": ".zst"}.get(pack(b"some data")[:2], "")
    bodies = {".txt": PROSE, ".jsonl": json.dumps({"text": PROSE})}
    page = f"<html><body><article><p>{PROSE}</p></article></body></html>"
    body = bodies.get(name[name.rindex(".") :].lower(), page)
    (raw / f"{name}{suffix}").write_bytes(pack(body.encode()))
    run(raw, clean)
    document = read_output(clean).documents[0]
    assert document["text"] == PROSE
    assert document["id"].startswith(f"{name}{suffix}")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_jsonl_in_other_encodings_than_utf8(raw, clean, codec):
    mark = "\ufeff" if codec == "utf-16-be" else ""
    rows = mark + '{"id": "1", "text": "Größe"}\r\n\r\n{"id": "2", "text": "港町"}\n'
    (raw / "rows.jsonl").write_bytes(rows.encode(codec))
    run(raw, clean)
    documents = read_output(clean).documents
    assert [(row["id"], row["text"]) for row in documents] == [("1", "Größe"), ("2", "港町")]


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstd.compress)])
def test_whole_rows_of_a_truncated_file_are_read_and_the_rest_is_rejected(raw, clean, suffix, pack):
    rows = [{"id": str(n), "text": f"{n * 7919} {PROSE} {n * 104729}"} for n in range(4000)]
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    packed = pack(data)
    (raw / f"rows.jsonl{suffix}").write_bytes(packed[: len(packed) // 2])
    (raw / f"page.txt{suffix}").write_bytes(pack(PROSE.encode())[:-4])
    run(raw, clean)
    output = read_output(clean)
    assert [row["source"] for row in output.rejected] == [
        f"page.txt{suffix}",
        f"rows.jsonl{suffix}",
    ]
    assert output.rejected[0]["record"] is None
    assert output.rejected[1]["record"] == len(output.documents) + len(output.dropped) + 1
    assert "damaged or cut off" in output.rejected[1]["error"]
    assert "fetch it again" in output.rejected[1]["error"]


def test_records_that_are_too_large_are_rejected_and_the_next_ones_read(raw, clean):
    rows = [
        {"id": "a", "text": PROSE},
        {"id": "b", "text": "x " * (1 << 20)},
        {"id": "c", "text": PROSE[9:]},
    ]
    write_rows(raw / "rows.jsonl", rows)
    utf16 = "".join(json.dumps(row) + "\n" for row in rows).encode("utf-16")
    (raw / "wide.jsonl").write_bytes(utf16)
    (raw / "bomb.txt.gz").write_bytes(gzip.compress(b"0" * (1 << 24)))
    (raw / "exact.txt").write_bytes(b"y" * (1 << 20))
    run(raw, clean, Config(max_record_megabytes=1))
    output = read_output(clean)
    assert [(row["source"], row["record"]) for row in output.rejected] == [
        ("bomb.txt.gz", None),
        ("rows.jsonl", 2),
        ("wide.jsonl", 2),
    ]
    assert "larger than 1 MB; raise --max-record-megabytes" in output.rejected[0]["error"]
    assert output.summary["counts"]["read"] == 8


def test_names_that_look_alike_have_an_order(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    names = [b"\xff.txt", b"\\xff.txt"]
    for folder, order in (("one", names), ("two", names[::-1])):
        for name in order:
            Path(os.fsdecode(os.fsencode(tmp_path / folder) + b"/" + name)).write_text(repr(name))
        run(tmp_path / folder, tmp_path / f"clean-{folder}")
    assert output_bytes(tmp_path / "clean-one") == output_bytes(tmp_path / "clean-two")


def test_repeated_ids_stay_distinct(raw, clean):
    rows = [{"id": name, "text": f"Text number {at}"} for at, name in enumerate("aabab")]
    write_rows(raw / "rows.jsonl", [*rows, {"id": "a#2", "text": "Its own name"}])
    run(raw, clean)
    names = [row["id"] for row in read_output(clean).documents]
    assert names == ["a", "a#3", "b", "a#4", "b#2", "a#2"]


def test_sources_are_in_order_and_skipped_files_are_listed_by_kind(raw):
    for name in ("b.txt", "a/z.txt", "a.txt", "photo.JPG", "notes", "x.rar.gz", "._a.txt"):
        path = raw / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text")
    (raw / "link.txt").symlink_to(raw / "b.txt")
    (raw / "loop").symlink_to(raw)
    inventory = take_inventory(raw)
    assert [file.name for file in inventory.files] == ["a.txt", "a/z.txt", "b.txt"]
    assert inventory.skipped == (
        (".jpg", "photo.JPG"),
        (".rar.gz", "x.rar.gz"),
        ("no suffix", "notes"),
        ("resource fork of macOS", "._a.txt"),
        ("symbolic link", "link.txt"),
        ("symbolic link", "loop"),
    )
