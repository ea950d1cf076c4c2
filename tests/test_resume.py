"""A run that is killed, interrupted or out of space goes on, to the same bytes."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import threading
import warnings
from functools import partial
from types import SimpleNamespace

import pytest
from conftest import cleaner, output_bytes, without_progress, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import CHANGES, start_to_die
from test_cli import limited, members, needs_proc, one_line, wait_for
from test_promises import many_rows

from cleaner import CleanerError, Config, journal, pipeline, run
from cleaner.intake import Intake
from cleaner.output_formats import sharded
from cleaner.stages.read import read_batches
from cleaner.stages.shards import Shards
from cleaner.written import OUTPUT_NAME

CUT = 9
GOES_ON = "the same command goes on where it stopped"


@pytest.fixture
def often(monkeypatch):
    """Small batches, and a record after each."""
    monkeypatch.setattr(journal, "LEAST_SECONDS", 0)
    monkeypatch.setattr(journal, "RECORD_SHARE", 1e9)
    monkeypatch.setattr(pipeline, "read_batches", partial(read_batches, batch_records=20))


def batch_of(path):
    return int(path.name.rpartition("-")[2].partition(".")[0])


def leftovers(clean):
    """Files and folders of an output folder that are neither output nor the record of it."""
    known = {".cleaner", ".cleaner/lock", ".cleaner/state.json", ".cleaner/input.jsonl.gz"}
    known |= {"documents", "removed", "signatures"}
    names = {path.relative_to(clean).as_posix() for path in clean.rglob("*")}
    return {name for name in names - known if not OUTPUT_NAME.fullmatch(name)}


class AtOnce(threading.Thread):
    """A thread that has done its work when it is started, so that the calls can be counted."""

    def start(self):
        super().start()
        self.join()


class Disk:
    """Notes how much of each file a run has waited for the disk to hold."""

    def __init__(self, clean):
        self.clean = clean
        self.lock = threading.Lock()
        self.held = {}
        self.fsync = os.fsync
        for path in self.files():
            self.note(path.stat())

    def files(self):
        return [path for path in self.clean.rglob("*") if path.is_file()]

    def note(self, status):
        self.held[f"{status.st_dev} {status.st_ino}"] = status.st_size

    def sync(self, file):
        with self.lock:
            status = os.fstat(file)
            self.fsync(file)
            self.note(status)

    def save(self, path):
        self.lock.acquire()  # for good: the process ends
        path.write_text(json.dumps(self.held))

    def lose_power(self, path, *, leaves_zeros):
        """Some file systems have zeros in place of what they have lost, others are short of it."""
        held = json.loads(path.read_text())
        for file in self.files():
            status = file.stat()
            size = held.get(f"{status.st_dev} {status.st_ino}", 0)
            os.truncate(file, min(status.st_size, size))
            if leaves_zeros:
                os.truncate(file, status.st_size)


def cut_off(job, clean, moment, *, power_loss):
    """Run a job in a process that ends, as if killed, when it touches the folder so many times.

    With a power loss all is lost that it had not waited for the disk to hold. Gives back whether
    it was cut off.
    """
    disk, held = Disk(clean), clean.with_name("held.json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of the test runner
        process = os.fork()
    if not process:
        code = 1
        try:
            os.fsync = disk.sync
            sys.addaudithook(cutting(str(clean), moment, lambda: disk.save(held)))
            job()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, CUT)
    if code and power_loss:
        disk.lose_power(held, leaves_zeros=moment % 2 == 0)
    return code == CUT


def cutting(below, moment, last):
    """An audit hook that ends the process."""
    seen = 0

    def hook(event, arguments):
        nonlocal seen
        if event in CHANGES and str(arguments[0]).startswith(below):
            seen += 1
            if seen == moment:
                last()
                os._exit(CUT)

    return hook


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Rows of a dozen batches, and the output of an undisturbed run."""
    folder = tmp_path_factory.mktemp("corpus")
    write_rows(folder / "raw" / "rows.jsonl", many_rows(160))
    (folder / "raw" / "empty.txt").write_bytes(b"")
    config = Config(signatures=True, min_words=5)
    run(folder / "raw", folder / "undisturbed", config)
    job = partial(run, folder / "raw", config=config)
    return folder, job, output_bytes(folder / "undisturbed")


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("power_loss", [False, True], ids=["killed", "power loss"])
def test_cut_off_at_any_touch_of_a_file_it_ends_with_the_same_bytes(
    corpus, tmp_path_factory, power_loss
):
    _, job, expected = corpus

    @settings(max_examples=6)
    @given(st.lists(st.integers(1, 450), min_size=1, max_size=4))
    def cut_again_and_again(moments):
        clean = tmp_path_factory.mktemp("cut") / "clean"
        clean.mkdir()
        for moment in moments:
            cut_off(partial(job, clean), clean, moment, power_loss=power_loss)
        job(clean)
        assert output_bytes(clean) == expected
        assert leftovers(clean) == set()

    cut_again_and_again()


