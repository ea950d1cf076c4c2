"""How a run ends that is asked to, or that fails: one line, and its exit code."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from conftest import cleaner, without_progress, write_rows
from moments import go_on, start_with_stops, wait_for_stop
from test_cli import limited, many_files, members, needs_proc, one_line, wait_for

from cleaner import interruption
from cleaner.engines.interrupts import interrupts_deferred
from cleaner.interruption import REQUESTS, end_on_requests, ignore_requests

INTERRUPTED = "cleaner: interrupted; the same command goes on where it stopped\n"


@pytest.fixture
def own_handlers():
    before = {number: signal.getsignal(number) for number in REQUESTS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@needs_proc
@pytest.mark.parametrize("name", ["run.json", "marked-000002.jsonl"])
@pytest.mark.parametrize("asked", [["SIGHUP"], ["SIGINT", "SIGINT"], ["SIGINT", "SIGHUP"]])
def test_however_often_it_is_asked_a_run_ends_with_one_line(raw, clean, name, asked):
    many_files(raw)
    running = start_with_stops(clean / ".cleaner", name, raw, clean, "--workers", "2")
    wait_for_stop(running)
    for request in asked:
        os.killpg(running.pid, getattr(signal, request))
        go_on(running)
        time.sleep(0.05)
    out, error = running.communicate()
    assert (running.returncode, out, without_progress(error)) == (130, "", INTERRUPTED)
    wait_for(lambda: not members(running.pid))
    assert cleaner("run", raw, clean).returncode == 0


def test_a_run_that_is_not_to_hear_of_its_terminal_does_not(raw, clean):
    many_files(raw)
    deaf = 'trap "" HUP; exec "$@"'
    by = ("sh", "-c", deaf, "sh")
    running = start_with_stops(clean / ".cleaner", "work", raw, clean, by=by)
    wait_for_stop(running)
    os.killpg(running.pid, signal.SIGHUP)
    go_on(running)
    _, error = running.communicate()
    assert (running.returncode, without_progress(error)) == (0, "")


def ask_for_all():
    for number in REQUESTS:
        signal.raise_signal(number)


@pytest.mark.usefixtures("own_handlers")
def test_a_request_soon_after_another_is_the_same(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(interruption.time, "monotonic", lambda: now[0])
    end_on_requests()
    for number in REQUESTS:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        now[0] += 1.9
        signal.raise_signal(number)
        now[0] += 0.2
    with pytest.raises(KeyboardInterrupt), interrupts_deferred():
        ask_for_all()
    ignore_requests()
    ask_for_all()


BROKEN = """
import sys
from cleaner import cli, marking
def broken(*_):
    return [][3]
{}
cli.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux")
@pytest.mark.parametrize(
    "fault",
    [
        "from cleaner import batches; batches.write_marked = broken",
        "import cleaner.job; cleaner.job.take_inventory = broken",
    ],
    ids=["in a worker", "in the program"],
)
def test_a_fault_of_the_program_is_told_in_a_line_with_its_place(raw, clean, fault):
    write_rows(raw / "rows.jsonl", [{"text": "The harbour is open."}])
    done = subprocess.run(
        [sys.executable, "-c", BROKEN.format(fault), "run", raw, clean],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    place = r"\(<string>:5 in broken, from .*(batches|job)\.py:\d+ in \w+\)"
    told = (
        rf"a fault of this program, please report it: IndexError: list index out of range {place}"
    )
    assert re.fullmatch(told, one_line(done, 1).removeprefix("cleaner: ").strip())


def test_restore_names_the_full_disk_and_what_to_do(raw, clean, tmp_path):
    text = "\n\n".join(f"The harbour of port {n} opened again on Monday." for n in range(2_000))
    write_rows(raw / "rows.jsonl", [{"text": text}])
    assert cleaner("run", raw, clean, "--within-documents", "keep").returncode == 0
    done = cleaner("restore", clean, tmp_path / "before", preexec_fn=limited(1 << 16))
    message = one_line(done, 1)
    assert f"the disk of {tmp_path} is full (File too large); free some space and give" in message
    assert not (tmp_path / "before").exists()
