"""Hostile input, by the real command line: nothing crashes, hangs, escapes or gets lost."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys

import pytest
from conftest import ROOT, cleaner, read_output, write_rows
from hostile_corpus import CASES, NOT_FILES, RULE, honest_rows, write_cases

from cleaner import Config, run
from cleaner.document import Record
from cleaner.stages.discover import take_inventory
from cleaner.stages.read import read_records
from cleaner.stages.rejection import Rejection

GUARD = ROOT / "tests" / "guarded"


def guarded(folder):
    """An environment in which a process that reaches out of a folder ends with code 97."""
    (folder / "tmp").mkdir(exist_ok=True)
    return {
        "PYTHONPATH": str(GUARD),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder / "tmp"),
        "GUARD_WRITABLE": os.pathsep.join(map(str, (folder / "clean", folder / "tmp"))),
    }


def listing(folder):
    """Every name below a folder with what tells whether it was touched."""
    return {
        path: (status.st_mode, status.st_size, status.st_mtime_ns)
        for path in folder.rglob("*")
        if (status := path.lstat())
    }


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What became of honest articles alone, and beside everything hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    write_rows(folder / "alone" / "honest" / "rows.jsonl", honest_rows(200))
    write_rows(folder / "beside" / "honest" / "rows.jsonl", honest_rows(200))
    write_cases(folder / "beside" / "hostile")
    (folder / "rules.toml").write_text(RULE)
    run(folder / "alone", folder / "clean-alone")
    before = listing(folder / "beside")
    done = cleaner(
        "run", folder / "beside", folder / "clean", "--workers", "2",
        "--rules", folder / "rules.toml", environment=guarded(folder),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert listing(folder / "beside") == before
    assert list((folder / "tmp").iterdir()) == []
    return folder


@pytest.fixture(scope="module")
def rows(outputs):
    """The rows of the output with the hostile files, read once."""
    return read_output(outputs / "clean")


def test_honest_documents_come_out_as_without(outputs):
    def honest(clean, kind):
        lines = (clean / kind / "part-00000.jsonl").read_bytes().splitlines()
        return [line for line in lines if json.loads(line)["id"].startswith("honest-")]

    for kind in ("documents", "removed"):
        alone = honest(outputs / "clean-alone", kind)
        assert len(alone) >= 200
        assert honest(outputs / "clean", kind) == alone


def test_everything_is_accounted_for(rows):
    summary = rows.summary
    counts = summary["counts"]
    assert counts["read"] == counts["written"] + counts["dropped"] + counts["rejected"]
    read = sum(case.outcome != "skipped" for case in CASES)
    assert counts["read"] == read + 200
    assert {kind: one["files"] for kind, one in summary["skipped"].items()} == NOT_FILES


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case.name))
def test_each_case_ends_where_it_must(rows, case):
    name = "hostile/" + os.fsencode(case.name).decode("utf-8", "backslashreplace")
    found = {
        "rejected": [one["error"] for one in rows.rejected if one["source"] == name],
        "written": [one["text"] for one in rows.documents if is_of(one, name)],
        "dropped": [one["reason"] for one in rows.dropped if is_of(one, name)],
    }
    assert {kind for kind, told in found.items() if told} == {case.outcome} - {"skipped"}
    assert all(case.words in text for told in found.values() for text in told)
    assert sum(map(len, found.values())) == (case.outcome != "skipped")


def is_of(row, name):
    own = {"hostile/own.jsonl": "../../x"}
    return row["source"] == own.get(name, name)


def test_output_is_as_promised_and_can_be_restored(outputs, tmp_path):
    done = cleaner("verify", outputs / "clean")
    assert (done.returncode, done.stderr) == (0, "")
    done = cleaner("restore", outputs / "clean", tmp_path / "before")
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.rglob("*")] == ["before", "part-00000.jsonl"]
    assert list(tmp_path.parent.glob("up*")) == []


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "open({outside!r}, 'w')",
        "import os; os.mkdir({outside!r})",
        "import os; os.rename({outside!r}, {outside!r})",
    ],
)
def test_the_guard_sees_what_it_is_for(tmp_path, code):
    environment = os.environ | guarded(tmp_path)
    code = code.format(outside=str(tmp_path / "outside"))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, env=environment
    )
    assert done.returncode == 97
    assert done.stderr.startswith(b"guard: ")


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def link(path):
    path.rename(path.parent.parent / "secret")
    path.symlink_to(path.parent.parent / "secret")


def linked_folder(path):
    path.parent.rename(path.parent.parent / "elsewhere")
    path.parent.symlink_to(path.parent.parent / "elsewhere")


def folder(path):
    path.unlink()
    path.mkdir()


def listener(path):
    path.unlink()
    # A whole path may be too long for a socket.
    with socket.socket(socket.AF_UNIX) as one, contextlib.chdir(path.parent):
        one.bind(path.name)


@pytest.mark.parametrize(
    ("swap", "error"),
    [
        (pipe, "replaced by something else"),
        (link, "replaced by something else"),
        (linked_folder, "replaced by something else"),
        (folder, "replaced by something else"),
        (listener, "the file cannot be read: No such device or address"),
        (lambda path: path.unlink(), "the file cannot be read: No such file or directory"),
        (lambda path: shutil.rmtree(path.parent), "the file cannot be read: No such file"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl.gz"])
def test_what_takes_a_files_place_is_neither_waited_for_nor_followed(raw, swap, error, name):
    path = raw / "folder" / name
    path.parent.mkdir()
    path.write_bytes(b"Listed.")
    (file,) = take_inventory(raw).files
    swap(path)
    ((item, _),) = read_records(file, Config())
    assert isinstance(item, Rejection)
    assert error in item.error


def test_links_in_the_way_to_raw_are_followed(raw, tmp_path):
    (raw / "a.txt").write_bytes(b"Here.")
    (tmp_path / "link").symlink_to(raw)
    for named in (tmp_path / "link", tmp_path / "link" / "a.txt"):
        (file,) = take_inventory(named).files
        ((item, _),) = read_records(file, Config())
        assert isinstance(item, Record)
        assert item.source == "a.txt"
