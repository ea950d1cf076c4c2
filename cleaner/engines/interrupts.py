"""Interrupts that wait for a moment in which nothing is half begun."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cleaner.interruption import REQUESTS


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Let Ctrl-C and other requests to end wait for a moment in which nothing is half begun.

    Cut off in the middle, the start of a worker would leave one that nobody waits for.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signal handlers run in the main thread only, so nothing is cut off here
        return
    asked: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _frame: asked.append(number))
        for number in REQUESTS
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if asked:
            signal.raise_signal(asked[0])
