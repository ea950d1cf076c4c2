"""Files that are not read to their end: a warning of each, and none of what is whole."""

import gzip
import hashlib
import io
import json
import os
import zipfile

import pytest
from backports import zstd
from conftest import cleaner, read_output

from cleaner import Config, run
from cleaner.output.verify import verify

ROW = "The harbour of Port Alder opened to ships again on Monday morning."


def rows(count, name):
    texts = (" ".join(f"{word}{name}{n}" for word in ROW.split()) for n in range(count))
    lines = (json.dumps({"id": f"{name}{n}", "text": text}) for n, text in enumerate(texts))
    return "".join(f"{line}\n" for line in lines).encode()


def harmed(raw, harm):
    """A corpus of two files of rows, one of them harmed."""
    (raw / "whole.jsonl").write_bytes(rows(30, "w"))
    data = rows(30, "h")
    if harm == "cut gzip":
        (raw / "h.jsonl.gz").write_bytes(gzip.compress(data)[:-40])
    if harm == "cut zstd":
        (raw / "h.jsonl.zst").write_bytes(zstd.compress(data)[:-9])
    if harm == "cut at its beginning":
        (raw / "h.jsonl.gz").write_bytes(gzip.compress(data)[:12])
    if harm == "too many rows":
        (raw / "h.jsonl").write_bytes(data)
        (raw / "whole.jsonl").write_bytes(rows(20, "w"))
    if harm == "half a character":
        (raw / "h.jsonl").write_bytes(data.decode().encode("utf-16")[:-1])
    if harm == "unpacks to too much":
        (raw / "h.jsonl.gz").write_bytes(gzip.compress(data + b" " * (9 << 20) + b"\n"))


HARMS = [
    "cut gzip",
    "cut zstd",
    "cut at its beginning",
    "too many rows",
    "half a character",
    "unpacks to too much",
]


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_lost_of_a_file_and_cannot_be_counted_is_warned_of(raw, clean, harm):
    harmed(raw, harm)
    (warning,) = run(
        raw, clean, Config(max_rows=25 if "rows" in harm else 99, max_expansion=100)
    ).warnings
    (row,) = read_output(clean).rejected
    assert row["rest"] is True
    assert (warning.kind, warning.name, warning.cause) == ("file", row["source"], "unread")
    assert row["source"].startswith("h.jsonl")
    documents = sum(one["source"] == row["source"] for one in read_output(clean).documents)
    assert (warning.lost, warning.of) == (1, documents + 1)
    to_its_end = " to its end, and nobody knows how much is lost: " if documents else ", nobody"
    assert f"could not be read{to_its_end}" in warning.told
    assert row["error"] in warning.told
    assert verify(clean).faults.total == 0


def test_strict_ends_with_3_and_the_terminal_names_the_file(raw, clean):
    harmed(raw, "cut gzip")
    for _ in range(2):
        done = cleaner("run", raw, clean, "--strict")
        assert done.returncode == 3
        assert "warning: file h.jsonl.gz could not be read to its end" in done.stdout
    assert [one["cause"] for one in read_output(clean).summary["warnings"]] == ["unread"]


def test_two_files_of_as_many_records_are_both_named(raw, clean):
    for name in ("a", "b"):
        (raw / f"{name}.jsonl.gz").write_bytes(gzip.compress(rows(30, name))[:12])
    done = cleaner("run", raw, clean)
    assert [line[:26] for line in done.stdout.splitlines() if "could not be read" in line] == [
        "warning: file a.jsonl.gz c",
        "warning: file b.jsonl.gz c",
    ]


def test_a_folder_that_cannot_be_listed_is_warned_of(raw, clean, monkeypatch):
    harmed(raw, "none")
    (raw / "sub").mkdir()
    scandir = os.scandir

    def refusing(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    (warning,) = run(raw, clean).warnings
    assert (warning.kind, warning.cause) == ("folder", "unread")


def test_single_records_that_are_lost_are_counted_and_need_no_such_warning(raw, clean):
    harmed(raw, "none")
    (raw / "page.txt.gz").write_bytes(gzip.compress(ROW.encode() * 9)[:-9])
    (raw / "empty.jsonl").write_bytes(b"")
    with (raw / "whole.jsonl").open("ab") as stream:
        stream.write(b'{"text": "cut o')
    assert run(raw, clean).warnings == ()
    assert [row["rest"] for row in read_output(clean).rejected] == [False] * 3


def zipped(name, inside):
    """An archive of which one member is damaged in its middle."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, inside)
    data = bytearray(stream.getvalue())
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


NOISE = "".join(hashlib.sha256(b"%d" % at).hexdigest() for at in range(1_200))
PAGE = f"<!doctype html><html><p>{NOISE}</p></html>"
LONG_ROW = json.dumps({"text": NOISE})
MEMBERS = {
    ("rows", LONG_ROW): True,
    ("rows.jsonl", LONG_ROW): True,
    ("page", PAGE): False,
    ("page.html", PAGE): False,
    ("notes.txt", NOISE): False,
}


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member[0])
def test_a_damaged_member_is_what_it_holds_whatever_it_is_called(raw, clean, member):
    (raw / "archive.zip").write_bytes(zipped(*member))
    (raw / "page.txt").write_text("A page that is whole.")
    run(raw, clean)
    (row,) = read_output(clean).rejected
    assert row["source"] == f"archive.zip/{member[0]}"
    assert row["rest"] is MEMBERS[member]
