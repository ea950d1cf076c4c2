"""Time the repair against ftfy on the same lines, and compare what they make of each.

usage: repair.py FILE... [--megabytes N] [--rounds N] [--json OUT]

A file is JSONL (rows with `text`, perhaps .gz) or plain text, which is one document. Of each the
first N megabytes of text are taken, in parts of some 500 kB, which the repair and ftfy take in
turns. Both have the same switches: quotes straight, widths kept, NFC. Printed for each file:
megabytes of UTF-8 to a second of the processor's time for ftfy (`fix_and_explain`, line by line,
without explanations), for the repair with ftfy's steps only, and for the repair as it is by
default, which takes out what is invisible besides; the ratio of the second and third to the first;
how many lines differ between the first two, of how many; and the share of lines that nothing is
done to, that only cheap steps are applied to, and that go through all of ftfy's steps.
"""

import argparse
import gzip
import json
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from common import machine, progress, save_report
from ftfy import fix_and_explain

from cleaner import Config
from cleaner.mending.lines import mend_lines
from cleaner.mending.scan import OF_LINES, scan
from cleaner.mending.switches import Switches, switches_for
from cleaner.stages.linebreaks import settle_line_breaks

PART_BYTES = 500_000
Document = list[str]
"""Its lines."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table."""

    file: str
    megabytes: float
    ftfy: float
    """Megabytes a second, as the next two."""
    same_steps: float
    all_steps: float
    ratio: float
    """Of `same_steps` to `ftfy`: above 1, the repair is faster."""
    ratio_of_all: float
    lines: int
    different: int
    paths: dict[str, float]
    """Share of the lines."""


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a file, without white space at the ends of their lines."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace")
    is_rows = ".jsonl" in path.suffixes
    texts = (json.loads(row)["text"] for row in text.splitlines()) if is_rows else [text]
    for one in texts:
        yield [line.strip() for line in settle_line_breaks(one).split("\n")]


def parts(path: Path, megabytes: float) -> Iterator[list[Document]]:
    """Documents in parts of some 500 kB, so that both take turns within the same second."""
    part: list[Document] = []
    size = total = 0
    for document in read_documents(path):
        part.append(document)
        size += size_of([document])
        if size >= PART_BYTES:
            yield part
            part, size, total = [], 0, total + size
            if total >= megabytes * 1e6:
                return
    if part:
        yield part


def size_of(documents: Sequence[Document]) -> int:
    """Bytes in UTF-8, each line with its line feed."""
    return sum(len(line.encode("utf-8", "replace")) + 1 for lines in documents for line in lines)


def path_of(line: str, switches: Switches) -> str:
    """What is done to a line."""
    trouble = scan(line)
    if trouble & OF_LINES:
        return "all steps"
    is_touched = trouble & switches.of_characters or not unicodedata.is_normalized("NFC", line)
    return "cheap steps" if is_touched else "nothing"


def measure(path: Path, megabytes: float, rounds: int) -> Measured:
    """One row of the table."""
    default = switches_for(Config())
    switches = replace(default, invisible=(), strips=False)
    silent = switches.fixer._replace(explain=False)
    ways: dict[str, Callable[[Document], list[str]]] = {
        "ftfy": lambda lines: [fix_and_explain(line, silent).text for line in lines],
        "same": lambda lines: mend_lines(lines, switches).lines,
        "all": lambda lines: mend_lines(lines, default).lines,
    }
    seconds: Counter[str] = Counter()
    paths: Counter[str] = Counter()
    size = different = 0
    for part in parts(path, megabytes):
        made = {}
        for _ in range(rounds):
            for name, way in ways.items():
                started = time.process_time()
                made[name] = [way(lines) for lines in part]
                seconds[name] += time.process_time() - started
        size += size_of(part) * rounds
        pairs = zip(chain(*made["ftfy"]), chain(*made["same"]), strict=True)
        different += sum(settle_line_breaks(one) != other for one, other in pairs)
        paths.update(path_of(line, switches) for lines in part for line in lines)
    speeds = {name: size / 1e6 / seconds[name] for name in ways}
    lines = paths.total()
    return Measured(
        file=path.name,
        megabytes=size / 1e6 / rounds,
        ftfy=speeds["ftfy"],
        same_steps=speeds["same"],
        all_steps=speeds["all"],
        ratio=speeds["same"] / speeds["ftfy"],
        ratio_of_all=speeds["all"] / speeds["ftfy"],
        lines=lines,
        different=different,
        paths={name: paths[name] / lines for name in ("nothing", "cheap steps", "all steps")},
    )


def row(one: Measured) -> str:
    """A row of the table as it is printed."""
    shares = " / ".join(f"{share:.1%}" for share in one.paths.values())
    return (
        f"| {one.file} | {one.ftfy:.2f} | {one.same_steps:.1f} ({one.ratio:.1f} x) | "
        f"{one.all_steps:.1f} ({one.ratio_of_all:.1f} x) | {one.different} of {one.lines:,} | "
        f"{shares} |"
    )


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--megabytes", type=float, default=20, help="text of each file; 20")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    arguments = parser.parse_args()
    print("| file | ftfy, MB/s | same steps | all steps | lines that differ | lines by path |")
    print("| --- | --- | --- | --- | --- | --- |")
    measured = []
    for path in arguments.files:
        progress(f"reading {path}")
        measured.append(measure(path, arguments.megabytes, arguments.rounds))
        print(row(measured[-1]), flush=True)
    rows = [asdict(one) for one in measured]
    versions = {name: version(name) for name in ("corpus-cleaner", "ftfy", "google-re2")}
    save_report(arguments.json, {"machine": machine(), "versions": versions, "files": rows})


if __name__ == "__main__":
    main()
