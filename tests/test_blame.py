"""Whom an engine blames when the program looks late, and what it says of its own faults."""

import re
import time

import engine_deeds
import pytest
from test_cli import needs_proc

from cleaner.engines import Limits, LocalEngine
from cleaner.engines.cell import GREEDIEST, MOST, SLOTS, Notes, greediest_part, part_at
from cleaner.errors import CleanerError

SMALL = Limits(ordinary_bytes=20 << 20, part_bytes=100 << 20)


def looked_at_late(items, seconds):
    """The items, for a program that has no time for its workers after each."""
    for item in items:
        yield item
        time.sleep(seconds)


@needs_proc
@pytest.mark.parametrize("seconds", [0, 0.4, 0.8])
def test_memory_that_a_part_left_is_blamed_on_no_other(seconds):
    items = looked_at_late(["plain", "greedy", "plain"], seconds)
    with LocalEngine(1, limits=SMALL) as engine:
        plain, greedy, last = engine.map(engine_deeds.gorge, items)
    assert plain == last == ["fine"] * 4
    assert greedy in (["fine", "memory", "fine", "fine"], ["fine"] * 4)
    assert seconds or "memory" in greedy


@needs_proc
@pytest.mark.parametrize("seconds", [0, 0.4])
def test_what_a_worker_held_at_first_is_not_what_it_took_meanwhile(seconds):
    with LocalEngine(1, limits=SMALL) as engine:
        assert list(engine.map(engine_deeds.hold_at_once, looked_at_late([300], seconds))) == [
            "memory"
        ]


def test_of_parts_that_are_done_singly_the_one_that_grew_most_is_to_blame():
    cell, held = [0] * SLOTS, [100]
    notes = Notes(cell, lambda: held[0])
    notes.begin_item()
    for part, after in enumerate([110, 190, 195, 230]):
        notes.at_singly(part)
        held[0] = after
        assert greediest_part(cell, after) == (0, 1, 1, 1)[part]
    notes.at_singly(None)
    assert (cell[MOST], part_at(cell[GREEDIEST])) == (80, 1)
    notes.end_item()
    notes.begin_item()
    notes.at_singly(0)
    assert greediest_part(cell, held[0]) == 0


def stuck():
    time.sleep(1000)


def test_a_worker_that_hangs_while_it_starts_is_noticed(monkeypatch):
    from cleaner.engines import starting

    monkeypatch.setattr(starting, "_close_all_but", lambda _: stuck())
    monkeypatch.setattr(starting, "_let_server_end", stuck)
    monkeypatch.setattr(starting, "may_fork", lambda: True)
    limits = Limits(starting_seconds=0.3)
    with (
        LocalEngine(1, limits=limits) as engine,
        pytest.raises(CleanerError, match=r"cannot be started .*they do not get ready"),
    ):
        list(engine.map(engine_deeds.double, [1]))


def test_a_fault_of_a_worker_that_starts_is_told_with_its_place(monkeypatch):
    from cleaner.engines import starting

    def broken(_):
        raise LookupError("no such thing")

    monkeypatch.setattr(starting, "_close_all_but", broken)
    monkeypatch.setattr(starting, "may_fork", lambda: True)
    with LocalEngine(1) as engine, pytest.raises(LookupError, match="no such thing") as caught:
        list(engine.map(engine_deeds.double, [1]))
    assert re.search(
        r"test_blame\.py:\d+ in broken, from .*starting\.py", caught.value.__notes__[0]
    )


def test_an_error_of_a_function_says_where_it_was_raised():
    with LocalEngine(1) as engine, pytest.raises(ValueError, match="Expecting") as caught:
        list(engine.map(engine_deeds.fail_in_a_library, [1]))
    assert re.search(
        r"json.decoder\.py:\d+ in .*, from .*worker\.py:\d+", caught.value.__notes__[0]
    )


def test_a_function_that_leaves_by_an_exception_is_told():
    with (
        LocalEngine(1) as engine,
        pytest.raises(CleanerError, match=r"SystemExit: 0 \(.*engine_deeds\.py:\d+"),
    ):
        list(engine.map(engine_deeds.leave_by_exception, [1]))
