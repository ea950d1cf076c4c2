"""Kill a Spark worker with SIGKILL in each phase of a run: the bytes must be those of one machine.

usage: spark_kills.py RAW [--work FOLDER] [--phases marking,keys,rounds,writing] [OPTION ...]

For each phase a cluster of two workers is started (spark_cluster.py); as soon as the work folder
shows that the phase has begun, one of them and its executors are killed. Exits with 1 on a
difference. Further options go to the cleaner.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spark import PROGRAM, output_of
from spark_cluster import Cluster, cluster

BEGUN = {
    "marking": "parts",
    "keys": "parts/*/drop-1/alive",
    "rounds": "parts/*/drop-1/pairs-1",
    "writing": "plan",
}
"""What in the work folder tells that a phase has begun."""
LOOK_EVERY = 0.05


def killed(raw: Path, clean: Path, phase: str, options: list[str], one: Cluster) -> str:
    """Run, kill a worker in a phase, and tell when it was and how long the run took."""
    work = clean / ".cleaner" / "work"
    command = [*PROGRAM, str(raw), str(clean), "--engine", "spark", "--master", one.master]
    started = time.perf_counter()
    with subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL) as process:  # noqa: S603 - ours
        while process.poll() is None and not any(work.glob(BEGUN[phase])):
            time.sleep(LOOK_EVERY)
        at = time.perf_counter() - started
        is_running = process.poll() is None
        one.kill_worker()
        code = process.wait()
    if not is_running:
        return "ended before the kill"
    took = time.perf_counter() - started
    return f"killed at {at:.0f} s, ended with {code} after {took:.0f} s"


def main() -> None:
    """Kill once in each phase, and print a row for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("raw", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--phases", default=",".join(BEGUN))
    given, options = parser.parse_known_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster is ended
    all_same = True
    with tempfile.TemporaryDirectory(dir=given.work) as name:
        local = Path(name) / "local"
        subprocess.run([*PROGRAM, str(given.raw), str(local), *options], check=True)  # noqa: S603 - ours
        for phase in given.phases.split(","):
            clean = Path(name) / phase
            with cluster(workers=2) as one:
                told = killed(given.raw, clean, phase, options, one)
            same = output_of(clean) == output_of(local)
            all_same &= same
            print(f"{phase:>8}: {told}; bytes {'the same' if same else 'DIFFER'}", flush=True)
    sys.exit(not all_same)


if __name__ == "__main__":
    main()
