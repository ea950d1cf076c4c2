"""Ends a process that reaches for the network or another program, or writes outside some folders.

Python runs this at its start where the folder is in PYTHONPATH. `GUARD_WRITABLE` names the folders.
"""

import os
import sys
from pathlib import Path

WRITABLE = os.environ["GUARD_WRITABLE"].split(os.pathsep)
FORBIDDEN = {
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "subprocess.Popen",
    "os.exec",
    "os.posix_spawn",
    "os.system",
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.mkdir": 2, "os.rmdir": 1, "os.remove": 1, "os.rename": 2, "os.chmod": 2}
CHANGES |= {"os.symlink": 2, "os.link": 2, "os.truncate": 1, "os.utime": 3}
"""Events that change a folder, and where in their arguments the file descriptor of one stands."""


def is_forbidden(event, arguments):
    if event in FORBIDDEN:
        return True
    if event == "socket.connect":
        return not isinstance(arguments[1], (str, bytes))  # sockets of this machine have a path
    if event == "open":
        path, _, flags = arguments
        return bool(flags & WRITES) and is_outside(path, -1)
    return event in CHANGES and is_outside(arguments[0], arguments[CHANGES[event]])


def is_outside(path, folder):
    if isinstance(path, int):
        return False
    name = Path(os.fsdecode(path))
    if isinstance(folder, int) and folder >= 0:
        name = Path(f"/proc/self/fd/{folder}").readlink() / name
    name = Path(os.path.normpath(Path.cwd() / name))
    return name != Path(os.devnull) and not any(map(name.is_relative_to, WRITABLE))


def guard(event, arguments):
    if is_forbidden(event, arguments):
        os.write(2, f"guard: {event} {arguments!r}\n".encode("utf-8", "backslashreplace"))
        os._exit(97)


sys.addaudithook(guard)
