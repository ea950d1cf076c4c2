"""No record takes a run down: too slow, too large, deadly to its worker, it alone is rejected."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import cleaner, output_bytes, read_output, without_progress, write_rows
from moments import go_on, start_with_stops, wait_for_stop
from test_cli import many_files, members, needs_proc

from cleaner import Config, run
from cleaner.memory import WORKER_MEGABYTES, keeps_workers, search_memory

PROSE = "The harbour of Port Alder opened to ships again on Monday morning, after {} days of storm."
TOO_SLOW = "it took longer than 1 second; raise --max-record-seconds to wait longer"
TOO_LARGE = "it needed more than 1 MB of memory; raise --max-record-memory to let it have more"

# Nearly as many tags as a page may have, and as much to look at for each as there may be.
LINKS = "".join(f'<a href="/{number}">word{number}</a> ' for number in range(49_000))
SLOW_PAGE = f"<article><p>{PROSE.format('nine')}</p><p>{LINKS}</p></article>"


def rows_around(bad):
    good = [{"id": f"g{number}", "text": PROSE.format(number)} for number in range(600)]
    return [*good[:300], {"id": "bad"} | bad, *good[300:]]


def assert_only_the_bad_one_is_rejected(clean, error):
    output = read_output(clean)
    assert [(row["record"], row["error"]) for row in output.rejected] == [(301, error)]
    ids = {row["id"] for row in [*output.documents, *output.dropped]}
    assert ids == {f"g{number}" for number in range(600)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_page_that_takes_too_long_is_rejected_alone(raw, clean, workers):
    write_rows(raw / "rows.jsonl", rows_around({"html": SLOW_PAGE}))
    done = cleaner("run", raw, clean, "--workers", workers, "--max-record-seconds", 1)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"rejected 1: {TOO_SLOW}" in done.stdout
    assert_only_the_bad_one_is_rejected(clean, TOO_SLOW)


@pytest.mark.parametrize("workers", [1, 2])
@needs_proc
def test_a_text_that_takes_too_much_memory_is_rejected_alone(raw, clean, workers):
    write_rows(raw / "rows.jsonl", rows_around({"text": "word " * 2_400_000}))
    options = ["--max-record-memory", 1, "--max-line-length", 100_000_000]
    done = cleaner("run", raw, clean, "--workers", workers, *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert_only_the_bad_one_is_rejected(clean, TOO_LARGE)


PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from cleaner import Config, batches, marking, run
from cleaner.stages import boilerplate

def changed(module, name, harm):
    function = getattr(module, name)
    def harmful(*arguments, **options):
        harm(*arguments, **options)
        return function(*arguments, **options)
    setattr(module, name, harmful)

def crash_at_bad(record, *_):
    if b"bad" in record.data:
        os.kill(os.getpid(), signal.SIGSEGV)

def hang_at_bad_lines(documents, *_):
    if any("bad" in one.text for document in documents for one in document.paragraphs):
        time.sleep(1000)

def hang_at_bad_sketches(lines, *_):
    if any("bad" in line.text for line in lines):
        time.sleep(1000)

def hang_at_bad_end(document, *_, asks_again):
    if asks_again and document.id == "bad":
        time.sleep(1000)

def die_at_each_batch(*_):
    os._exit(7)

changed(*{
    "decode": (marking, "decode", crash_at_bad),
    "read_lines": (marking, "read_lines", hang_at_bad_lines),
    "sketch_lines": (batches, "sketch_lines", hang_at_bad_sketches),
    "finish": (batches, "finish", hang_at_bad_end),
    "batch": (batches, "_outcomes", die_at_each_batch),
}[sys.argv[3]])
run(sys.argv[1], sys.argv[2], Config(workers=int(sys.argv[4]), max_record_seconds=1))
"""