@pytest.mark.usefixtures("often")
def test_what_is_recorded_grows_over_many_kills(corpus, tmp_path, monkeypatch):
    # Else a slow disk may not have held one record when the last moment comes.
    monkeypatch.setattr(journal, "threading", SimpleNamespace(Thread=AtOnce))
    _, job, expected = corpus
    clean = tmp_path / "clean"
    clean.mkdir()
    lives, reached = 0, []
    while cut_off(partial(job, clean), clean, 320, power_loss=True):
        lives += 1
        assert lives < 100, "it never comes to an end"
        record = clean / ".cleaner" / "work" / "journal.json"
        if record.exists() and record.stat().st_size:
            row = json.loads(record.read_bytes())
            columns = row["columns"].get("batches/ends", 0)
            reached.append((columns, row["is_read"], bool(row["plan"]), row["finished"]))
    assert lives > 2
    assert reached == sorted(reached)
    assert output_bytes(clean) == expected


def batch_folder(folder, text):
    folder.mkdir()
    for name in ("documents.jsonl", "removed.jsonl", "dropped.jsonl", "rejected.jsonl"):
        (folder / name).write_text(f"{text} {name}\n")
    (folder / "signatures.npy").write_bytes(text.encode() * 512)
    (folder / "signatures.jsonl").write_text(f"{text}\n")
    return folder


def contents(folder):
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("shard_bytes", [1, 40, 1 << 20])
def test_files_of_the_output_are_cut_back_to_what_is_on_record(tmp_path, shard_bytes):
    made = tmp_path / "made"
    begin = partial(Shards, made, shard_bytes, sharded(Config(signatures=True)))
    shards, after = begin(), []
    for text in "abcd":
        shards.append(batch_folder(tmp_path / text, text))
        after.append((dict(shards.sizes), contents(made)))
    whole = after[-1][1]
    for number, (sizes, there) in reversed(list(enumerate(after))):
        shards = begin(sizes=sizes)
        assert contents(made) == there
        for text in "abcd"[number + 1 :]:
            shards.append(batch_folder(tmp_path / text, text))
        assert contents(made) == whole


class Stop(KeyboardInterrupt):
    """Stands for Ctrl-C at a moment of the test's choice."""


def stop_in(phase, number):
    """A listener that interrupts a run when so many batches of a phase are done."""
    told = []

    def progress(name, _done, _total):
        told.append(name)
        if told.count(phase) == number:
            raise Stop

    return progress


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize(
    ("stop", "left"),
    [
        (("reading and marking", 3), (range(3, 9), 1, range(9))),
        (("finding duplicates", 1), ([], 1, range(9))),
        (("finding duplicates", 2), ([], 0, range(9))),
        (("writing", 4), ([], 0, range(4, 9))),
        (("writing", 9), ([], 0, [])),
    ],
)
def test_what_is_done_is_not_done_again(corpus, clean, monkeypatch, stop, left):
    _, job, expected = corpus
    marked, plans, finished = left
    with pytest.raises(Stop):
        job(clean, progress=stop_in(*stop))
    done = {"mark_batch": [], "finish_batch": [], "plan_removals": []}

    def noting(name, function):
        def noted(*arguments, **options):
            done[name].append(getattr(arguments[0], "number", 0))
            return function(*arguments, **options)

        return noted

    for name in done:
        monkeypatch.setattr(pipeline, name, noting(name, getattr(pipeline, name)))
    summary = job(clean)
    assert done["mark_batch"] == list(marked)
    assert done["finish_batch"] == list(finished)
    assert len(done["plan_removals"]) == plans
    assert summary.before.written == (9 - len(finished)) / 9
    assert (summary.before.read == 1) == (not marked)
    assert output_bytes(clean) == expected


def command(*arguments):
    """The command line with records as often as may be."""
    often = "from cleaner import cli, journal; journal.LEAST_SECONDS = 0; cli.main()"
    return [sys.executable, "-c", often, "run", *map(str, arguments)]


STAYING = """
import time
from cleaner import cli, journal
journal.LEAST_SECONDS = 0
record = journal.replace_durably
journal.replace_durably = lambda *arguments: (record(*arguments), time.sleep(600))
journal.Journal.end_with = lambda *_: None
cli.main()
"""
"""The command line, which does not end before somebody ends it: it waits for its first record."""


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("larger")
    for part in range(4):
        write_rows(folder / "raw" / f"rows{part}.jsonl", many_rows(500))
    run(folder / "raw", folder / "undisturbed")
    return folder / "raw", output_bytes(folder / "undisturbed")


