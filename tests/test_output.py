"""A finished output read again: restored to what it was made of, and verified."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from conftest import ROOT, SAMPLES, cleaner, read_output, write_rows
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies import SENTENCES, a_run_each, corpus
from test_promises import many_rows, plain_distinct_ids, split_beforehand, write_corpus

from cleaner import CleanerError, Config, UsageError, read_rules, run
from cleaner.config import Action
from cleaner.nearest import Nearest
from cleaner.output.machine import told_in_a_line
from cleaner.output.restore import restore, restored_rows
from cleaner.output.verify import verify

ACTIONS = get_args(Action)
CASES = tomllib.loads((ROOT / "tests" / "corruptions.toml").read_text("utf-8"))["case"]
STORY = (
    "The harbour of Port Alder opened to ships again on Monday morning after a storm tore the "
    "north quay from its foundations and left the town without its ferry."
)
NEAR = STORY.replace("its ferry", "its boats")
OWN = [
    "The bakery on Mill Lane has won a prize for a rye loaf that takes three days to make.",
    "Snow fell on the upper villages for the first time in May since the school was built.",
    "A grey cat that had lived in the library for years has moved to a house by the lake.",
    "The council wants to sell the old fish market, which has stood empty since the flood.",
    "Nobody knows who painted the wall of the cinema green during the night of the concert.",
    "The orchestra will rehearse in the swimming hall until the roof of its own is mended.",
    "Two divers found a bell on the sea bed and gave it to the chapel that had lost it.",
]
BELL = "Before noon the fog had lifted and the first two ferries left for the islands again."
CLOTH = "The weavers of the valley sell their cloth on Saturdays, and in winter by letter only."
BOX = "Read all of this below"
ROWS = [
    *({"id": f"b{number}", "text": f"{BOX}\n\nAdvertisement\n\n{text}"} for number, text in [
        (0, STORY), (1, OWN[0]), (2, f"{STORY}\n\n{OWN[1]}"),
        (3, OWN[2]), (4, OWN[3]), (5, OWN[4]),
    ]),
    {"id": "nothing", "text": "Advertisement"},
    {"body": "a row without text"},
    {"id": "empty", "text": "\u200b"},
    {"id": "near", "text": f"{NEAR}\n\n{OWN[5]}"},
    {"id": "cut", "text": f"{SENTENCES[4]} (Photo: Nils Brandt) [INSIGHT]"},
    {"id": "plain", "text": SENTENCES[6], "large": 2**70 + 1, "near_copies": "a copy of it"},
    {"id": "twice", "text": f"{OWN[6]}\n\n{CLOTH}\n\n{OWN[6]}"},
    {"id": "tail", "text": f"Advertisement\n\n{BELL}\n\nGetty Images"},
]  # fmt: skip
CONFIGS = {
    "dropped": Config(signatures=True),
    "marked": Config(signatures=True, across_documents="mark"),
}


def rows_of(lines):
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Finished outputs by name, which nobody may change."""
    folder = tmp_path_factory.mktemp("outputs")
    write_rows(folder / "raw" / "b.jsonl", ROWS)
    (folder / "raw" / "last.txt").write_text(SENTENCES[7], encoding="utf-8")
    for name, config in CONFIGS.items():
        run(folder / "raw", folder / name, config)
    return folder


def test_the_outputs_have_all_that_is_to_be_corrupted(outputs):
    output = read_output(outputs / "dropped")
    assert {row["reason"] for row in output.removed} == {"boilerplate", "template", "duplicate"}
    assert any(row["at"] is not None for row in output.removed)
    assert [row["id"] for row in output.dropped] == ["nothing", "empty"]
    assert len(output.rejected) == 1
    assert 0.8 < next(row for row in output.removed if row["id"] == "near")["similarity"] < 1
    marked = read_output(outputs / "marked").documents
    assert [row["id"] for row in marked if "near_copies" in row["metadata"]] == ["b2", "near"]


@pytest.mark.parametrize("name", CONFIGS)
def test_nothing_is_wrong_with_what_a_run_wrote(outputs, name):
    done = cleaner("verify", outputs / name)
    assert (done.returncode, done.stderr) == (0, "")
    copies = {"dropped": 3, "marked": 3}[name]
    assert re.fullmatch(
        rf".*: as promised: 15 records, \d+ paragraphs kept, \d+ removed, {copies} copies compared "
        r"with their originals\n",
        done.stdout,
    )


