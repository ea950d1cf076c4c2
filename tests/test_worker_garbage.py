"""What a worker keeps between items is not looked through again; the garbage they leave goes."""

from engine_deeds import keep_much, leave_a_cycle

from cleaner.engines import LocalEngine


def test_what_is_kept_is_looked_through_once():
    with LocalEngine(1) as engine:
        seen = list(engine.map(keep_much, range(4)))
    assert max(seen) < 50_000


def test_garbage_of_an_item_is_gone_before_the_next():
    with LocalEngine(1) as engine:
        assert list(engine.map(leave_a_cycle, range(4))) == [0, 0, 0, 0]