def run_changed(raw, clean, step, workers):
    """A run with a fault put into a step; its workers have the fault as they are forked."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, raw, clean, step, str(workers)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )


forked = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux")


@forked
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("step", ["decode", "read_lines", "sketch_lines"])
def test_the_record_is_found_in_steps_of_one_and_of_many(raw, clean, step, workers):
    write_rows(raw / "rows.jsonl", rows_around({"text": f"A bad one. {PROSE.format('bad')}"}))
    done = run_changed(raw, clean, step, workers)
    assert (done.returncode, done.stderr) == (0, "")
    death = "the process that worked on it died twice (SIGSEGV); the record may be malicious"
    assert_only_the_bad_one_is_rejected(clean, death if step == "decode" else TOO_SLOW)


@forked
def test_what_others_may_be_copies_of_is_written_even_so(raw, tmp_path):
    rows = rows_around({"text": f"By Mira Okafor\n\n{PROSE.format('bad')}\n\nAdvertisement"})
    write_rows(raw / "rows.jsonl", [*rows, {"id": "copy", "text": rows[300]["text"]}])
    done = run_changed(raw, tmp_path / "clean", "finish", 2)
    assert (done.returncode, done.stderr) == (0, "")
    run(raw, tmp_path / "undisturbed", Config(max_record_seconds=1))
    output, expected = (read_output(tmp_path / name) for name in ("clean", "undisturbed"))
    assert output.left("bad") == rows[300]["text"].split("\n\n")
    assert output.document("bad")["text"] == expected.document("bad")["text"]
    assert [row["of"] for row in output.removed if row["id"] == "copy" and row["of"]] == [
        {"id": "bad", "position": 1}
    ]


@forked
def test_a_fault_of_no_record_ends_the_run_with_its_reason(raw, clean):
    write_rows(raw / "rows.jsonl", rows_around({"text": "Fine."}))
    done = run_changed(raw, clean, "batch", 2)
    assert done.returncode == 1
    assert "CleanerError: a worker process ended (exit code 7), and so did each" in done.stderr
    assert [path.name for path in clean.iterdir()] == [".cleaner"]


def workers_of(running):
    """The processes that a run has started."""
    return [int(name) for name in members(running.pid) if int(name) != running.pid]


def kills_a_worker(running):
    """Whether there is a worker to be killed; one that has been found may have gone."""
    for process in workers_of(running):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
            return True
    return False


@needs_proc
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_worker_that_is_killed_from_outside_changes_nothing(raw, tmp_path, workers):
    many_files(raw)
    work = tmp_path / "clean" / ".cleaner" / "work"
    moments = "sketches-* marked-00000[2-9]* finished-*"
    running = start_with_stops(work, moments, raw, tmp_path / "clean", "--workers", workers)
    for _ in moments.split():
        wait_for_stop(running)
        assert kills_a_worker(running)
        go_on(running)
    out, error = running.communicate()
    assert (running.returncode, without_progress(error)) == (0, "")
    assert re.search(r"rejected +0\n", out)
    assert cleaner("run", raw, tmp_path / "undisturbed").returncode == 0
    assert output_bytes(tmp_path / "clean") == output_bytes(tmp_path / "undisturbed")


BEYOND = {
    "max_record_seconds": ({"html": SLOW_PAGE}, TOO_SLOW),
    "max_record_memory": ({"text": "word " * 2_400_000}, TOO_LARGE),
}


@pytest.mark.processes
@pytest.mark.parametrize(
    "option", ["max_record_seconds", pytest.param("max_record_memory", marks=needs_proc)]
)
def test_each_limit_is_one_that_its_option_sets(raw, tmp_path, option):
    bad, error = BEYOND[option]
    write_rows(raw / "rows.jsonl", [{"id": "bad"} | bad])
    unlimited = dict.fromkeys(BEYOND, 100_000) | {"max_line_length": 100_000_000}
    run(raw, tmp_path / "all", Config(**unlimited))
    assert read_output(tmp_path / "all").rejected == []
    run(raw, tmp_path / "less", Config(**unlimited | {option: 1}))
    assert [row["error"] for row in read_output(tmp_path / "less").rejected] == [error]
    configuration = read_output(tmp_path / "less").summary["configuration"]
    assert configuration == Config(**unlimited | {option: 1}).output_options()


def test_workers_stay_during_the_search_where_half_of_the_memory_is_left():
    assert keeps_workers(Config(workers=2, memory_megabytes=4096))
    assert not keeps_workers(Config(workers=2, memory_megabytes=1024))
    assert not keeps_workers(Config(workers=40, memory_megabytes=4096))
    few, many = (search_memory(Config(workers=workers)) for workers in (1, 2))
    assert few - many == WORKER_MEGABYTES * 3 << 18
    assert search_memory(Config(workers=40)) == search_memory(Config(workers=40_0))


def test_a_program_may_call_run_at_its_top_level(raw, tmp_path):
    write_rows(raw / "rows.jsonl", rows_around({"text": "Fine."}))
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, threading\nfrom cleaner import Config, run\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "print('begun')\nrun(sys.argv[1], sys.argv[2], Config(workers=2))\n"
    )
    done = subprocess.run(
        [sys.executable, program, raw, tmp_path / "clean"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("begun\n", "")
    summary = json.loads((tmp_path / "clean" / "summary.json").read_bytes())
    assert summary["counts"]["read"] == 601
    assert not any(Path(tmp_path / "clean" / ".cleaner").glob("work"))
