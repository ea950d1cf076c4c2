"""Reading goes on where it stopped: the same batches, without what lies before them."""

import gzip
import json
from dataclasses import asdict

import pytest
from conftest import write_rows
from input_formats import STORIES, array, parquet, table, tarred, warc, zip_of

from cleaner import Config
from cleaner.stages import read
from cleaner.stages.discover import take_inventory
from cleaner.stages.read import UNIT, read_batches
from cleaner.stages.read_to import ReadTo
from cleaner.stages.skips import Skips

CONFIG = Config(max_record_megabytes=1, max_rows=40)
ROWS = [{"id": f"r{n}", "text": f"Boat {n} came in."} for n in range(15)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)
MEMBERS = {
    f"{n}.{'txt' if n % 3 else 'png'}": b"\x89PNG\r\n\x1a\n" * 9 if n % 3 == 0 else b"A boat."
    for n in range(12)
}


def damaged_beside(members, name):
    """An archive whose first member has a name that leads out and a header that is none."""
    data = zip_of({name: b"A boat.", **members})
    return data.replace(b"PK\x03\x04", b"PK\0\0", 1)


FILES = {
    "a-blank.jsonl": "\n\n" + LINES.replace("\n", "\n\n \n", 7) + "\n" * 3,
    "b-bytes.jsonl": LINES.encode("latin-1") + b'{"text": "\xe9t\xe9"}\n{"text"',
    "c-empty.txt": b"",
    "d-large.jsonl": LINES + "x" * (2 << 20) + "\n" + LINES,
    "e-many.jsonl": LINES * 4,
    "f-wide.jsonl": LINES.encode("utf-16"),
    "g-marked.jsonl": LINES.encode("utf-8-sig"),
    "h-packed.jsonl.gz": gzip.compress(LINES.encode()),
    "i-cut-off.jsonl.gz": gzip.compress(LINES.encode() * 99)[:150],
    "j-returns.jsonl": LINES.replace("\n", "\r\n").removesuffix("\r\n"),
    "k-archive.zip": zip_of(MEMBERS),
    "l-array.json": array(STORIES),
    "m-table.csv": table(STORIES),
    "n-tape.tar": tarred(STORIES),
    "o-web.warc": warc(STORIES),
    "p-columns.parquet": parquet(STORIES),
    "p-leading-out.zip": damaged_beside(MEMBERS, "../out.txt"),
    "q-text.txt": "A boat came in.",
    "r-nothing.jsonl": "",
}


@pytest.fixture
def files(raw):
    for name, data in FILES.items():
        (raw / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return take_inventory(raw).files


def batches_from(files, start, size):
    skips = Skips.from_row(start.skipped, UNIT)
    batches = list(read_batches(files, CONFIG, skips, start=start, batch_records=size))
    return batches, skips.as_row(UNIT)


def through_json(place):
    return ReadTo(**json.loads(json.dumps(asdict(place))))


@pytest.mark.parametrize("size", [1, 3, 7, 64])
def test_from_the_end_of_any_batch_the_rest_is_as_in_one_go(files, size):
    whole, skipped = batches_from(files, ReadTo(), size)
    assert sum(one["records"] for one in skipped.values()) == 8
    assert len(whole) > 2
    for number, batch in enumerate(whole):
        rest, skipped_then = batches_from(files, through_json(batch.read_to), size)
        assert rest == whole[number + 1 :]
        assert skipped_then == skipped


def test_a_batch_that_is_full_at_the_last_record_is_the_last(raw):
    write_rows(raw / "rows.jsonl", ROWS)
    files = take_inventory(raw).files
    batches, _ = batches_from(files, ReadTo(), 5)
    assert [len(one.items) for one in batches] == [5, 5, 5]
    assert batches_from(files, batches[-1].read_to, 5)[0] == []


def test_rows_that_were_read_are_not_read_again(raw):
    path = write_rows(raw / "rows.jsonl", ROWS)
    files = take_inventory(raw).files
    batches, _ = batches_from(files, ReadTo(), 5)
    end = batches[0].read_to
    assert path.read_bytes()[: end.byte].count(b"\n") == end.line == 5
    path.write_bytes(b"\0" * end.byte + path.read_bytes()[end.byte :])
    assert batches_from(files, end, 5)[0] == batches[1:]


def test_files_that_were_read_are_not_opened_again(files, monkeypatch):
    whole, _ = batches_from(files, ReadTo(), 7)
    opened = []

    def noting(file, *options):
        opened.append(file.name)
        return read_records(file, *options)

    read_records = read.read_records
    monkeypatch.setattr(read, "read_records", noting)
    end = whole[-4].read_to
    batches_from(files, end, 7)
    assert opened == [file.name for file in files][end.file :]
    assert end.file > 5


def test_what_is_read_past_is_told(raw):
    (raw / "rows.jsonl.gz").write_bytes(gzip.compress(LINES.encode()))
    files = take_inventory(raw).files
    batches, _ = batches_from(files, ReadTo(), 5)
    told = []
    rest = read_batches(files, CONFIG, start=batches[1].read_to, past=told.append, batch_records=5)
    assert list(rest) == batches[2:]
    assert told == [files[0].size] * 2
