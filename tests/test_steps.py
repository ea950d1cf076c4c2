"""What a run notes of how far it has come: once a second, and never the half of a step."""

import gzip
import json
from contextlib import suppress

import pytest
from conftest import output_bytes, write_rows
from test_promises import many_rows
from test_resume import Stop, often, stop_in  # noqa: F401 - a fixture

from cleaner import CleanerError, finished, intake, journal, run
from cleaner.journal import Journal, Reached
from cleaner.losses.tally import saved_rows
from cleaner.stages.counts import MOST_KINDS, Counts
from cleaner.stages.rejection import Rejection


def record(work):
    return json.loads((work / "journal.json").read_bytes())


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / ".cleaner" / "work"
    folder.mkdir(parents=True)
    (folder / "a").write_bytes(b"12345")
    return folder


def test_how_far_a_run_is_is_asked_only_when_it_is_recorded(work):
    asked = []

    def reached(number):
        asked.append(number)
        return Reached(columns={"a": 5}, finished=number)

    with Journal(work) as kept:
        for number in range(1, 100):
            with kept.step(lambda number=number: reached(number)):
                pass
    assert asked == []
    with suppress(Stop), Journal(work) as kept:
        for number in range(1, 100):
            with kept.step(lambda number=number: reached(number)):
                pass
        raise Stop
    assert asked == [99]
    assert record(work)["finished"] == 99


def test_what_was_reached_in_half_a_step_is_not_recorded(work, monkeypatch):
    monkeypatch.setattr(journal, "LEAST_SECONDS", 0)
    with Journal(work) as kept:
        kept.reach(Reached(columns={"a": 3}, finished=1))
    further = Reached(columns={"a": 5}, finished=2)
    with suppress(Stop), Journal(work) as kept, kept.step(lambda: further):
        raise Stop
    assert record(work)["finished"] == 1


def test_files_that_have_grown_are_on_the_disk_before_the_record(work, monkeypatch):
    synced = []
    monkeypatch.setattr(journal, "LEAST_SECONDS", 0)
    monkeypatch.setattr(journal, "sync_file", synced.append)
    (work / "b").touch()
    for more in ({}, {"made": {"b": 0}}, {"made": {"b": 0}, "finished": 1}):
        with Journal(work) as kept:
            kept.wrote([work / "c"] if "finished" in more else [])
            kept.reach(Reached(columns={"a": 5}, **more))
    assert synced == [work / "a", work / "b", work / "c"]


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("broken", [(intake.Intake, "append"), (finished.Finished, "append")])
def test_an_error_in_the_middle_of_a_batch_goes_on_from_the_batch_before(
    raw, clean, monkeypatch, broken
):
    write_rows(raw / "rows.jsonl", many_rows(160))
    run(raw, clean.with_name("undisturbed"))
    calls, append = [], getattr(*broken)

    def failing(*arguments):
        append(*arguments)
        calls.append(arguments)
        if len(calls) == 5:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(*broken, failing)
        with pytest.raises(CleanerError, match="is full"):
            run(raw, clean)
    summary = run(raw, clean)
    assert summary.before.read > 0
    assert output_bytes(clean) == output_bytes(clean.with_name("undisturbed"))


@pytest.mark.usefixtures("often")
def test_losses_of_all_batches_are_in_one_file(raw, clean):
    write_rows(raw / "rows.jsonl", many_rows(160))
    with pytest.raises(Stop):
        run(raw, clean, progress=stop_in("writing", 6))
    (path,) = (clean / ".cleaner" / "work" / "losses").iterdir()
    whole = [row for row in saved_rows(path) if row[:3] == ("corpus", "", "read")]
    assert len(whole) == 6
    assert sum(records for *_, records, _ in whole) == 120


def test_kinds_of_errors_are_bounded_whether_counted_in_batches_or_one_by_one():
    errors = [f"error {'x' * 300}"] + [f"error of {n % 1500}" for n in range(4000)]
    rejections = [Rejection("a.jsonl", None, error) for error in errors]
    one_by_one, batches = Counts(), Counts()
    for first in range(0, len(rejections), 200):
        batch = Counts()
        for rejection in rejections[first : first + 200]:
            one_by_one.note(rejection)
            batch.note(rejection)
        batches.add(batch)
        batches = Counts.from_saved(json.loads(json.dumps(batches.as_saved())))
    assert len(batches.rejected_for) == len(batches.examples) == MOST_KINDS
    assert batches == one_by_one
    assert batches.as_row() == one_by_one.as_row()
    assert batches.rejected == len(errors)
    assert max(map(len, batches.rejected_for)) <= 200


@pytest.mark.usefixtures("often")
def test_input_that_is_read_past_shows_as_progress(raw, clean):
    rows = write_rows(raw / "rows.jsonl", many_rows(160))
    rows.with_name("rows.jsonl.gz").write_bytes(gzip.compress(rows.read_bytes()))
    rows.unlink()
    with pytest.raises(Stop):
        run(raw, clean, progress=stop_in("reading and marking", 5))
    told = []
    run(raw, clean, progress=lambda *one: told.append(one))
    past = [one for one in told if one[0] == "reading past what is marked"]
    assert len(past) == 5
    assert sorted(past) == past
    assert past[-1][1] == past[-1][2]
    assert told[:5] == past
