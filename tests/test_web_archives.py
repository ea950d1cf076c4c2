"""Web archives: which records are pages, how their bodies are unpacked, what damage costs."""

import gzip
import json
import zlib

import brotli
import pytest
from backports import zstd
from conftest import read_output
from input_formats import http, warc_record
from test_formats import PAGE, PROSE, contents, errors, found

from cleaner import Config, run
from cleaner.document import Record
from cleaner.stages.rejection import Rejection, Skipped

GERMAN = "Größe und Gewässer der Häuser an der Förde, öfter als früher."


def response(body=PAGE, name="<urn:uuid:1>", kind="text/html", status="200 OK", **headers):
    return warc_record("response", http(body, kind, status, **headers), name)


def test_a_page_keeps_the_archives_id_and_says_where_and_when_it_was_fetched(raw, clean):
    (raw / "a.warc").write_bytes(response())
    run(raw, clean)
    (document,) = read_output(clean).documents
    assert (document["id"], document["source"], document["text"]) == (
        "<urn:uuid:1>",
        "a.warc",
        PROSE,
    )
    metadata = document["metadata"]
    assert metadata["url"] == "https://alder.example/a"
    assert (metadata["warc_date"], metadata["date"]) == ("2024-03-04T05:06:07Z", "2024-03-04")


def test_the_date_that_a_page_states_goes_before_the_day_it_was_fetched(raw, clean):
    stated = PAGE.replace(
        b"<body>", b'<head><meta name="article:published_time" content="2023-01-02"></head><body>'
    )
    (raw / "a.warc").write_bytes(response(stated))
    run(raw, clean)
    assert read_output(clean).documents[0]["metadata"]["date"] == "2023-01-02"


def test_without_an_id_a_record_is_named_by_file_and_number(raw):
    data = warc_record("warcinfo", b"x") + response(name="")
    assert [one.id for one in contents(raw, data, "a.warc")] == ["a.warc:2"]


def test_the_charset_of_the_server_goes_before_that_of_the_page(raw):
    page = f"<html><meta charset=windows-1252><p>{GERMAN}</p></html>".encode("mac_roman")
    (content,) = contents(raw, response(page, kind='text/html; charset="macintosh"'), "a.warc")
    assert GERMAN in content.text
    assert content.metadata["encoding"] == {"charset": "macintosh", "decided_by": "declared"}


def chunked(body):
    pieces = [body[at : at + 40] for at in range(0, len(body), 40)]
    marked = b"".join(b"%x;name=value\r\n%b\r\n" % (len(one), one) for one in pieces)
    return marked + b"0\r\n\r\n"


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


CODINGS = {
    "gzip": (gzip.compress(PAGE), {"Content_Encoding": "gzip"}),
    "x-gzip": (gzip.compress(PAGE), {"Content_Encoding": "X-GZip"}),
    "deflate": (zlib.compress(PAGE), {"Content_Encoding": "deflate"}),
    "deflate without a header": (raw_deflate(PAGE), {"Content_Encoding": "deflate"}),
    "br": (brotli.compress(PAGE), {"Content_Encoding": "br"}),
    "zstd": (zstd.compress(PAGE), {"Content_Encoding": "zstd"}),
    "chunked": (chunked(PAGE), {"Transfer_Encoding": "chunked"}),
    "both": (
        chunked(gzip.compress(PAGE)),
        {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"},
    ),
    "twice": (gzip.compress(brotli.compress(PAGE)), {"Content_Encoding": "br, gzip"}),
    "not packed though it says gzip": (PAGE, {"Content_Encoding": "gzip"}),
    "not packed though it says br": (PAGE, {"Content_Encoding": "br"}),
    "not packed though it says deflate": (PAGE, {"Content_Encoding": "deflate"}),
    "not in chunks though it says so": (PAGE, {"Transfer_Encoding": "chunked"}),
    "cut within a chunk": (chunked(PAGE)[:-9], {"Transfer_Encoding": "chunked"}),
    "identity": (PAGE, {"Content_Encoding": "identity"}),
}


@pytest.mark.parametrize("case", CODINGS)
def test_bodies_are_unpacked_as_their_headers_say_where_they_are_packed(raw, case):
    body, headers = CODINGS[case]
    (content,) = contents(raw, response(body, **headers), "a.warc")
    assert content.text.startswith(PAGE.decode()[:-12])


@pytest.mark.parametrize(
    ("body", "coding", "error"),
    [
        (b"\x1f\x8b\x08 damaged", "gzip", "gzip data are damaged"),
        (b"\x9b\x04\x00 damaged\xff", "br", "br data are damaged"),
        (PAGE, "aes128gcm", "packed as 'aes128gcm', which is not read"),
        (gzip.compress(b"<p>" + b" " * (3 << 20)), "gzip", "raise --max-record-megabytes"),
        (brotli.compress(b"<p>" + b" " * (3 << 20)), "br", "raise --max-record-megabytes"),
    ],
)
def test_bodies_that_cannot_be_unpacked_are_rejected(raw, clean, body, coding, error):
    data = response(body, Content_Encoding=coding) + response(name="<urn:uuid:2>")
    (raw / "a.warc").write_bytes(data)
    run(raw, clean, Config(max_record_megabytes=1))
    output = read_output(clean)
    assert [row["record"] for row in output.rejected] == [1]
    assert error in output.rejected[0]["error"]
    assert [row["id"] for row in output.documents] == ["<urn:uuid:2>"]


SKIPPED = {
    "WARC warcinfo record": warc_record("warcinfo", b"software: x\r\n"),
    "WARC request record": warc_record("request", b"GET / HTTP/1.1\r\n\r\n"),
    "WARC metadata record": warc_record("metadata", b"a: b\r\n"),
    "WARC revisit record": warc_record("revisit", http(b"")),
    "WARC resource record": warc_record("resource", PAGE),
    "WARC response record with another status than 200": response(status="404 Not Found"),
    "WARC response record that is neither HTML nor plain text": response(kind="image/png"),
    "WARC response record of another protocol than HTTP": warc_record("response", b"x").replace(
        b"application/http; msgtype=response", b"text/dns"
    ),
}


def test_records_that_are_no_pages_are_counted_and_not_rejected(raw, clean):
    (raw / "a.warc").write_bytes(b"".join(SKIPPED.values()) * 2 + response())
    run(raw, clean)
    output = read_output(clean)
    assert (len(output.documents), output.rejected) == (1, [])
    expected = {kind: {"records": 2, "names": ["a.warc"]} for kind in sorted(SKIPPED)}
    assert output.summary["skipped"] == expected
    assert output.summary["counts"]["read"] == 1


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n", "html"),
        (b"HTTP/1.1 200\r\nCONTENT-TYPE:TEXT/HTML\r\n\r\n", "html"),
        (b"HTTP/2 200 OK\r\nContent-Type: application/xhtml+xml\r\n\r\n", "html"),
        (b"HTTP/1.0 200 OK\r\n\r\n", "html"),
        (b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Type: text/plain\r\nno colon\r\n\r\n", "text"),
    ],
)
def test_headers_are_read_as_servers_write_them(raw, head, kind):
    items = found(raw, warc_record("response", head + PAGE), "a.warc")
    assert [one.kind for one in items] == [kind]


