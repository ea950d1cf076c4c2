"""What tests have an engine do, in this program or in one of its own."""

import gc
import json
import os
import re
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path
from weakref import ref

from cleaner.engines import Attempt, Cause, Limits, LocalEngine, Refusal
from cleaner.engines.starting import may_fork

HELD = []


def double(thing, _attempt):
    return thing * 2


def fail(number, _attempt):
    raise ValueError(number)


class UnsendableError(Exception):
    def __init__(self, one, other):
        super().__init__(f"of {one} and {other}")


def fail_unsendably(_item, _attempt):
    raise UnsendableError(1, 2)


def die(_number, _attempt):
    os._exit(9)


def process_id(_number, _attempt):
    time.sleep(0.01)  # so that one worker does not do all before the other has begun
    return os.getpid()


def hold(megabytes, _attempt):
    HELD.append(b"x" * (megabytes << 20))
    return os.getpid()


def eat():
    while True:
        HELD.append(b"x" * (10 << 20))
        time.sleep(0.001)


def hang(marker):
    """Stay in C for 2**60 steps, without a look at other threads."""
    if marker:
        Path(marker).touch()
    re.match(r"(a|aa)+$", "a" * 90 + "b")


def die_once(marker):
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def do(deed):
    """One part of an item, by its name."""
    name, _, marker = deed.partition(" ")
    {
        "fine": lambda: None,
        "hang": lambda: hang(marker),
        "eat": eat,
        "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
        "leave": lambda: os._exit(3),
        "once": lambda: die_once(Path(marker)),
    }[name]()


def told(refused):
    """An attempt of which some parts are refused."""
    return Attempt(refused={part: Refusal(Cause(cause)) for part, cause in refused.items()})


def deeds_done(item, attempt, *, together):
    """Do each part of an item, by itself or all as if they were one."""
    done = []
    if together and not attempt.is_singly:
        attempt.at(None)
    for part, deed in enumerate(item):
        if attempt.is_singly or not together:
            attempt.at(part)
        if part in attempt.refused:
            why = attempt.refused[part]
            done.append(f"{why.cause.value} {why.how}".strip())
        else:
            do(deed)
            done.append(deed)
    return done


def main():
    """Print what an engine makes of items. Arguments: fork or server, items, options."""
    way, items, options = sys.argv[1], *map(json.loads, sys.argv[2:])
    if way == "server":
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    if sys.platform == "linux":
        assert may_fork() == (way == "fork")
    seconds = 1 if any("hang" in item for item in items) else 100_000
    limits = Limits(seconds=seconds, ordinary_bytes=50 << 20, part_bytes=50 << 20)
    with LocalEngine(options["workers"], limits=limits) as engine:
        function = partial(deeds_done, together=options["together"])
        json.dump(list(engine.map(function, items)), sys.stdout)


def wait(seconds, attempt):
    """Take so long, as the one part of the item; or say that it is refused."""
    attempt.at(0)
    if 0 in attempt.refused:
        return "refused"
    time.sleep(seconds)
    return "done"


def gorge(item, attempt):
    """Four parts. The second of a greedy item takes 150 MB and leaves it full of holes."""
    done = []
    for part in range(4):
        attempt.at(part)
        if part in attempt.refused:
            done.append(attempt.refused[part].cause.value)
            continue
        if item == "greedy" and part == 1:
            pieces = [bytearray(1000) for _ in range(150_000)]
            HELD.append(pieces[::1000])
            del pieces
        if part == 3:
            time.sleep(0.6)
        done.append("fine")
    return done


def hold_at_once(megabytes, attempt):
    """Take memory as soon as the item comes, and hold it for a while."""
    attempt.at(0)
    if 0 in attempt.refused:
        return attempt.refused[0].cause.value
    held = bytearray(megabytes << 20)
    time.sleep(0.6)
    return len(held) >> 20


def fail_in_a_library(_item, _attempt):
    json.loads("{")


def leave_by_exception(_item, _attempt):
    raise SystemExit(0)


KEPT = []
LEFT = []


def keep_much(_thing, _attempt):
    """Keep what a collection would look through; how much there is of that."""
    there = len(gc.get_objects())
    KEPT.append([[] for _ in range(50_000)])
    return there


def leave_a_cycle(_thing, _attempt):
    """Leave garbage that a collection alone finds; how many such pieces are there yet."""
    there = sum(one() is not None for one in LEFT)
    error = UnsendableError(1, 2)
    error.itself = error
    LEFT.append(ref(error))
    return there
