"""What a worker process does: one item after the other, until the program has gone."""

import gc
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from cleaner.engines.attempt import Attempt
from cleaner.engines.channel import Channel
from cleaner.errors import CleanerError

READY = b""

Cell = Any
"""A sequence of one unsigned number of 64 bits, in memory that program and worker share."""

IDLE, SEVERAL, FIRST_PART = 0, 1, 2
"""What the lower half of the number says: at no item; at several parts of one; at the first. The
upper half counts how often it was written."""
HALF = (1 << 32) - 1


def part_at(note: int) -> int | None:
    """The part of its item that a worker is at, by its note; None where not a single one."""
    return (note & HALF) - FIRST_PART if note & HALF >= FIRST_PART else None


def noting(cell: Cell) -> Callable[[int], None]:
    """What writes notes into a cell."""
    written = 0

    def note(what: int) -> None:
        nonlocal written
        written = (written + 1) & HALF
        cell[0] = written << 32 | what

    return note


def serve(channel: Channel, cell: Cell) -> None:
    """Answer each item that comes with the function's result for it, or with its error.

    Until the program has gone.

    Raises:
        OSError: it has gone before it was answered.

    """
    # Cycles are looked for between items: within one, all that is made would be looked through
    # again and again, for what seldom is one.
    gc.disable()
    gc.freeze()
    note = noting(cell)
    held, function = b"", _no_function

    def at(part: int | None) -> None:
        note(SEVERAL if part is None else part + FIRST_PART)

    channel.send(READY)
    for message in _read_ahead(channel):
        note(SEVERAL)
        try:
            pickled, item, refused, is_singly = pickle.loads(message)  # noqa: S301 - the program's
            if pickled != held:
                function, held = pickle.loads(pickled), pickled  # noqa: S301
            answer = pickle.dumps((function(item, Attempt(at, refused, is_singly)), None))
        except Exception as error:  # noqa: BLE001 - it is raised in the program
            answer = _pickled_error(error)
        del message, item
        note(IDLE)
        channel.send(answer)
        gc.collect()


def _read_ahead(channel: Channel) -> Iterator[bytes]:
    """What the program sends. A thread takes the next message while this one is worked on.

    A socket holds a small part of one, so that the rest would be waited for each time until the
    program, which does other things as well, sends it. Of messages there are never more than
    `crew.AHEAD`.
    """
    messages = SimpleQueue[bytes | None]()

    def read() -> None:
        with suppress(EOFError, OSError):
            while True:
                messages.put(channel.receive())
        messages.put(None)

    threading.Thread(target=read, daemon=True).start()
    while (message := messages.get()) is not None:
        yield message


def _no_function(_item: object, _attempt: Attempt) -> None:
    """Stand for the first function until it comes."""


def _pickled_error(error: Exception) -> bytes:
    try:
        answer = pickle.dumps((None, error))
        pickle.loads(answer)  # noqa: S301 - it was made in the line above
    except Exception:  # noqa: BLE001 - whatever it is that cannot be sent
        return pickle.dumps((None, CleanerError(f"{type(error).__name__}: {error}")))
    return answer