def test_a_block_that_is_no_message_is_rejected_and_the_next_read(raw):
    items = found(raw, warc_record("response", b"garbage") + response(), "a.warc")
    assert "no HTTP message" in items[0].error
    assert isinstance(items[1], Record)


def many(number):
    return [
        response(PAGE.replace(b"harbour", b"quay %d" % at), f"<urn:{at}>") for at in range(number)
    ]


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, zstd.compress])
def test_of_a_cut_archive_what_is_whole_is_read_and_the_rest_told(raw, pack):
    data = b"".join(map(pack, many(9)))
    items = found(raw, data[:-60], "a.warc")
    assert [one.envelope.id for one in items[:8]] == [f"<urn:{at}>" for at in range(8)]
    assert isinstance(items[-1], Rejection)
    assert len(items) == 9
    assert items[-1].record == 9
    assert "damaged or cut off" in items[-1].error
    assert "fetch it again" in items[-1].error


def test_damage_says_at_which_byte(raw):
    records = many(3)
    data = records[0] + records[1][:-4] + b"garbage\r\n\r\n" + records[2]
    ((number, error),) = errors(raw, data, "a.warc")
    assert number == 3
    assert f"at byte {len(records[0])}" in error or "after record 2" in error


def test_what_follows_other_line_breaks_is_not_lost_silently(raw):
    data = b"".join(many(3)).replace(b"\r\n", b"\n")
    assert any(isinstance(one, Rejection) for one in found(raw, data, "a.warc"))


def test_an_archive_packed_with_a_dictionary_of_its_own(raw):
    records = many(60)
    dictionary = zstd.train_dict(records, 4096)
    frames = b"".join(zstd.compress(one, zstd_dict=dictionary) for one in records)
    for content in (dictionary.dict_content, zstd.compress(dictionary.dict_content)):
        mark = (0x184D2A5D).to_bytes(4, "little") + len(content).to_bytes(4, "little")
        assert len(contents(raw, mark + content + frames, "a.warc.zst")) == 60


def test_a_text_archive_gives_texts(raw):
    data = warc_record("warcinfo", b"x") + warc_record("conversion", GERMAN.encode(), "<urn:t>")
    items = found(raw, data, "a.warc.wet.gz")
    assert isinstance(items[0], Skipped)
    assert [(one.id, one.text) for one in contents(raw, data, "a.wet")] == [("<urn:t>", GERMAN)]


def test_bombs_end_the_archive(raw):
    bomb = gzip.compress(response(b"<p>" + b" " * (20 << 20)))
    (rejected,) = errors(raw, bomb, "a.warc.gz", max_expansion=100)
    assert "raise --max-expansion" in rejected[1]
    (rejected,) = errors(raw, bomb, "a.warc.gz", max_record_megabytes=1, max_expansion=9999)
    assert "raise --max-record-megabytes" in rejected[1]


def test_what_was_skipped_is_told_by_a_run_that_goes_on(raw, clean):
    (raw / "a.warc").write_bytes(b"".join(SKIPPED.values()) + response())
    whole = run(raw, clean)
    assert json.loads(json.dumps(whole.skipped)) == read_output(clean).summary["skipped"]
    assert run(raw, clean).skipped == whole.skipped
