"""Runs of the command line that stop, or die, at a moment that does not depend on the machine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree"}
"""Audit events of Python, in which every change to a file shows, and every opening."""

STOPPING = f"""
import os, signal, sys, threading
from contextlib import suppress
from pathlib import Path
from cleaner import cli

thread, folder, names = threading.get_native_id(), Path(sys.argv[1]), sys.argv[2].split()
del sys.argv[1:3]

def stop_where_a_name_is_there(event, _):
    if names and event in {CHANGES} and threading.get_native_id() == thread:
        with suppress(FileNotFoundError):  # a folder may go while it is looked through
            if any(folder.rglob(names[0])):
                del names[0]
                os.kill(os.getpid(), signal.SIGSTOP)

sys.addaudithook(stop_where_a_name_is_there)
cli.main()
"""

DYING = f"""
import os, signal, sys
from itertools import count
from cleaner import cli, journal

program, below, last, whom = os.getpid(), sys.argv[1], int(sys.argv[2]), sys.argv[3]
del sys.argv[1:4]
journal.LEAST_SECONDS = 0
touches = count(1)

def die_at_a_touch(event, arguments):
    if event in {CHANGES} and os.getpid() == program and str(arguments[0]).startswith(below):
        if next(touches) == last:
            os.kill(0 if whom == "all" else program, signal.SIGKILL)

sys.addaudithook(die_at_a_touch)
cli.main()
"""


def start_with_stops(
    folder: Path, names: str, *arguments: object, by: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    """A run that stops when a file of each of some names in turn is below a folder.

    `by` is the command that starts it, if it is not started as it is.
    """
    return _started(STOPPING, folder, names, "run", *arguments, by=by)


def start_to_die(below: Path, touch: int, whom: str, *arguments: object) -> subprocess.Popen[str]:
    """A run with many records that kills itself, or "all" of its group, at a touch of a folder."""
    return _started(DYING, below, touch, whom, "run", *arguments)


def _started(program: str, *arguments: object, by: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*by, sys.executable, "-c", program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_stop(running: subprocess.Popen[str]) -> None:
    """Wait until a run has stopped itself; it must not have ended."""
    left = os.waitid(os.P_PID, running.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert left is not None
    assert left.si_code == os.CLD_STOPPED, "the run ended before that moment"
    os.waitid(os.P_PID, running.pid, os.WSTOPPED)


def go_on(running: subprocess.Popen[str]) -> None:
    """Let a run go on that has stopped itself."""
    running.send_signal(signal.SIGCONT)
