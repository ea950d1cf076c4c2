"""What counts as the same run, and what is done about the work of another."""

import os
import platform
import re
from functools import partial

import pytest
from conftest import cleaner, output_bytes, read_output
from test_cli import one_line
from test_resume import Stop, leftovers, stop_in

from cleaner import CleanerError, Config, run
from cleaner.output.verify import verify
from cleaner.workspace import opened


def unfinished(raw, clean, **options):
    """A folder with the work of a run that was interrupted."""
    with pytest.raises(Stop):
        run(raw, clean, Config(**options), progress=stop_in("finding duplicates", 1))
    assert (clean / ".cleaner" / "work" / "run.json").exists()


STORY = "The harbour of Port Alder opened to ships again on Monday, nine days after a storm."


@pytest.fixture
def stories(raw):
    for name in ("b", "c", "d"):
        (raw / f"{name}.txt").write_text(f"{name}: {STORY}")
    return raw


def test_other_options_stop_and_overwrite_discards_the_work(stories, clean):
    unfinished(stories, clean)
    message = one_line(cleaner("run", stories, clean, "--min-words", "4"), 1)
    assert "holds the work of a run that has not finished" in message
    assert "(option --min-words was 10 and is 4)" in message
    assert "--overwrite" in message
    assert (clean / ".cleaner" / "work" / "run.json").exists()
    done = cleaner("run", stories, clean, "--min-words", "4", "--overwrite")
    assert done.returncode == 0
    assert "went on" not in done.stdout
    assert read_output(clean).summary["configuration"]["min_words"] == 4


def test_the_same_options_go_on_with_overwrite_too(stories, clean):
    unfinished(stories, clean)
    assert "went on" in cleaner("run", stories, clean, "--overwrite").stdout


def test_other_versions_stop(stories, clean, monkeypatch):
    from cleaner import job

    versions = job.versions("jsonl")
    monkeypatch.setattr(job, "versions", lambda *_: {**versions, "ftfy": "6.0.0"})
    unfinished(stories, clean)
    monkeypatch.undo()
    with pytest.raises(
        CleanerError, match=f"\\(version of ftfy was '6.0.0' and is '{versions['ftfy']}'"
    ):
        run(stories, clean)


@pytest.mark.parametrize("is_finished", [True, False])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: (raw / "a.txt").write_text("new"), "a.txt was added"),
        (lambda raw: (raw / "e.txt").write_text("new"), "e.txt was added"),
        (lambda raw: (raw / "b.txt").unlink(), "b.txt is gone"),
        (lambda raw: (raw / "d.txt").unlink(), "d.txt is gone"),
        (lambda raw: (raw / "c.txt").write_text("other"), "c.txt was changed"),
        (lambda raw: os.utime(raw / "c.txt"), "c.txt was changed or touched"),
    ],
)
def test_changed_input_is_noticed_and_the_first_file_named(
    stories, clean, change, told, is_finished
):
    if is_finished:
        run(stories, clean)
    else:
        unfinished(stories, clean)
    change(stories)
    with pytest.raises(CleanerError, match=rf"\(the input has changed: {told}\).*--overwrite"):
        run(stories, clean)
    assert run(stories, clean, overwrite=True).before is None