def set_in(row, path, value):
    *parents, last = path.split(".") if path.partition(".")[0] in row else [path]
    for parent in parents:
        row = row[parent]
    row[last] = value


def matches(line, wanted):
    row = json.loads(line)
    return all(row[name] == value for name, value in wanted.items())


def corrupt(clean, case):
    """Change one thing; where it was, counted in rows from 1."""
    path = clean / case["file"]
    if case["change"] == "remove":
        path.unlink()
        return 0
    if case["change"] == "rename":
        path.rename(clean / case["to"])
        return 0
    if path.suffix != ".jsonl":
        changed = path.read_text("utf-8") if "set" in case else ""
        if changed:
            row = json.loads(changed)
            for name, value in case["set"].items():
                set_in(row, name, value)
            path.write_text(json.dumps(row), encoding="utf-8")
        else:
            path.write_text(case["raw"], encoding="utf-8")
        return 0
    lines = path.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if matches(line, case.get("match", {})))
    lines[at : at + 2] = changed_lines(case, lines[at : at + 2])
    path.write_bytes(b"".join(lines))
    return at + 1


def changed_lines(case, lines):
    first, rest = lines[0], lines[1:]
    match case["change"]:
        case "delete":
            return rest
        case "double":
            return [first, first, *rest]
        case "swap":
            return [*rest, first]
        case "cut":
            return [first[: len(first) // 2]]
        case "raw":
            return [case["raw"].encode() + b"\n", *rest]
    row = json.loads(first)
    for name, value in case["set"].items():
        set_in(row, name, value)
    return [json.dumps(row).encode() + b"\n", *rest]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_verify_finds_and_names(outputs, tmp_path, case):
    clean = tmp_path / "clean"
    shutil.copytree(outputs / case.get("output", "dropped"), clean)
    row = corrupt(clean, case)
    where = {"row": f"{case['file']}:{row}", "next": f"{case['file']}:{row + 1}"}.get(
        case["where"], case["where"]
    )
    lines = list(verify(clean).faults.lines())
    named = re.escape(f"{case['kind']}: {where}: ").replace(r":\*", r":\d+")
    found = [line for line in lines if re.match(named, line) and case["told"] in line]
    assert found, "\n".join(lines)
    if case["file"] not in ("summary.json", "rejected.jsonl") and "signatures" not in case["file"]:
        with pytest.raises(CleanerError):
            list(restored_rows(clean))


def test_names_of_cases_are_distinct():
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_verify_tells_each_kind_once_with_its_number(outputs, tmp_path):
    clean = tmp_path / "clean"
    shutil.copytree(outputs / "dropped", clean)
    path = clean / "removed" / "part-00000.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"count":6', b'"count":2'))
    done = cleaner("verify", clean)
    assert done.returncode == 1
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == [
        "template of too few documents",
        "changed file",
    ]
    assert "(the first of 6)" in done.stdout
    assert done.stderr == f"cleaner: {clean} is not as promised: 7 faults\n"


@pytest.mark.parametrize("change", [b"", b"[]", b"{}", b'{"configuration": {}}', b"\xff"])
@pytest.mark.parametrize("command", ["verify", "restore"])
def test_without_a_summary_nothing_can_be_told(outputs, tmp_path, change, command):
    clean = tmp_path / "clean"
    shutil.copytree(outputs / "dropped", clean)
    (clean / "summary.json").write_bytes(change)
    done = cleaner(command, clean)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"cleaner: {clean / 'summary.json'} cannot be read")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["verify", "restore"])
