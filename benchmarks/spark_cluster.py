"""A Spark cluster on this machine: a master and workers on the loopback address.

usage: spark_cluster.py [--workers 2] [--cores 1] [--memory 1g] COMMAND ARGUMENT ...

Runs the command with `{master}` in its arguments replaced by the master's address, and ends the
cluster after it. From a program: `with cluster() as one: ... one.master ... one.kill_worker()`.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

HOST = "127.0.0.1"
STARTING_SECONDS = 600
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster."""

    master: str
    workers: list[subprocess.Popen[bytes]]

    def kill_worker(self) -> None:
        """Kill a worker, and the executors that it has started, with SIGKILL."""
        _kill(self.workers.pop())


def spark_home() -> Path:
    """The folder of the installed Spark."""
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        sys.exit("pyspark is not installed: pip install '.[spark]'")
    return Path(found.origin).parent


@contextmanager
def cluster(workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[Cluster]:
    """Start a master and workers; end them, and all that they started, afterwards."""
    port, web_port = _free_port(), _free_port()
    master = f"spark://{HOST}:{port}"
    started: list[subprocess.Popen[bytes]] = []
    with TemporaryDirectory(prefix="spark-") as folder:
        try:
            at = ("--host", HOST, "--port", str(port), "--webui-port", str(web_port))
            started.append(_start(folder, MASTER, *at))
            shares = ("--cores", str(cores), "--memory", memory, "--host", HOST)
            for _ in range(workers):
                place = ("--work-dir", folder, "--webui-port", "0", master)
                started.append(_start(folder, WORKER, *shares, *place))
            _wait_for(workers, web_port)
            one = Cluster(master, started[1:])
            yield one
        finally:
            for process in started:
                _kill(process)


def _start(folder: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a part of Spark in a process group of its own."""
    home = spark_home()
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_DIRS": folder,
        "SPARK_LOCAL_IP": HOST,
    }
    return subprocess.Popen(  # noqa: S603 - what was installed with pyspark
        [str(home / "bin" / "spark-class"), *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(workers: int, web_port: int) -> None:
    """Wait until so many workers have announced themselves to the master."""
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):
            page = urllib.request.urlopen(f"http://{HOST}:{web_port}/json/", timeout=5).read()
            if page.count(b'"ALIVE"') > workers:  # the master is one, too
                return
        time.sleep(0.5)
    raise TimeoutError(f"no cluster of {workers} workers in {STARTING_SECONDS} seconds")


def main() -> None:
    """Run a command beside a cluster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--memory", default="1g")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster is ended
    with cluster(asked.workers, asked.cores, asked.memory) as one:
        command = [word.replace("{master}", one.master) for word in asked.command]
        sys.exit(subprocess.call(command))  # noqa: S603 - the command that was asked for


if __name__ == "__main__":
    main()