@pytest.mark.parametrize("is_finished", [True, False])
def test_touched_files_are_the_same_input_where_contents_are_compared(stories, clean, is_finished):
    if is_finished:
        run(stories, clean, Config(input_identity="content"))
    else:
        unfinished(stories, clean, input_identity="content")
    os.utime(stories / "c.txt")
    with pytest.raises(CleanerError, match=r"c\.txt was changed"):
        run(stories, clean)
    by_content = Config(input_identity="content")
    again = run(stories, clean, by_content)
    assert again.was_done if is_finished else again.before
    status = (stories / "c.txt").stat()
    (stories / "c.txt").write_text(f"k: {STORY}")
    os.utime(stories / "c.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(CleanerError, match=r"c\.txt was changed"):
        run(stories, clean, by_content)


def test_the_way_to_know_files_again_is_named(stories, clean):
    message = one_line(cleaner("run", stories, clean, "--input-identity", "name"), 2)
    assert "option --input-identity is 'name'; it must be one of stat, content" in message


@pytest.mark.parametrize("harm", ["grows", "vanishes"])
@pytest.mark.parametrize("name", ["b.txt", "d.txt"])
def test_a_file_that_changes_while_it_is_read_stops_the_run(
    stories, clean, monkeypatch, name, harm
):
    from cleaner.stages import read

    read_records = read.read_records

    def disturbed(file, *options):
        yield from read_records(file, *options)
        if file.name == name:
            file.path.unlink() if harm == "vanishes" else file.path.write_text("more" * 99)

    with monkeypatch.context() as patched:
        patched.setattr(read, "read_records", disturbed)
        told = (
            f"{name} is gone while"
            if harm == "vanishes"
            else rf"{name} was changed \(it had \d+ bytes and has 396\) while"
        )
        with pytest.raises(CleanerError, match=f"{told}.*give the same command again"):
            run(stories, clean)
    assert leftovers(clean) == set() if clean.exists() else True
    run(stories, clean)


def test_a_touched_file_goes_on_where_contents_are_compared(stories, clean, monkeypatch):
    from cleaner.stages import read

    read_records = read.read_records

    def touching(file, *options):
        yield from read_records(file, *options)
        os.utime(file.path)

    monkeypatch.setattr(read, "read_records", touching)
    assert run(stories, clean, Config(input_identity="content")).counts["read"] == 3


def test_an_earlier_output_stays_while_another_run_is_unfinished(stories, clean):
    run(stories, clean)
    before = output_bytes(clean)
    with pytest.raises(Stop):
        run(
            stories,
            clean,
            Config(min_words=4),
            overwrite=True,
            progress=stop_in("finding duplicates", 2),
        )
    assert output_bytes(clean) == before
    assert verify(clean).faults.total == 0
    assert run(stories, clean).was_done
    with pytest.raises(CleanerError, match="option --min-words was 10 and is 5"):
        run(stories, clean, Config(min_words=5))
    assert run(stories, clean, Config(min_words=4)).before
    assert read_output(clean).summary["configuration"]["min_words"] == 4


def test_unfinished_work_over_the_same_output_is_told_of_and_gone_on_with(stories, clean):
    assert "has not finished" not in cleaner("run", stories, clean).stdout * 2
    with pytest.raises(Stop):
        run(stories, clean, overwrite=True, progress=stop_in("finding duplicates", 2))
    done = cleaner("run", stories, clean)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing to do" in done.stdout
    assert "the work of a run that was to replace it and has not finished" in done.stdout
    assert run(stories, clean).leaves_work
    assert run(stories, clean, overwrite=True).before
    assert leftovers(clean) == set()
    assert not run(stories, clean).leaves_work


def test_a_file_that_is_put_back_goes_on(stories, clean, monkeypatch):
    from cleaner import journal, pipeline
    from cleaner.stages import read

    (stories / "e.txt").write_text(f"e: {STORY}")
    monkeypatch.setattr(journal, "LEAST_SECONDS", 0)
    monkeypatch.setattr(pipeline, "read_batches", partial(read.read_batches, batch_records=3))
    read_records = read.read_records

    def disturbed(file, *options):
        yield from read_records(file, *options)
        if file.name == "e.txt":
            file.path.rename(stories / "away")

    with monkeypatch.context() as patched:
        patched.setattr(read, "read_records", disturbed)
        with pytest.raises(
            CleanerError, match=r"e\.txt is gone while the run went on: put it back"
        ):
            run(stories, clean)
    with pytest.raises(CleanerError, match=r"e\.txt is gone"):
        run(stories, clean)
    (stories / "away").rename(stories / "e.txt")
    assert run(stories, clean).before.read > 0
    fresh = clean.with_name("fresh")
    run(stories, fresh)
    assert output_bytes(clean) == output_bytes(fresh)


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("stat", "content", "left no digests, so a file is the same for it only with its old time"),
        ("content", "stat", "only touched are the same with --input-identity content"),
        ("stat", "stat", r"c\.txt was changed or touched\)"),
    ],
)
def test_what_can_be_done_about_touched_files_is_said(stories, clean, first, then, told):
    unfinished(stories, clean, input_identity=first)
    os.utime(stories / "c.txt")
    with pytest.raises(CleanerError, match=told):
        run(stories, clean, Config(input_identity=then))


def test_a_file_that_is_touched_while_it_is_read_is_told_as_such(stories, clean, monkeypatch):
    from cleaner.stages import read

    read_records = read.read_records

    def touching(file, *options):
        yield from read_records(file, *options)
        os.utime(file.path)

    monkeypatch.setattr(read, "read_records", touching)
    with pytest.raises(CleanerError, match=r"or only touched .* --input-identity content"):
        run(stories, clean)


def test_unfinished_work_is_no_output_and_no_input(stories, clean, tmp_path):
    unfinished(stories, clean)
    for asked in ("restore", "verify"):
        assert "name the output folder of a finished run" in one_line(cleaner(asked, clean), 2)
    message = one_line(cleaner("run", clean, tmp_path / "other"), 2)
    assert "holds the work of a run that has not finished" in message


@pytest.mark.parametrize("name", ["run.json", "journal.json", "input.jsonl.gz", "store/documents"])
def test_work_that_somebody_damaged_is_begun_anew(stories, clean, name):
    unfinished(stories, clean)
    (clean / ".cleaner" / "work" / name).write_bytes(b"")
    summary = run(stories, clean)
    assert bool(summary.before) == (name == "input.jsonl.gz")
    assert summary.counts["read"] == 3


def test_the_second_run_says_who_holds_the_folder(stories, clean):
    with opened(clean):
        message = one_line(cleaner("run", stories, clean), 1)
    assert re.search(
        rf"another run is writing to .* \(process {os.getpid()} on {re.escape(platform.node())}, "
        r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4}\); wait for it",
        message,
    )
