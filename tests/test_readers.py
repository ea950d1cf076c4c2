"""What a run writes is read to the last row by the tools that corpora are read with."""

import subprocess
import sys

import pytest
from conftest import ROOT, write_rows

from cleaner import Config, finished, run
from cleaner.stages.shards import Shards

STORY = "The harbour of Port Alder opened to ships again on Monday morning, after {} days."
FIRST = {"section": None, "score": 1, "place": {"name": "quay"}, "tags": []}
LATER = {
    "section": "news",
    "score": "high",
    "place": "the quay",
    "tags": ["a", {"b": None}],
    "added": [[1.5, "x"], None],
    "published": "2024-05-01T10:00:00Z",
    "large": 2**70,
}
ADVERTISEMENT = "Advertisement"


def row(number, fields):
    name = "".join("abcdefghij"[int(digit)] for digit in f"{number:04d}")
    text = f"Ship {name} of {name[::-1]} lay at the {name}{name} quay for {number} days and nights."
    return {"id": f"0{number}", "text": f"{text}\n\n{ADVERTISEMENT}", **fields}


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Rows whose first hundreds are all of one kind, and the later ones of others."""
    folder = tmp_path_factory.mktemp("readers")
    rows = [row(number, FIRST) for number in range(400)]
    rows += [row(number, LATER) for number in range(400, 410)]
    rows += [{"id": f"copy{n}", "text": STORY.format("nine"), "date": 20240101} for n in range(3)]
    rows += [{"id": "cut", "text": f"{STORY.format('two')} (Photo: Nils Brandt) [INSIGHT]"}]
    write_rows(folder / "rows.jsonl", rows)
    (folder / "old.txt").write_bytes(
        "Der Hafen \xf6ffnete f\xfcr gro\xdfe Schiffe.".encode("cp1252")
    )
    return folder


@pytest.mark.readers
@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("output_format", ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"])
def test_every_row_is_read(raw, tmp_path, monkeypatch, output_format, as_text):
    monkeypatch.setattr(finished, "Shards", lambda made, _, *rest: Shards(made, 20_000, *rest))
    config = Config(output_format=output_format, metadata_as_text=as_text, across_documents="mark")
    run(raw, tmp_path / "clean", config)
    script = ROOT / "benchmarks" / "readers.py"
    done = subprocess.run(
        [sys.executable, script, tmp_path / "clean"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == (15 if output_format != "parquet" and not as_text else 14)
    assert all(line.startswith("ok ") for line in lines)
