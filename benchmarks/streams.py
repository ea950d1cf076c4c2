"""What memory a stream takes that is larger than the bound: a pipe to a pipe, and a program's own.

usage: streams.py [--paragraphs 2400000] [--memory 512] [--workers 1] [--work FOLDER] [WAY ...]

A corpus of made-up text is made (make_corpus.py), 260 MB for a million paragraphs, and goes through
the cleaner by each WAY (`pipe`, `program`; both if none is named): its files through
`cleaner run - -`, or their rows through `Cleaner.clean` in a program. Measured are wall seconds and
the peaks of the memory of all processes, as growth.py does it, and of the disk for work files. The
digest is that of ids and texts that come out, the same for each way.
"""

import argparse
import hashlib
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from growth import watched
from make_corpus import Shares, write_corpus

from cleaner import Cleaner, Config

WAYS = ("pipe", "program")


def rows_of(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of all files of a folder, one by one."""
    for path in sorted(folder.iterdir()):
        with path.open("rb") as stream:
            for line in stream:
                yield orjson.loads(line)


def clean_in_program(raw: Path, out: Path, scratch: Path, memory: int, workers: int) -> None:
    """What a program of a user's does: rows in, rows out."""
    config = Config(memory_megabytes=memory, workers=workers)
    with out.open("wb") as stream:
        for document in Cleaner(config).clean(rows_of(raw), scratch=scratch):
            if document.kept:
                row = {"id": document.id, "text": document.text}
                stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def command_of(way: str, raw: Path, out: Path, scratch: Path, given: argparse.Namespace) -> str:
    """The command of the shell for a way."""
    python = shlex.quote(sys.executable)
    limits = f"--memory {given.memory} --workers {given.workers}"
    if way == "pipe":
        return f"cat {raw}/* | {python} -m cleaner run - - --scratch {scratch} {limits} > {out}"
    return f"{python} {__file__} --inner {raw} {out} {scratch} {limits}"


def digest_of_rows(path: Path) -> tuple[int, str]:
    """How many rows there are, and a digest of their ids and texts."""
    digest, number = hashlib.sha256(), 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):  # noqa: B007 - told below
            row = orjson.loads(line)
            digest.update(f"{row['id']}\0{row['text']}\0".encode())
    return number, digest.hexdigest()[:16]


def main() -> None:
    """Measure each way and print its row; or be the program that is measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ways", nargs="*", metavar="WAY")
    parser.add_argument("--paragraphs", type=int, default=2_400_000)
    parser.add_argument("--memory", type=int, default=512)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--inner", nargs=3, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inner:
        clean_in_program(*given.inner, given.memory, given.workers)
        return
    with tempfile.TemporaryDirectory(dir=given.work) as name:
        work = Path(name)
        scratch = work / "scratch"
        scratch.mkdir()
        made = write_corpus(work / "raw", given.paragraphs, Shares(), seed=1)
        print(f"{made.bytes / 1e6:,.0f} MB of rows, --memory {given.memory}")
        print("way         wall s   PSS MB   RSS MB  disk MB  rows out  digest")
        for way in given.ways or WAYS:
            command = ["sh", "-c", command_of(way, work / "raw", work / "out", scratch, given)]
            seconds, watch = watched(command, scratch, work / "told")
            figures = (seconds, watch.pss / 1e6, watch.rss / 1e6, watch.disk / 1e6)
            rows, digest = digest_of_rows(work / "out")
            told = " ".join(f"{figure:8,.0f}" for figure in figures)
            print(f"{way:8} {told} {rows:9,}  {digest}", flush=True)


if __name__ == "__main__":
    main()
