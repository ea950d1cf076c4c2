"""Start worker processes: forks of the program where that is safe, else of a server of forks."""

import ctypes
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from cleaner.engines.cell import SLOTS, Cell
from cleaner.engines.channel import Channel
from cleaner.engines.interrupts import interrupts_deferred
from cleaner.engines.worker import faults_told, serve
from cleaner.interruption import REQUESTS

SET_PARENT_DEATH_SIGNAL = 1
"""The option of prctl(2)."""
STANDARD_ERROR = 2


@dataclass(frozen=True, slots=True)
class Preparation:
    """What workers need to have loaded before they are forked."""

    modules: tuple[str, ...] = ()
    """Loaded by the server of forks."""
    function: Callable[[], object] = object
    """Called in the program before it is forked, each time anew."""


@dataclass(frozen=True, slots=True)
class Started:
    """A worker process, as the program has it."""

    process: int
    """Its number."""
    channel: Channel
    cell: Cell
    kill: Callable[[], None]
    wait: Callable[[], int]
    """Wait for its end; its exit code, or less than 0 for a signal."""


def begin_loading(modules: Sequence[str]) -> None:
    """Start the process that workers are forked from, which loads modules and does so by itself.

    Where the program will fork them itself, or processes are not forked, nothing is done. To be
    asked again changes nothing.
    """
    if not may_fork() and _method() == "forkserver":
        with interrupts_deferred():
            _start_forkserver(modules)


def may_fork() -> bool:
    """Whether this program may be forked: a thread's locks, held at that moment, would stay shut.

    Only where the system tells of all threads, those of libraries too.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return False
    try:
        return threading.active_count() == len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def start(preparation: Preparation) -> Started:
    """Start a worker."""
    if may_fork():
        preparation.function()
        if may_fork():  # it may have loaded a library that has threads
            return _fork()
    return _ask_for_one(preparation.modules)


def _fork() -> Started:
    import mmap

    cell = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("Q")
    ours, theirs = socket.socketpair()
    program = os.getpid()
    process = os.fork()
    if process == 0:
        _be_worker(program, theirs, cell)
    theirs.close()
    kill = partial(os.kill, process, signal.SIGKILL)
    return Started(process, Channel(ours), cell, kill, partial(_waited, process))


def _be_worker(program: int, theirs: socket.socket, cell: Cell) -> None:
    """What a forked process does, never to return."""
    try:
        channel = Channel(theirs)
        with faults_told(channel):
            _leave_alone()
            _end_with(program)
            _close_all_but(channel.fileno())
            serve(channel, cell)
    finally:
        os._exit(1)


def _close_all_but(mine: int) -> None:
    """Close what the program has open: the lock of the output folder, above all, is its alone."""
    for path in list(Path("/proc/self/fd").iterdir()):
        if int(path.name) > STANDARD_ERROR and int(path.name) != mine:
            with suppress(OSError):
                os.close(int(path.name))


def _waited(process: int) -> int:
    try:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    except ChildProcessError:  # somebody else has waited for it, and knows
        return 1


def _ask_for_one(modules: Sequence[str]) -> Started:
    import multiprocessing

    begin_loading(modules)
    context: Any = multiprocessing.get_context(_method())
    cell = context.RawArray("Q", SLOTS)
    ours, theirs = socket.socketpair()
    process = context.Process(target=_follow_and_serve, args=(theirs, cell), daemon=True)
    with _main_module_hidden():
        process.start()
    theirs.close()

    def wait() -> int:
        process.join()
        return int(process.exitcode)

    return Started(process.pid, Channel(ours), cell, process.kill, wait)


@contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Keep multiprocessing from running the user's program again in each worker.

    Workers need nothing of it, and without this a program could not call `run` at its top level.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _method() -> str:
    import multiprocessing

    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def _start_forkserver(modules: Sequence[str]) -> None:
    """Start the process that workers are forked from deaf to Ctrl-C, which is for the parent.

    So it is to a closed terminal. Signals are blocked and not ignored meanwhile, so that the parent
    still gets them.
    """
    import multiprocessing
    from multiprocessing import forkserver, resource_tracker

    multiprocessing.get_context("forkserver").set_forkserver_preload(list(modules))
    resource_tracker.ensure_running()  # it would unblock the signal if the next line started it
    of_terminal = set(REQUESTS) - {signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, of_terminal)
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, of_terminal)


def _follow_and_serve(theirs: socket.socket, cell: Cell) -> None:
    """What a worker does that was not forked from the program."""
    from multiprocessing import parent_process

    channel = Channel(theirs)
    with faults_told(channel):
        _leave_alone()
        parent = parent_process()
        if parent is not None:
            watch = threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True)
            watch.start()
        if sys.platform == "linux":
            _let_server_end()
            _end_with(os.getppid())
        serve(channel, cell)


def _let_server_end() -> None:
    """Close what would keep the server of forks alive when the program has gone.

    Each of its processes holds that, so as to start more through it, which workers never do.
    """
    from multiprocessing import forkserver

    held = getattr(forkserver._forkserver, "_forkserver_alive_fd", None)  # noqa: SLF001
    if held is not None:
        os.close(held)


def _leave_alone() -> None:
    """Leave what a terminal asks of all to the program, and take SIGTERM as it comes."""
    for number in REQUESTS:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end_after(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _end_with(parent: int) -> None:
    """Have the system end this process with its parent, even in the middle of a library's work."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
