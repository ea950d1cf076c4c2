"""What a worker process does: one item after the other, until the program has gone."""

import gc
import os
import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from queue import SimpleQueue

from cleaner.engines.attempt import Attempt
from cleaner.engines.cell import Cell, Notes
from cleaner.engines.channel import Channel
from cleaner.engines.limits import bytes_held
from cleaner.errors import CleanerError
from cleaner.internal_error import place_of, told

READY = b""


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
    notes = Notes(cell, partial(bytes_held, os.getpid()))
    held, function = b"", _no_function
    channel.send(READY)
    for message in _read_ahead(channel):
        notes.begin_item()
        try:
            pickled, item, refused, is_singly = pickle.loads(message)  # noqa: S301 - the program's
            if pickled != held:
                function, held = pickle.loads(pickled), pickled  # noqa: S301
            at = notes.at_singly if is_singly else notes.at
            answer = pickle.dumps((function(item, Attempt(at, refused, is_singly)), None, ""))
        except Exception as error:  # noqa: BLE001 - it is raised in the program
            answer = _pickled_error(error)
        del message, item
        notes.end_item()
        channel.send(answer)
        gc.collect()
        gc.freeze()  # what is left was loaded or is remembered, and is not looked through again


@contextmanager
def faults_told(channel: Channel) -> Iterator[None]:
    """Answer what the worker was given with what ends it from within, while somebody listens."""
    try:
        yield
    except BaseException as error:  # noqa: BLE001 - the process ends, and nobody else could tell
        with suppress(OSError):
            channel.send(_pickled_error(error))


def _read_ahead(channel: Channel) -> Iterator[bytearray]:
    """What the program sends. A thread takes the next message while this one is worked on.

    A socket holds a small part of one, so that the rest would be waited for each time until the
    program, which does other things as well, sends it. Of messages there are never more than
    `crew.AHEAD`. What ends the thread, such as too little memory for a message, is raised here.
    """
    messages = SimpleQueue[bytearray | BaseException]()

    def read() -> None:
        try:
            while True:
                messages.put(channel.receive())
        except BaseException as error:  # noqa: BLE001 - it is raised by whoever waits for messages
            messages.put(error)

    threading.Thread(target=read, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            message = messages.get()
            if isinstance(message, BaseException):
                raise message
            yield message


def _no_function(_item: object, _attempt: Attempt) -> None:
    """Stand for the first function until it comes."""


def _pickled_error(error: BaseException) -> bytes:
    # Others, such as a request to leave, would mean something else in the program.
    if isinstance(error, Exception):
        try:
            answer = pickle.dumps((None, error, place_of(error)))
            pickle.loads(answer)  # noqa: S301 - it was made in the line above
        except Exception:  # noqa: BLE001, S110 - whatever it is that cannot be sent
            pass
        else:
            return answer
    return pickle.dumps((None, CleanerError(f"a worker process failed: {told(error)}"), ""))
