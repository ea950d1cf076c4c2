"""Input that was made to do harm, and what must come of it; and honest articles to stand beside.

Each case is one file. `outcome` is where its record must end: 'rejected' with an error that holds
`words`, 'written' with a text that holds them, 'dropped', or 'skipped' for what is not read.
"""

import gzip
import io
import json
import os
import socket
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backports import zstd


def story_of(number: int) -> str:
    """A text like no other: two that each have a number of their own are no copies."""
    return (
        f"The ferry turned back {number} miles off Port Alder, and nobody on board was hurt. "
        f"Captain Ines Brandt had {number} people with her, and said they had done as trained. "
    )


def article(story: str) -> str:
    return f"<article><p>{story}</p>"


@dataclass(frozen=True)
class Case:
    """One hostile file."""

    name: str
    make: Callable[[str], bytes]
    outcome: str
    words: str = ""


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def row(text: str, **fields: object) -> bytes:
    return json.dumps({"text": text, **fields}).encode() + b"\n"


def zstd_of_window(log: int) -> bytes:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: log})
    return packer.compress(row("x")) + packer.flush()


def laughs(story: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(10))
    doctype = (
        f'<!DOCTYPE html [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{entities}]>'
    )
    return (
        f'<?xml version="1.0"?>{doctype}<html><body>{article(story)}&l10;&f;</body></html>'.encode()
    )


def loader(story: str) -> bytes:
    """A page all of whose parts are elsewhere."""
    there = "http://127.0.0.1:9/x"
    head = (
        f'<base href="{there}"><link rel=stylesheet href="{there}"><script src="{there}"></script>'
    )
    body = f'{article(story)}<img src="{there}"><iframe src="{there}"></iframe>'
    return f'<!DOCTYPE html SYSTEM "{there}.dtd">'.encode() + page(body, head)