def test_a_folder_that_is_no_output_is_wrong_usage(tmp_path, command):
    for folder, told in ((tmp_path / "nowhere", "there is no folder"), (tmp_path, "holds no")):
        done = cleaner(command, folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr


def test_restore_prints_what_was_before(outputs):
    done = cleaner("restore", outputs / "dropped")
    assert (done.returncode, done.stderr) == (0, "")
    rows = rows_of(done.stdout.splitlines())
    # Where a document without removed rows stood among those of its file is not on record.
    ids = [row["id"] for row in ROWS if row.get("id", "empty") != "empty"]
    assert [row["id"] for row in rows] == [*ids, "empty", "last.txt"]
    before = {row["id"]: row["text"] for row in ROWS if "id" in row}
    by_id = {row["id"]: row for row in rows}
    assert by_id["b2"]["text"] == before["b2"]
    assert by_id["tail"]["text"] == before["tail"]
    assert by_id["cut"]["text"] == before["cut"]
    assert by_id["nothing"] == {
        "id": "nothing",
        "text": "Advertisement",
        "source": "b.jsonl",
        "metadata": {},
    }
    assert by_id["empty"]["text"] == ""
    assert by_id["plain"]["metadata"]["large"] == str(2**70 + 1)


def test_restore_leaves_out_what_counts_the_kept_text(outputs):
    rows = rows_of(restored_rows(outputs / "marked"))
    assert not any("near_copies" in row["metadata"] for row in rows)


def test_restore_of_one_document(outputs):
    done = cleaner("restore", outputs / "dropped", "--id", "tail", "--id", "b1")
    assert [row["id"] for row in rows_of(done.stdout.splitlines())] == ["b1", "tail"]
    missing = cleaner("restore", outputs / "dropped", "--id", "nobody")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "has no document with the id 'nobody'" in missing.stderr


def test_restore_into_a_folder(outputs, tmp_path):
    out = tmp_path / "new" / "before"
    done = cleaner("restore", outputs / "dropped", out)
    assert (done.returncode, done.stdout) == (0, f"{out}: 14 documents as before the removal\n")
    assert (out / "part-00000.jsonl").read_bytes() == b"".join(restored_rows(outputs / "dropped"))
    assert [path.name for path in out.parent.iterdir()] == ["before"]
    again = cleaner("restore", outputs / "dropped", out)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    both = cleaner("restore", outputs / "dropped", tmp_path / "other", "--id", "b1")
    assert both.returncode == 2
    (tmp_path / "empty").mkdir()
    assert restore(outputs / "dropped", tmp_path / "empty") == 14
    with pytest.raises(UsageError, match="is there already"):
        restore(outputs / "dropped", out / "part-00000.jsonl")


def test_restore_of_a_changed_output_writes_nothing_and_names_the_row(outputs, tmp_path):
    clean, out = tmp_path / "clean", tmp_path / "out"
    shutil.copytree(outputs / "dropped", clean)
    case = next(case for case in CASES if case["name"] == "a position off by one, behind the end")
    row = corrupt(clean, case)
    for arguments in ([out], []):
        done = cleaner("restore", clean, *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"removed/part-00000.jsonl:{row}: position 3 is none" in done.stderr
        assert "nothing can be restored" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["clean"]


def test_restore_into_several_files(tmp_path):
    rows = [{"id": str(number), "text": f"{number} " + "word " * 90_000} for number in range(8)]
    write_rows(tmp_path / "raw" / "rows.jsonl", rows)
    run(tmp_path / "raw", tmp_path / "clean", Config(shard_megabytes=1))
    assert restore(tmp_path / "clean", tmp_path / "before") == 8
    files = sorted((tmp_path / "before").iterdir())
    assert len(files) > 1
    assert b"".join(path.read_bytes() for path in files) == b"".join(
        restored_rows(tmp_path / "clean")
    )
    assert not verify(tmp_path / "clean").faults.total


def test_rules_of_ones_own_are_known(tmp_path):
    own = "This story is part of our Seafront supplement."
    write_rows(tmp_path / "raw" / "rows.jsonl", [{"text": f"{SENTENCES[0]}\n\n{own}"}])
    config = Config(own_rules=read_rules(ROOT / "tests" / "mine.toml"))
    run(tmp_path / "raw", tmp_path / "clean", config)
    assert [row["text"] for row in read_output(tmp_path / "clean").removed] == [own]
    assert not verify(tmp_path / "clean").faults.total


def test_what_restore_does_not_read_may_be_missing(outputs, tmp_path):
    clean = tmp_path / "clean"
    shutil.copytree(outputs / "dropped", clean)
    for name in ("signatures", ".cleaner"):
        shutil.rmtree(clean / name)
    (clean / "rejected.jsonl").unlink()
    assert list(restored_rows(clean)) == list(restored_rows(outputs / "dropped"))


ROW_FILES = ("documents/part-00000.jsonl", "removed/part-00000.jsonl", "dropped.jsonl")
SIGNATURE_FILES = ("signatures/part-00000.jsonl", "signatures/part-00000.npy")
FILES = (*ROW_FILES, *SIGNATURE_FILES, "summary.json", "rejected.jsonl")


@given(st.data())
def test_no_damage_goes_unnoticed_or_ends_in_a_traceback(outputs, data):
    name = data.draw(st.sampled_from(FILES))
    whole = (outputs / "marked" / name).read_bytes()
    first = data.draw(st.integers(0, len(whole) - 1))
    last = data.draw(st.integers(first, min(first + 20, len(whole))))
    damaged = whole[:first] + data.draw(st.binary(max_size=9)) + whole[last:]
    assume(damaged != whole)
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean"
        shutil.copytree(outputs / "marked", clean)
        (clean / name).write_bytes(damaged)
        if name == "summary.json":
            check_damaged_summary(clean, json.loads(whole))
            return
        assert verify(clean).faults.total
        if name not in ROW_FILES:
            return
        with pytest.raises(CleanerError, match=re.escape(name)):
            list(restored_rows(clean))


def check_damaged_summary(clean, before):
    """What it says of versions and skipped files nothing else tells; its counts and digests do."""
    try:
        faults = verify(clean).faults
    except CleanerError:
        return
    written = json.loads((clean / "summary.json").read_bytes())
    for part in ("counts", "files"):
        for row in (written, before):
            row[part].pop("repaired", None)
        assert faults.total or written[part] == before[part]


def test_errors_of_the_machine_are_told_in_a_line(outputs, tmp_path):
    (tmp_path / "file").touch()
    done = cleaner("restore", outputs / "dropped", tmp_path / "file" / "out")
    assert done.returncode == 1
    assert re.fullmatch(r"cleaner: it cannot go on: .*: .*/file; see .*\n", done.stderr)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", "restore", outputs / "dropped"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"cleaner: the standard output cannot be written: No space")
    with pytest.raises(CleanerError, match="TMPDIR"), told_in_a_line():
        raise sqlite3.OperationalError("database or disk is full")


def check(raw, clean, config):
    """Run, restore and verify; how many copies there are."""
    run(raw, clean, config)
    beforehand = split_beforehand(raw, config)
    restored = {row["id"]: row for row in rows_of(restored_rows(clean))}
    assert {name: row["text"] for name, row in restored.items()} == {
        name: "\n\n".join(part.text for part in page.paragraphs)
        for name, page in zip(plain_distinct_ids(beforehand), beforehand, strict=True)
    }
    found = verify(clean)
    assert list(found.faults.lines()) == []
    return found.copies


action = st.sampled_from(ACTIONS)
configs = st.builds(
    Config,
    min_words=st.sampled_from([1, 5, 10]),
    threshold=st.sampled_from([0.3, 0.6, 0.8, 1.0]),
    shingle_size=st.sampled_from([1, 3]),
    within_documents=action,
    across_documents=action,
    names_agree=st.booleans(),
    template_documents=st.just(2),
    signatures=st.booleans(),
)


@a_run_each
@given(corpus, configs)
@example({"texts": [], "rows": []}, Config())
def test_every_output_can_be_restored_and_is_as_promised(made, config):
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name) / "raw"
        write_corpus(raw, made)
        check(raw, Path(name) / "clean", config)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("across", ACTIONS)
def test_so_does_that_of_many_batches(tmp_path, workers, across):
    shutil.copytree(SAMPLES, tmp_path / "raw")
    write_rows(tmp_path / "raw" / "rows.jsonl", many_rows(700))
    config = Config(workers=workers, across_documents=across)
    copies = check(tmp_path / "raw", tmp_path / "clean", config)
    assert (copies > 600) is (across != "keep")


def test_names_are_compared_only_where_a_document_is_missing(outputs, monkeypatch):
    monkeypatch.setattr(Nearest, "look_at", None)
    assert len(rows_of(restored_rows(outputs / "dropped", ["tail", "b1"]))) == 2
