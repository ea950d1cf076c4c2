"""Requests to end: Ctrl-C, SIGTERM, a terminal that is closed. The first is answered in order."""

import math
import signal
import time
from types import FrameType

REQUESTS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
SAME_SECONDS = 2.0
"""A request so soon after another is the same one: two quick Ctrl-C, or a Ctrl-C and a window that
is closed. What the first has begun to finish is not cut off by it."""


def end_on_requests() -> None:
    """Have each request raise `KeyboardInterrupt`, but for those that are ignored, as by nohup."""
    answered = -math.inf

    def answer(_number: int, _frame: FrameType | None) -> None:
        nonlocal answered
        now = time.monotonic()
        if now - answered >= SAME_SECONDS:
            answered = now
            raise KeyboardInterrupt

    for number in REQUESTS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, answer)


def ignore_requests() -> None:
    """Let no request change how a program ends that is about to."""
    for number in REQUESTS:
        signal.signal(number, signal.SIG_IGN)