@needs_proc
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("whom", ["the parent", "all"])
def test_killed_at_random_moments_until_it_ends(larger, clean, workers, whom):
    raw, expected = larger
    chance = random.Random(f"{workers} {whom}")  # noqa: S311 - moments, not secrets
    kills = 0
    while True:
        touch = chance.randint(20, 200) if kills < 3 else 0
        running = start_to_die(clean, touch, whom, raw, clean, "--workers", workers)
        _, error = running.communicate()
        if running.returncode != -signal.SIGKILL:
            break
        kills += 1
    assert (running.returncode, without_progress(error)) == (0, "")
    wait_for(lambda: not members(running.pid))
    assert kills
    assert output_bytes(clean) == expected
    assert leftovers(clean) == set()


@needs_proc
@pytest.mark.parametrize("workers", [1, 2])
def test_the_share_that_was_done_before_is_told(larger, clean, workers):
    raw, expected = larger
    running = subprocess.Popen(
        [sys.executable, "-c", STAYING, "run", str(raw), str(clean), "--workers", str(workers)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for((clean / ".cleaner" / "work" / "journal.json").exists, running)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    done = cleaner("run", raw, clean, "--workers", workers)
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()[0]
    assert told.startswith("going on where a run had stopped: ")
    assert "0% of the input" not in told.replace("00%", "").replace("10%", "")
    assert output_bytes(clean) == expected


@pytest.mark.parametrize("workers", [1, 2])
def test_with_files_of_limited_size_it_keeps_its_work_and_goes_on(larger, clean, workers):
    raw, expected = larger
    for megabytes in (0.05, 0.2):
        done = cleaner(
            *("run", raw, clean, "--workers", workers),
            preexec_fn=limited(int(megabytes * (1 << 20))),
        )
        message = one_line(done, 1)
        assert "is full" in message
        assert GOES_ON in message
        assert output_bytes(clean) == {}
    assert cleaner("run", raw, clean, "--workers", workers).returncode == 0
    assert output_bytes(clean) == expected
    assert leftovers(clean) == set()


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("call", [1, 60, 300])
def test_a_failing_disk_keeps_the_last_record_and_the_run_goes_on(corpus, clean, monkeypatch, call):
    _, job, expected = corpus
    record, sync_file, calls, there = (
        clean / ".cleaner/work/journal.json",
        journal.sync_file,
        [],
        [],
    )

    def failing_once(path):
        calls.append(path)
        if len(calls) == call:
            there.append(record.exists() and record.read_bytes())
            raise OSError(errno.EIO, "Input/output error", str(path))
        sync_file(path)

    with monkeypatch.context() as patched:
        patched.setattr(journal, "sync_file", failing_once)
        patched.setattr(journal, "threading", SimpleNamespace(Thread=AtOnce))
        with pytest.raises(CleanerError, match=f"Input/output error: .*; {GOES_ON}"):
            job(clean)
    # What the system has once said to be lost it does not tell again.
    assert there == [record.exists() and record.read_bytes()]
    job(clean)
    assert output_bytes(clean) == expected


@pytest.mark.usefixtures("often")
def test_columns_that_could_not_be_written_are_not_on_record(corpus, clean, monkeypatch):
    _, job, expected = corpus
    leave = Intake.__exit__

    def left_without_room(intake, *error):
        leave(intake, *error)
        os.truncate(clean / ".cleaner" / "work" / "store" / "documents", 8)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "LEAST_SECONDS", 1e9)
        patched.setattr(Intake, "__exit__", left_without_room)
        with pytest.raises(CleanerError, match="is full"):
            job(clean)
    assert not (clean / ".cleaner" / "work" / "journal.json").exists()
    job(clean)
    assert output_bytes(clean) == expected


def mounted(folder, *options):
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", *options, "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("a small file system cannot be mounted here")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_file_system_keeps_the_work_and_after_room_is_made_it_goes_on(
    larger, tmp_path, workers
):
    raw, expected = larger
    small = tmp_path / "small"
    mounted(small, "-o", "size=500k")
    try:
        went_on = 0
        for size in ("500k", "1m", "2m", "64m"):
            resized = ["mount", "-o", f"remount,size={size}", small]
            subprocess.run(resized, check=True)
            done = cleaner(*command(raw, small / "clean", "--workers", workers)[3:])
            if done.returncode == 0:
                went_on += "went on" in done.stdout
                break
            message = one_line(done, 1)
            assert "is full" in message
            assert GOES_ON in message
        assert output_bytes(small / "clean") == expected
        assert leftovers(small / "clean") == set()
    finally:
        subprocess.run(["umount", small], check=True)