def long_header() -> bytes:
    """A tar archive of a file with a name of eight megabytes."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("n" * (8 << 20)))
    return stream.getvalue()


WARC = (
    b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %b\r\n\r\nx"
)
BLANK = b" " * (20 << 20)
CASES = (
    # Packed files that unpack to far more than they are.
    Case(
        "gzip-line.jsonl.gz",
        lambda _: gzip.compress(BLANK),
        "rejected",
        "raise --max-expansion",
    ),
    Case(
        "zstd-line.jsonl.zst",
        lambda _: zstd.compress(BLANK),
        "rejected",
        "raise --max-expansion",
    ),
    Case("gzip-text.txt.gz", lambda _: gzip.compress(BLANK), "rejected", "raise --max-expansion"),
    Case(
        "gzip-members.jsonl.gz",
        lambda _: gzip.compress(BLANK[: 5 << 20]) * 4,
        "rejected",
        "raise --max-expansion",
    ),
    Case(
        "gzip-empty.jsonl.gz",
        lambda _: gzip.compress(b"") * 20_000,
        "rejected",
        "holds no rows",
    ),
    Case(
        "gzip-small.txt.gz", lambda story: gzip.compress(story.encode() * 9_000), "written", "ferry"
    ),
    Case("nested.txt.gz", lambda _: gzip.compress(gzip.compress(BLANK)), "rejected", "gzip"),
    Case("nested.jsonl.gz", lambda _: gzip.compress(gzip.compress(b"\n")), "rejected", "not JSON"),
    Case("window.jsonl.zst", lambda _: zstd_of_window(30), "rejected", "without --long"),
    Case("twice.txt.gz.gz", lambda _: gzip.compress(b"x"), "skipped"),
    # Pages that exhaust what reads them.
    Case(
        "deep.html", lambda story: page("<div>" * 100_000 + story), "rejected", "raise --max-tags"
    ),
    Case("deeper.html", lambda story: page("<div>" * 999 + story), "rejected", "raise --max-depth"),
    Case(
        "closed.html",
        lambda story: page("</b>" * 200_000 + article(story)),
        "rejected",
        "raise --max-tags",
    ),
    Case("unclosed.html", lambda _: page("<p><b>x " * 90_000), "rejected", "raise --max-tags"),
    Case(
        "comments.html",
        lambda story: page("<!-- <p> -->" * 110_000 + article(story)),
        "written",
        "ferry",
    ),
    Case(
        "script.html",
        lambda story: page(article(story) + "<script>" + "a<b;" * 110_000),
        "written",
        "ferry",
    ),
    Case("open-comment.html", lambda _: page("<!--" * 300_000), "rejected", "no article"),
    Case(
        "less-than.html",
        lambda story: page(article(story) + "<p>" + "<" * 300_000),
        "written",
        "ferry",
    ),
    Case(
        "attributes.html",
        lambda story: page(f"<p {' '.join(f'a{n}=x' for n in range(300_000))}>{story}"),
        "rejected",
        "more than 5000 attributes",
    ),
    Case(
        "attribute.html",
        lambda story: page(f"<p class='{'a ' * 10**6}'>{story * 4}"),
        "written",
        "ferry",
    ),
    Case(
        "entities.html",
        lambda story: page(article(story) + "<p>" + "&amp;&#x41;" * 99_000),
        "written",
        "ferry",
    ),
    Case(
        "ampersands.html",
        lambda story: page(article(story) + "<p>" + "&" * 10**6),
        "written",
        "ferry",
    ),
    Case("laughs.html", laughs, "written", "ferry"),
    Case("elsewhere.html", loader, "written", "ferry"),
    Case(
        "data.html",
        lambda story: page(
            article(story), f"<script type='application/ld+json'>{'[' * 10**6}</script>"
        ),
        "written",
        "ferry",
    ),
    # Bytes that are no text, or hardly.
    Case("zeros.txt", lambda _: b"\0" * 10**6, "rejected", "not text"),
    Case("zeros-between.txt", lambda story: b"\0".join(story.encode().split()), "written", "ferry"),
    Case("lone.txt", lambda _: b"\xff\xfe" + b"\x00\xd8" * 999, "written", "\ufffd"),
    Case("odd.txt", lambda _: b"\xff\xfea", "written", "a"),
    Case(
        "invalid.txt",
        lambda story: story.encode() + b"\xff\xc0\x80\xed\xa0\x80\xf8\xfe",
        "written",
        "ferry",
    ),
    Case("cut.txt", lambda story: story.encode() + "é".encode()[:1], "written", "ferry"),
    Case("bell.txt", lambda _: b"\x07" * 10**5, "rejected", "not text"),
    Case("line.txt", lambda _: b"x " * (6 << 20), "rejected", "raise --max-line-length"),
    Case("lines.txt", lambda _: b"x\n" * 10**6, "rejected", "raise --max-lines"),
    Case("returns.txt", lambda _: b"x\r" * 10**6, "rejected", "raise --max-lines"),
    Case("written-out.txt", lambda _: b"x&#10;" * 300_000, "rejected", "raise --max-lines"),
    Case(
        "bidirectional.txt",
        lambda story: ("\u202e\u2066" * 999 + story).encode(),
        "written",
        "ferry",
    ),
    # Rows that a parser may not survive.
    Case("nested.jsonl", lambda _: b"[" * 100_000, "rejected", "raise --max-depth"),
    Case("nested-objects.jsonl", lambda _: b'{"a":' * 100_000, "rejected", "raise --max-depth"),
    Case(
        "nested-within.jsonl",
        lambda _: b'{"text": "x", "m": %b}' % (b"[" * 300 + b"]" * 300),
        "rejected",
        "raise --max-depth",
    ),
    Case(
        "digits.jsonl",
        lambda _: b'{"text": "x", "n": %b}' % (b"9" * 10**6),
        "rejected",
        "not read",
    ),
    Case("fraction.jsonl", lambda _: b'{"text": "x", "n": 0.%b}' % (b"9" * 10**6), "written", "x"),
    Case("power.jsonl", lambda _: b'{"text": "x", "n": 1e%b}' % (b"9" * 10**5), "written", "x"),
    Case("key.jsonl", lambda _: row("Key", **{"k" * 10**6: 1}), "written", "Key"),
    Case("same-keys.jsonl", lambda _: b'{"text": "One", "text": "Other"}', "written", "Other"),
    Case("nan.jsonl", lambda _: b'{"text": "Nan", "n": [NaN, -Infinity]}', "written", "Nan"),
    Case("zero.jsonl", lambda _: row("Nothing\0 in between."), "written", "Nothing in"),
    Case("lone.jsonl", lambda _: b'{"text": "Lone \\ud800", "id": "\\udfff"}', "written", "Lone"),
    # Files of many documents that lie about what they hold.
    Case("quote.csv", lambda _: b'text\n"' + b"x,y\n" * 10**6, "rejected", "set its quotes right"),
    Case("array.json", lambda _: b"[" * 100_000, "rejected", "nested too deeply"),
    Case("length.warc", lambda _: WARC % b"99999999999", "rejected", "not whole"),
    Case("header.tar.gz", lambda _: gzip.compress(long_header()), "rejected", "more than 1 MB"),
    Case("begun.zip", lambda story: b"PK\x03\x04" + story.encode(), "rejected", "ZIP archive"),
    Case("begun.parquet", lambda story: b"PAR1" + story.encode(), "rejected", "Parquet file"),
    # Ids that are no file names, and file names that are hardly ids.
    Case("up.jsonl", lambda _: row("Up", id="../../../../tmp/up"), "written", "Up"),
    Case("root.jsonl", lambda _: row("Root", id="/etc/passwd"), "written", "Root"),
    Case("break.jsonl", lambda _: row("Break", id="a\nb\r\x1b[31m\u202e"), "written", "Break"),
    Case("long.jsonl", lambda _: row("Long", id="i" * 300), "written", "Long"),
    Case(
        "claims.jsonl", lambda _: row("Claims", id="hostile/claimed.jsonl:1"), "written", "Claims"
    ),
    Case("claimed.jsonl", lambda _: row("Claimed"), "written", "Claimed"),
    Case("repeated-1.jsonl", lambda _: row("First", id="x"), "written", "First"),
    Case("repeated-2.jsonl", lambda _: row("Second", id="x#2"), "written", "Second"),
    Case("repeated-3.jsonl", lambda _: row("Third", id="x"), "written", "Third"),
    Case(
        "own.jsonl", lambda _: row("Own", id="o", source="../../x", metadata={}), "written", "Own"
    ),
    Case("caf\udce9.txt", lambda _: b"A name that is not UTF-8.", "written", "not UTF-8"),
    Case("new\nline\x1b[31m.txt", lambda _: b"A name of two lines.", "written", "two lines"),
    Case("<script>alert(1)<.txt", lambda _: b"A name with a tag.", "written", "a tag"),
    # What the rules might be long about.
    Case("ands.txt", lambda _: b"By " + b"Ada Lind and " * 45 + b"!", "written", "and"),
    Case("backtrack.txt", lambda _: b"a" * 590 + b"!", "written", "aaa"),
)
RULE = """
[[rule]]
category = "house"
name = "explodes"
patterns = ['(a+)+b', '(a|a)*c', '(?:a*)*d']
catches = ["aaab"]
"""
"""Patterns that take a backtracking matcher longer than the sun will shine."""


def write_cases(folder: Path) -> None:
    """Write every case, and what is no file: pipes, sockets, links out and in loops."""
    folder.mkdir(parents=True)
    for number, case in enumerate(CASES):
        (folder / case.name).write_bytes(case.make(story_of(number)))
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(folder)  # the whole path may be longer than a socket's address
        listener.bind("socket.txt")
        os.chdir(here)
    (folder / "out.txt").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    (folder / "itself.txt").symlink_to(folder / "itself.txt")


NOT_FILES = {"special file": 2, "symbolic link": 3, ".gz.gz": 1}


def honest_rows(number: int) -> Iterator[dict[str, object]]:
    """Invented articles, no two alike but for a line of their paper and a shared sentence."""
    places = ["Alder", "Brenn", "Corran", "Dunmore", "Eskdale", "Farrow", "Glenmoor", "Hartsea"]
    things = ["quay", "ferry", "library", "bridge", "school", "market", "lighthouse", "theatre"]
    for n in range(number):
        place, thing = places[n % 8], things[n // 8 % 8]
        shared = "The council will meet again on the first Monday of the month to decide."
        yield {
            "id": f"honest-{n}",
            "url": f"https://{place.lower()}.example/{n}",
            "text": f"The {thing} of {place} was closed for {n + 2} days after storm {n}.\n\n"
            f"Advertisement\n\n“It took {n * 7} hours to mend the {thing},” said engineer {n} "
            f"of the {place} works, with {n + 3} men.\n\n{'' if n % 9 else shared}",
        }
