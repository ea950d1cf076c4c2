"""Run functions in processes of this machine."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import forkserver, resource_tracker
from types import TracebackType
from typing import Self, TypeVar

from cleaner.errors import CleanerError

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 2
"""Items handed out for each worker. More would only wait, in memory."""


class LocalEngine:
    """Worker processes, there while a `map` with two items or more goes on.

    Use it in a `with` statement; leaving it ends the processes.
    """

    def __init__(self, workers: int, preload: tuple[str, ...] = ()) -> None:
        self._workers = workers
        self._preload = preload
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_workers()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in the order of the items, a bounded number of which is taken in advance.

        Raises:
            CleanerError: a worker process died.

        """
        supply = iter(items)
        first = list(islice(supply, 2))
        together = chain(first, supply)
        if self._workers == 1 or len(first) <= 1:
            yield from map(function, together)
            return
        try:
            yield from self._map_in_pool(function, together)
        except BrokenProcessPool:
            raise CleanerError(
                "a worker process died: for want of memory (use fewer workers), or because "
                "the program that called run() does so outside `if __name__ == '__main__':`"
            ) from None

    def _map_in_pool(
        self, function: Callable[[Item], Result], items: Iterator[Item]
    ) -> Iterator[Result]:
        pool = self._started_pool()
        waiting: deque[Future[Result]] = deque()
        for item in items:
            with _interrupts_deferred():
                waiting.append(pool.submit(function, item))
            if len(waiting) >= AHEAD * self._workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        # What comes next may need the memory; new workers are forked within milliseconds.
        self._end_workers()

    def _end_workers(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _started_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            begin_loading(self._preload)
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context(_method()),
                initializer=_follow_parent,
            )
        return self._pool


def begin_loading(modules: Sequence[str]) -> None:
    """Start the process that workers are forked from, which loads modules and does so by itself.

    Where processes are not forked, nothing is done. To be asked again changes nothing.
    """
    if _method() == "forkserver":
        multiprocessing.get_context("forkserver").set_forkserver_preload(list(modules))
        with _interrupts_deferred():
            _start_forkserver()


def _method() -> str:
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Let Ctrl-C and a request to end wait for a moment in which nothing is half begun.

    Cut off in the middle, the start of a worker would leave one that nobody waits for.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signal handlers run in the main thread only, so nothing is cut off here
        return
    asked: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _frame: asked.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if asked:
            signal.raise_signal(asked[0])


def _start_forkserver() -> None:
    """Start the process that workers are forked from deaf to Ctrl-C, which is for the parent.

    A signal is blocked and not ignored meanwhile, so that the parent still gets it.
    """
    resource_tracker.ensure_running()  # it would unblock the signal if the next line started it
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _follow_parent() -> None:
    """Leave interrupts to the parent process, and end when it has ended, however it did."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        watch = threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True)
        watch.start()


def _end_after(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
