"""Time the search for copies alone, for each rival, on the same paragraphs.

usage: speed.py ROWS.jsonl[.gz] [--rows N] [--rounds N] [--rivals-python PATH] [--json OUT]

Paragraphs are the lines of at least ten words of the first N rows. The rivals take turns, round
by round, each in a process of its own and on one thread. Timed are tokens, shingles, signatures,
search and decisions; not imports, nor reading the file. Printed for each: the median of the
seconds, microseconds a paragraph, the median's ratio to datasketch's (above 1 is faster), the
peak memory of the process with all that it imports, and how many paragraphs were removed. How
rightly they were removed is quality.py's matter: a rival can be fast because it finds less.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from common import (
    Outcome,
    Rival,
    documents,
    installed,
    machine,
    progress,
    run_rival,
    save_report,
    write_paragraphs,
)

THRESHOLD = 0.8
YARDSTICK = "datasketch"


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table."""

    rival: str
    seconds: list[float]
    """Of every round."""
    median: float
    microseconds_a_paragraph: float
    times_as_fast: float | None
    """Compared with datasketch, if that ran."""
    peak_megabytes: float
    removed: int
    stages: dict[str, float]
    """Medians."""


def summarise(rounds: dict[Rival, list[Outcome]], paragraphs: int) -> list[Measured]:
    """The rows of the table."""
    medians = {
        rival.label: statistics.median(outcome.answer["seconds"] for outcome in outcomes)
        for rival, outcomes in rounds.items()
    }
    yardstick = medians.get(YARDSTICK)
    return [
        Measured(
            rival=rival.label,
            seconds=[outcome.answer["seconds"] for outcome in outcomes],
            median=medians[rival.label],
            microseconds_a_paragraph=medians[rival.label] / paragraphs * 1e6,
            times_as_fast=yardstick / medians[rival.label] if yardstick else None,
            peak_megabytes=max(outcome.peak_megabytes for outcome in outcomes),
            removed=len(outcomes[0].answer["removed"]),
            stages={
                stage: statistics.median(outcome.answer["stages"][stage] for outcome in outcomes)
                for stage in outcomes[0].answer["stages"]
            },
        )
        for rival, outcomes in rounds.items()
    ]


def print_table(rows: Sequence[Measured]) -> None:
    """The table."""
    print(f"{'':22}{'seconds':>9}{'us each':>9}{'ratio':>8}{'peak MB':>9}{'removed':>9}")
    for row in rows:
        ratio = "-" if row.times_as_fast is None else f"{row.times_as_fast:.2f}"
        print(
            f"{row.rival:22}{row.median:9.2f}{row.microseconds_a_paragraph:9.1f}{ratio:>8}"
            f"{row.peak_megabytes:9.0f}{row.removed:9}"
        )


def main() -> None:
    """Run the rounds, print and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows_file", metavar="ROWS", type=Path)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals-python", default=sys.executable)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    versions, reasons = installed(arguments.rivals_python)
    with tempfile.TemporaryDirectory() as name:
        paragraphs = Path(name) / "paragraphs.jsonl"
        # One by one: this process stays small, as its memory counts into its children's peak.
        lines = (line for text in documents(arguments.rows_file, arguments.rows) for line in text)
        count = write_paragraphs(lines, paragraphs)
        rounds: dict[Rival, list[Outcome]] = {rival: [] for rival in versions}
        for number in range(arguments.rounds):
            for rival, outcomes in rounds.items():
                progress(f"round {number + 1}: {rival.label}")
                outcomes.append(run_rival(rival, arguments.rivals_python, paragraphs, THRESHOLD))
    rows = summarise(rounds, count)
    print(f"{count} paragraphs, threshold {THRESHOLD}, medians of {arguments.rounds} rounds")
    print_table(rows)
    report = {
        "machine": machine(),
        "versions": {rival.label: text for rival, text in versions.items()},
        "left_out": reasons,
        "paragraphs": count,
        "threshold": THRESHOLD,
        "measured": [asdict(row) for row in rows],
    }
    save_report(arguments.json, report)


if __name__ == "__main__":
    main()
