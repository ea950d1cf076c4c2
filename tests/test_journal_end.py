"""What a run waits for when its output is whole, and what it no longer does."""

import errno
import threading

import pytest
from conftest import output_bytes, write_rows
from test_promises import many_rows
from test_resume import GOES_ON

from cleaner import CleanerError, Config, journal, run
from cleaner.durable import sync_file
from cleaner.finished import MADE
from cleaner.journal import Journal, Reached


def test_output_that_the_disk_refuses_is_not_published_and_the_run_goes_on(raw, clean, monkeypatch):
    write_rows(raw / "rows.jsonl", many_rows(50))
    documents = clean / ".cleaner" / "work" / MADE / "documents" / "part-00000.jsonl"

    def failing(path):
        if path == documents:
            raise OSError(errno.EIO, "Input/output error", str(path))
        sync_file(path)

    with monkeypatch.context() as patched:
        patched.setattr(journal, "sync_file", failing)
        with pytest.raises(CleanerError, match=f"Input/output error: .*; {GOES_ON}"):
            run(raw, clean, Config())
    assert output_bytes(clean) == {}
    run(raw, clean, Config())
    run(raw, clean.with_name("undisturbed"), Config())
    assert output_bytes(clean) == output_bytes(clean.with_name("undisturbed"))


def test_a_record_is_given_up_when_the_output_is_whole(tmp_path, monkeypatch):
    work = tmp_path / "clean" / ".cleaner" / "work"
    work.mkdir(parents=True)
    files = [work / name for name in ("a", "b", "output")]
    for file in files:
        file.write_bytes(b"text")
    is_begun, may_go_on, synced = threading.Event(), threading.Event(), []

    def slow(path):
        synced.append(path.name)
        if path.name in "ab":
            is_begun.set()
            assert may_go_on.wait(60)

    monkeypatch.setattr(journal, "LEAST_SECONDS", 0)
    monkeypatch.setattr(journal, "sync_file", slow)
    with Journal(work) as kept:
        kept.reach(Reached(columns={"a": 4, "b": 4}))
        assert is_begun.wait(60)
        kept.end_with([files[-1]])
        may_go_on.set()
    assert len(synced) == 2
    assert "output" in synced
    assert not (work / journal.JOURNAL).exists()
