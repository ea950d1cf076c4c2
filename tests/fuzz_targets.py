"""What may be given any bytes at all, and what must hold of it whatever they are.

Each target takes bytes and raises only where a promise is broken. `tests/test_fuzz.py` gives them
some of what hypothesis thinks of; `benchmarks/fuzz.py` goes on for as long as it is let.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from backports import zstd
from input_formats import STORIES, array, parquet, table, tarred, warc, zipped

from cleaner import Config, run
from cleaner.document import Content, MarkedDocument, Record
from cleaner.errors import CleanerError, RecordError
from cleaner.marking import mark_content, mark_records
from cleaner.output.restore import restore, restored_rows
from cleaner.output.verify import verify
from cleaner.stages.charset import decode_bytes
from cleaner.stages.decode import decode_file
from cleaner.stages.discover import take_inventory
from cleaner.stages.html_page import extract_html
from cleaner.stages.paragraphs import split_paragraphs
from cleaner.stages.read import read_records
from cleaner.stages.rejection import Rejection, Skipped
from cleaner.stages.repair import repair

CONFIG = Config(risky_rules="always", max_record_megabytes=1, max_rows=1000)
SUFFIXES = ("txt", "html", "jsonl", "txt.gz", "jsonl.gz", "jsonl.zst")
MANY = ("warc", "warc.gz", "csv", "json", "zip", "tar", "tar.gz", "parquet")
TEXT = (
    "By Ada Lind on March 4, 2024\n\nThe harbour of Port Alder opened again on Monday morning, "
    "nine days after a storm had closed it.\nAdvertisement\nLeave a Reply"
)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def decoding(data: bytes) -> None:
    for is_html in (False, True):
        decoded = decode_bytes(data, is_html=is_html)
        assert isinstance(decoded.text, str)
        with suppress(RecordError):
            assert decode_file(data, is_html=is_html) == decoded


def records(data: bytes) -> None:
    """The first byte says what kind of file the rest is."""
    _records(data, SUFFIXES)


def formats(data: bytes) -> None:
    """The same for files of many documents."""
    _records(data, MANY)


def _records(data: bytes, suffixes: tuple[str, ...]) -> None:
    with folder() as raw:
        suffix = suffixes[data[0] % len(suffixes)] if data else suffixes[0]
        (raw / f"a.{suffix}").write_bytes(data[1:])
        inventory = take_inventory(raw)
        if inventory.skipped:  # such as a Parquet file that is packed
            return
        (file,) = inventory.files
        found = [item for item, _ in read_records(file, CONFIG)]
        assert found
        items = [item for item in found if not isinstance(item, Skipped)]
        assert all(isinstance(item, Record | Rejection) for item in items)
        for outcome, row in mark_records(items, CONFIG):
            assert json.loads(row)
            assert "could not be processed" not in getattr(outcome, "error", "")


def pages(data: bytes) -> None:
    text = decode_bytes(data, is_html=True).text
    content = Content("id", "a.html", is_html=True, text=text, metadata={})
    with suppress(RecordError):
        lines = [line for block in extract_html(content, CONFIG).blocks for line in block]
        assert lines
        assert not any("\n" in line for line in lines)


def texts(data: bytes) -> None:
    """What a text is marked as, and that a second time changes nothing."""
    marked = _marked(data.decode("utf-8", "replace"))
    assert all(one.text.strip() and "\n" not in one.text for one in marked.paragraphs)
    kept = [one.text for one in marked.paragraphs if one.mark is None and not one.cuts]
    again = _marked("\n\n".join(kept))
    assert [one.text for one in again.paragraphs] == kept


def _marked(text: str) -> MarkedDocument:
    return mark_content(Content("id", "a.txt", is_html=False, text=text, metadata={}), CONFIG)


def pages_repaired(data: bytes) -> None:
    """A page all the way to its paragraphs."""
    text = decode_bytes(data, is_html=True).text
    content = Content("id", "a.html", is_html=True, text=text, metadata={})
    with suppress(RecordError):
        document = split_paragraphs(repair(extract_html(content, CONFIG), CONFIG))
        assert all(one.text.strip() and "\n" not in one.text for one in document.paragraphs)


@cache
def _finished() -> Path:
    """A finished output with every kind of row."""
    made = Path(tempfile.mkdtemp(prefix="fuzz-"))
    rows = [{"id": f"a{n}", "text": f"{TEXT}\n\nBoat {n} came in."} for n in range(4)]
    rows += [{"id": "none", "text": "Advertisement"}, {"text": 3}]
    (made / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run(made / "rows.jsonl", made / "clean", Config(signatures=True, across_documents="mark"))
    return made / "clean"


def outputs(data: bytes) -> None:
    """Four bytes each time: a file, a place in it, and what is put there."""
    with folder() as here:
        clean = here / "clean"
        shutil.copytree(_finished(), clean)
        files = sorted(path for path in clean.rglob("*") if path.is_file() and path.name != "lock")
        for at in range(0, len(data) - 3, 4):
            path = files[data[at] % len(files)]
            held = bytearray(path.read_bytes())
            if held:
                held[int.from_bytes(data[at + 1 : at + 3]) % len(held)] = data[at + 3]
                path.write_bytes(held)
        for function in (verify, lambda one: list(restored_rows(one))):
            with suppress(CleanerError):
                function(clean)


def ids(data: bytes) -> None:
    """Names of rows, parted by zeros: all come back, and nothing is written elsewhere."""
    names = data.decode("utf-8", "replace").split("\0")[:5]
    with folder() as here:
        rows = [{"id": name, "text": f"Boat {n} came in."} for n, name in enumerate(names)]
        raw = here / "rows.jsonl.zst"
        raw.write_bytes(zstd.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
        run(raw, here / "clean")
        assert verify(here / "clean").faults.total == 0
        assert restore(here / "clean", here / "before") == len(names)
        restored = (here / "before" / "part-00000.jsonl").read_bytes().splitlines()
        assert [json.loads(line)["text"] for line in restored] == [row["text"] for row in rows]
        assert {path.name for path in here.iterdir()} == {raw.name, "clean", "before"}


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decoding": decoding,
    "records": records,
    "formats": formats,
    "pages": pages,
    "pages_repaired": pages_repaired,
    "texts": texts,
    "outputs": outputs,
    "ids": ids,
}
SEEDS: dict[str, tuple[bytes, ...]] = {
    "decoding": (TEXT.encode("utf-16"), "Größe".encode("latin-1"), b"<meta charset=big5>\xa4\xa4"),
    "records": (
        b'\x02{"text": "a", "id": 1e9, "metadata": {"x": [null]}}\n',
        b"\x05" + zstd.compress(b'{"html": "<p>x"}'),
    ),
    "formats": (
        b"\x00" + warc(STORIES),
        b"\x02" + table(STORIES),
        b"\x03" + array(STORIES),
        b"\x04" + zipped(STORIES),
        b"\x05" + tarred(STORIES),
        b"\x07" + parquet(STORIES),
    ),
    "pages": (f"<html><body><article><p>{TEXT}<b>x</b><table><tr><td>y".encode(),),
    "pages_repaired": (f"<article><p>{TEXT}&amp;&eacute;<ul><li>x".encode(),),
    "texts": (TEXT.encode(), "CafÃ© â€œx &amp;".encode()),
    "outputs": (b"\x00\x00\x10{", b"\x03\x00\x10\xff\x04\x00\x20\xff"),
    "ids": (b"../x\0\0a#2\0a\0a", b"\n\0\x1b"),
}
"""Bytes that mean something to a target, from which others are made."""
