"""ZIP and tar archives: names, order, what is not read, and what was made to do harm."""

import gzip
import io
import json
import struct
import tarfile
import tracemalloc
import zipfile

import pytest
from conftest import output_bytes, read_output
from hostile_corpus import long_header
from input_formats import parquet, tar_of, zip_of
from test_formats import PAGE, PROSE, errors, found

from cleaner import Config, run
from cleaner.document import Record
from cleaner.stages.rejection import Rejection, Skipped

MEMBERS = {
    "pages/b.html": PAGE,
    "a.txt": b"The ferry turned back, and nobody on board was hurt.",
    "rows.jsonl": b'{"id": "x", "text": "A row."}\n{"id": "y", "text": "Another row."}\n',
    "old/c.txt.gz": gzip.compress(b"The library is closed until the roof is mended."),
    "page": PAGE.replace(
        PROSE.encode(), b"The council of Brenn will vote on the new bridge in May."
    ),
    "photo.jpg": b"\xff\xd8\xff",
    "rows.parquet": parquet((("p", PROSE),)),
    "inner.zip": zip_of({"a.txt": b"x"}),
    "inner.tar": tar_of({"a.txt": b"x"}),
    "._a.txt": b"\0",
}
ARCHIVES = {"m.zip": zip_of(MEMBERS), "m.tar": tar_of(MEMBERS)}


@pytest.mark.parametrize("name", ARCHIVES)
def test_members_are_read_in_the_order_of_the_archive_and_named_after_it(raw, clean, name):
    (raw / name).write_bytes(ARCHIVES[name])
    run(raw, clean)
    output = read_output(clean)
    assert [(row["id"], row["source"]) for row in output.documents] == [
        (f"{name}/pages/b.html", f"{name}/pages/b.html"),
        (f"{name}/a.txt", f"{name}/a.txt"),
        ("x", f"{name}/rows.jsonl"),
        ("y", f"{name}/rows.jsonl"),
        (f"{name}/old/c.txt.gz", f"{name}/old/c.txt.gz"),
        (f"{name}/page", f"{name}/page"),
    ]
    assert output.rejected == []
    assert output.summary["skipped"] == {
        kind: {"records": 1, "names": [f"{name}/{member}"]}
        for kind, member in (
            ("Parquet file in an archive", "rows.parquet"),
            ("ZIP file in an archive", "inner.zip"),
            ("archive member .jpg", "photo.jpg"),
            ("resource fork of macOS", "._a.txt"),
            ("tar file in an archive", "inner.tar"),
        )
    }


def test_a_member_without_a_name_is_told_and_costs_no_other(raw):
    data = zip_of({"?": b"Nobody knows.", "b.txt": b"Here."}).replace(b"?", b"\0")
    nameless, read = found(raw, data, "a.zip")
    assert nameless == Skipped("archive member whose name leads out of it", "a.zip/")
    assert read.source == "a.zip/b.txt"


@pytest.mark.parametrize("make", [zip_of, tar_of])
def test_names_never_lead_out_of_the_archive(raw, make):
    members = {
        "../../out.txt": b"Up.",
        "a/../../b.txt": b"Up.",
        "..\\up.txt": b"Up.",
        "/etc/passwd.txt": b"At the root.",
        "./here.txt": b"Here.",
        "new\nline.txt": b"Two lines.",
    }
    items = found(raw, make(members), "a.zip")
    read = [one.source for one in items if isinstance(one, Record)]
    assert read == ["a.zip/etc/passwd.txt", "a.zip/here.txt", "a.zip/new\nline.txt"]
    kinds = [one.kind for one in items if isinstance(one, Skipped)]
    assert kinds == ["archive member whose name leads out of it"] * 3


LINKS = {
    tarfile.SYMTYPE: "link in an archive",
    tarfile.LNKTYPE: "link in an archive",
    tarfile.FIFOTYPE: "special file in an archive",
    tarfile.CHRTYPE: "special file in an archive",
}


@pytest.mark.parametrize("type_", LINKS)
def test_links_and_devices_in_a_tar_are_skipped(raw, type_):
    data = tar_of({"a.txt": b""}, type=type_, linkname="/etc/passwd")
    assert found(raw, data, "a.tar") == [Skipped(LINKS[type_], "a.tar/a.txt")]


def sparse():
    """A member of a hundred gigabytes of nothing."""
    member = tarfile.TarInfo("a.jsonl")
    headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.realsize": "99999999999",
    }
    member.pax_headers = headers
    body = b"1\n0\n0\n".ljust(512, b"\0")
    member.size = len(body)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member, io.BytesIO(body))
    return stream.getvalue()


def test_holes_are_not_read(raw):
    assert found(raw, sparse(), "a.tar") == [
        Skipped("file with holes in an archive", "a.tar/a.jsonl")
    ]


def entry(name, **fields):
    member = zipfile.ZipInfo(name)
    for field, value in fields.items():
        setattr(member, field, value)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(member, b"Nobody reads this.")
    return stream.getvalue()


