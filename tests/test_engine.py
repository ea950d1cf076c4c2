"""The local engine: what it does with items, and with workers that hang, grow or die."""

import json
import os
import subprocess
import sys
import time
from functools import partial

import engine_deeds
import pytest
from conftest import ROOT
from engine_deeds import deeds_done, die, double, fail, process_id, wait
from test_cli import members, needs_proc, wait_for

from cleaner.engines import Limits, LocalEngine
from cleaner.engines.crew import Crew
from cleaner.engines.limits import LONGEST_TICK, Stopwatch
from cleaner.engines.worker import _read_ahead
from cleaner.errors import CleanerError


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_engine_keeps_the_order(workers, count):
    with LocalEngine(workers) as engine:
        assert list(engine.map(double, range(count))) == [number * 2 for number in range(count)]


@pytest.mark.parametrize("workers", [1, 2])
def test_engine_works_in_other_processes_and_takes_little_in_advance(workers):
    taken = []
    with LocalEngine(workers) as engine:
        results = engine.map(process_id, (taken.append(number) or number for number in range(100)))
        assert next(results) != os.getpid()
        assert len(taken) < 10
        list(results)


@pytest.mark.parametrize("workers", [1, 2])
def test_large_items_and_results_pass(workers):
    items = [bytes([number]) * 3_000_000 for number in range(9)]
    with LocalEngine(workers) as engine:
        assert list(engine.map(double, items)) == [item * 2 for item in items]


@pytest.mark.parametrize("workers", [1, 2])
def test_engine_passes_errors_on_and_can_be_used_again(workers):
    with LocalEngine(workers, keeps_workers=True) as engine:
        with pytest.raises(ValueError, match="0"):
            list(engine.map(fail, range(4)))
        assert list(engine.map(double, range(4))) == [0, 2, 4, 6]


def test_an_error_that_cannot_be_sent_is_told():
    with LocalEngine(1) as engine, pytest.raises(CleanerError, match="UnsendableError: of 1 and 2"):
        list(engine.map(engine_deeds.fail_unsendably, [1]))


def test_engine_says_when_workers_die_and_nothing_can_be_left_out():
    with LocalEngine(2) as engine, pytest.raises(CleanerError, match=r"exit code 9.*fewer workers"):
        list(engine.map(die, range(4)))


@pytest.mark.parametrize("keeps", [True, False])
def test_workers_stay_from_one_map_to_the_next_if_they_may(keeps):
    with LocalEngine(1, keeps_workers=keeps) as engine:
        first, second = (set(engine.map(process_id, range(3))) for _ in range(2))
    assert len(first) == len(second) == 1
    assert (first == second) is keeps


def test_a_worker_that_has_grown_is_replaced():
    with LocalEngine(1, limits=Limits(ordinary_bytes=100 << 20)) as engine:
        assert len(set(engine.map(engine_deeds.hold, [1] * 5))) == 1
        assert len(set(engine.map(engine_deeds.hold, [1, 300, 1, 1, 1]))) == 2


WAYS = ["fork", "server"]
DEEDS = "import engine_deeds; engine_deeds.main()"


def environment():
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"}


def results(way, items, **options):
    """What an engine gives in a program that may be forked, or in one with a second thread."""
    return json.loads(printed(DEEDS, way, json.dumps(items), json.dumps(options)))


def printed(program, *arguments):
    """What a program prints that has the tests' modules and one thread."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    assert done.stderr == ""
    return done.stdout


BAD = {"hang": "time", "eat": "memory", "crash": "death SIGSEGV", "leave": "death exit code 3"}


def around(bad):
    return [["fine"], ["fine", bad, "fine"], ["fine", "fine"], [bad]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_part_that_ends_its_worker_is_left_out_and_all_else_is_done(way, together, workers):
    bad = ["eat", "crash", "leave"]
    items = [item for one in bad for item in around(one)]
    expected = [item for one in bad for item in around(BAD[one])]
    assert results(way, items, workers=workers, together=together) == expected


@pytest.mark.parametrize(
    ("way", "together", "workers"),
    [("fork", False, 2), ("fork", True, 1), ("server", False, 1), ("server", True, 2)],
)
def test_so_is_a_part_that_hangs(way, together, workers):
    done = results(way, around("hang"), workers=workers, together=together)
    assert done == around(BAD["hang"])


@pytest.mark.parametrize("way", WAYS)
def test_a_part_at_which_a_worker_died_once_gets_another_chance(way, tmp_path):
    items = [["fine", f"once {tmp_path / 'a'}", "fine"], [f"once {tmp_path / 'b'}"]]
    assert results(way, items, workers=2, together=False) == items


@needs_proc
@pytest.mark.parametrize("way", WAYS)
def test_a_worker_stuck_in_a_library_ends_with_a_killed_program(way, tmp_path):
    items = json.dumps([[f"hang {tmp_path / 'stuck'}"]])
    options = json.dumps({"workers": 1, "together": False})
    program = subprocess.Popen(
        [sys.executable, "-c", DEEDS, way, items, options],
        env=environment(),
        start_new_session=True,
    )
    wait_for((tmp_path / "stuck").exists, program)
    program.kill()
    program.wait()
    wait_for(lambda: not members(program.pid))


def test_a_process_that_may_have_no_children_does_the_work_itself():
    program = """
import multiprocessing, engine_deeds
from cleaner.engines import LocalEngine
def work(_):
    with LocalEngine(2) as engine:
        return list(engine.map(engine_deeds.double, range(3)))
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print(pool.map(work, [0]))
"""
    assert printed(program) == "[[0, 2, 4]]\n"


def test_time_in_which_nobody_looks_is_not_held_against_a_worker(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    watch = Stopwatch()
    assert watch.seconds_at(7) == 0
    for _ in range(10):
        now[0] += 0.05
        seconds = watch.seconds_at(7)
    assert seconds == pytest.approx(0.5)
    now[0] += 3600
    assert watch.seconds_at(7) == pytest.approx(0.5 + LONGEST_TICK)
    assert watch.seconds_at(8) == 0


def test_nor_time_in_which_others_have_the_processors(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    watch = Stopwatch()
    watch.seconds_at(7)
    for tick in range(1, 11):
        now[0] += 0.05
        seconds = watch.seconds_at(7, queued=tick * 0.04)
    assert seconds == pytest.approx(0.1)


def test_what_is_refused_is_told_to_the_function():
    assert deeds_done(["fine"], engine_deeds.told({0: "time"}), together=False) == ["time"]
    assert partial(deeds_done, together=False)(["fine"], engine_deeds.told({})) == ["fine"]


def test_what_a_worker_got_on_to_is_not_blamed_for_what_it_was_at(monkeypatch):
    bury = Crew._bury  # noqa: SLF001 - it stands between the look and the end

    def late(*arguments):
        time.sleep(0.4)  # as if others had the processor between the look and the end
        bury(*arguments)

    monkeypatch.setattr(Crew, "_bury", late)
    with LocalEngine(1, limits=Limits(seconds=1)) as engine:
        results = list(engine.map(wait, [1.2, 0.5, 0.5]))
    assert results[1:] == ["done", "done"]


class FailingChannel:
    """A channel that has no memory for the second message."""

    def __init__(self):
        self.messages = [b"first"]

    def receive(self):
        if not self.messages:
            raise MemoryError
        return self.messages.pop()


def test_a_worker_that_cannot_take_a_message_in_ends():
    messages = _read_ahead(FailingChannel())
    assert next(messages) == b"first"
    with pytest.raises(MemoryError):
        next(messages)