def test_links_encrypted_members_and_odd_packings_in_a_zip_are_skipped(raw):
    encrypted = bytearray(entry("a.txt"))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    cases = {
        "symbolic link in an archive": entry("a.txt", external_attr=0o120777 << 16),
        "encrypted archive member": bytes(encrypted),
        "archive member packed otherwise than by deflate": entry(
            "a.txt", compress_type=zipfile.ZIP_LZMA
        ),
    }
    for kind, data in cases.items():
        assert found(raw, data, "a.zip") == [Skipped(kind, "a.zip/a.txt")]


def overlapping(number):
    """Members that are all the same bytes of the archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * (4 << 20))
        member = archive.infolist()[0]
        for _ in range(number):
            archive.filelist.append(member)
    return stream.getvalue()


BOMBS = {
    "overlapping.zip": overlapping(200),
    "large.zip": zip_of({"a.jsonl": b" " * (20 << 20)}),
    "packed.zip": zip_of({"a.jsonl.gz": gzip.compress(b" " * (20 << 20))}),
    "packed.tar": tar_of({"a.jsonl.gz": gzip.compress(b" " * (20 << 20))}),
    "large.tar.gz": gzip.compress(tar_of({"a.jsonl": b" " * (20 << 20)})),
    "skipped.tar.gz": gzip.compress(tar_of({"a.bin": b" " * (20 << 20)})),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_not_unpacked(raw, name):
    rejected = [one for _, one in errors(raw, BOMBS[name], name, max_expansion=100)]
    assert rejected
    assert "raise --max-expansion" in rejected[-1]


def test_a_header_cannot_fill_the_memory(raw):
    data = gzip.compress(long_header())
    tracemalloc.start()
    ((_, error),) = errors(raw, data, "a.tar.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "header of more than 1 MB" in error
    assert peak < 6 << 20


def test_a_directory_that_says_it_is_huge_is_not_read(raw):
    data = bytearray(zip_of({"a.txt": b"x"}))
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    ((_, error),) = errors(raw, bytes(data), "a.zip")
    assert "archive is damaged" in error


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_of_a_cut_or_damaged_archive_the_rest_is_read_or_told(raw, name):
    members = {f"{at}.txt": f"{at} {PROSE} {at * 7919}".encode() * 40 for at in range(9)}
    data = (zip_of if name == "a.zip" else tar_of)(members)
    whole = gzip.compress(data) if name.endswith("gz") else data
    for damaged in (whole[: len(whole) // 2], whole[:40] + b"\x55" * 20 + whole[60:]):
        items = found(raw, damaged, name)
        assert any(isinstance(one, Rejection) for one in items)
        assert all("fetch" in one.error for one in items if isinstance(one, Rejection))
        assert len([one for one in items if isinstance(one, Record)]) <= 9


def test_a_damaged_member_costs_no_other(raw):
    data = bytearray(zip_of({f"{at}.txt": PROSE.encode() * 9 for at in range(3)}))
    at = data.index(b"1.txt") + 10
    data[at : at + 4] = b"\xff\xff\xff\xff"
    items = found(raw, bytes(data), "a.zip")
    assert [type(one) for one in items] == [Record, Rejection, Record]
    assert items[1].source == "a.zip/1.txt"


def test_damage_between_the_members_of_a_tar_is_told(raw):
    data = bytearray(tar_of({f"{at}.txt": PROSE.encode() for at in range(3)}))
    data[1024:1100] = b"\x55" * 76
    assert "after member 1" in errors(raw, bytes(data), "a.tar")[0][1]


@pytest.mark.parametrize(("name", "data"), [("a.zip", zip_of({})), ("a.tar", bytes(10240))])
def test_an_empty_archive_is_told(raw, name, data):
    assert len(errors(raw, data, name)) == 1


def test_many_members_are_read_within_bounds(raw):
    data = gzip.compress(tar_of({f"{at}.bin": b"" for at in range(20_000)}), 1)
    (raw / "a.tar.gz").write_bytes(data)
    tracemalloc.start()
    items = found(raw, data, "a.tar.gz")
    tracemalloc.stop()
    assert len(items) == 20_000


def test_an_archive_gives_the_same_bytes_whatever_the_workers(raw, clean):
    for name, data in ARCHIVES.items():
        (raw / name).write_bytes(data)
    run(raw, clean)
    run(raw, clean.parent / "two", Config(workers=2))
    assert output_bytes(clean) == output_bytes(clean.parent / "two")
    assert json.loads((clean / "summary.json").read_bytes())["counts"]["read"] == 12


@pytest.mark.parametrize("phase", ["reading and marking", "finding duplicates", "writing"])
def test_a_run_over_archives_goes_on_where_it_was_cut_off(raw, clean, phase):
    for name, data in ARCHIVES.items():
        (raw / name).write_bytes(data)
    run(raw, clean.parent / "whole")

    def stop(told, _done, _total):
        if told == phase:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(raw, clean, progress=stop)
    run(raw, clean)
    assert output_bytes(clean) == output_bytes(clean.parent / "whole")
    assert len(read_output(clean).summary["skipped"]) == 5
