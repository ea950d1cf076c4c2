"""Time the rules on the lines of real documents, and what one short document costs.

usage: matching.py ROWS.jsonl[.gz] [--rows N] [--rounds N] [--json OUT]

Timed in turn, round by round: the cleaner's rules, with all that it asks of a line (words, forms,
what may be cut out of it); a loop over all patterns with `re`, on one document of a hundred, as it
is slow, and without those patterns that `re` does not know how to read; and one `re2.Set` of all,
in which each line is looked up as it stands, on one document of ten. Printed are the best round's
microseconds of CPU time a line, and the seconds that it took to be ready. Then, each in a process
of its own: the import of the rules, and a run of one short text.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import re2
from common import machine, progress, save_report, texts

from cleaner.rule import LONGEST_LINE
from cleaner.rules import RulePlace, load_rules, ruleset_for

MEMORY_OF_SET = 1 << 29
"""Bytes; with the library's own limit there would be no such automaton."""
UNICODE_CLASS = {r"\p{Lu}": "A-ZÀ-Þ", r"\pL": r"\w", r"\pM": "\u0300-\u036f"}
TEXT = "The harbour of Port Alder opened to ships again on Monday.\n\nAdvertisement\n"

LOOP, SET = "re, one by one", "one re2.Set"
ONE_OF = {LOOP: 100, SET: 10}
"""The slow get one document of so many."""

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table."""

    way: str
    microseconds_a_line: float
    """CPU time of the best round."""
    seconds_to_be_ready: float
    """CPU time until the first line can be asked for."""


def with_cleaner(lines: Lines) -> None:
    """All that the cleaner asks its rules about the lines of a document."""
    rules = ruleset_for(())
    for line, reading in zip(lines, rules.read(lines), strict=True):
        if reading.may_be_cut:
            list(rules.inline_parts(line))


def with_set() -> Callable[[Lines], None]:
    """All patterns in one automaton."""
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = MEMORY_OF_SET
    made = re2.Set.FullMatchSet(options)
    for pattern in _patterns():
        made.Add(pattern)
    made.Compile()

    def match(lines: Lines) -> None:
        for line in lines:
            if len(line) <= LONGEST_LINE:
                made.Match(line)

    return match


def with_loop() -> Callable[[Lines], None]:
    """One pattern after the other, with the standard library."""
    compiled = [one for one in map(_for_re, _patterns()) if one is not None]

    def match(lines: Lines) -> None:
        for line in lines:
            if len(line) <= LONGEST_LINE:
                for pattern in compiled:
                    pattern.fullmatch(line)

    return match


def _patterns() -> list[str]:
    whole = (rule for rule in load_rules() if rule.place is not RulePlace.INLINE)
    return [pattern for rule in whole for pattern in rule.patterns]


def _for_re(pattern: str) -> re.Pattern[str] | None:
    for name, members in UNICODE_CLASS.items():
        pattern = pattern.replace(f"[{name}]", f"[{members}]").replace(name, members)
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error:
        return None


def seconds_of(function: Callable[[], object]) -> float:
    """CPU seconds that a call takes."""
    started = time.process_time()
    function()
    return time.process_time() - started


def best_run(command: Sequence[str], rounds: int) -> float:
    """Seconds of the fastest of some runs of a command."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - ours
        times.append(time.perf_counter() - started)
    return min(times)


def short_run(rounds: int) -> float:
    """Seconds of a run of one short text."""
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name) / "raw"
        raw.mkdir()
        (raw / "a.txt").write_text(TEXT, encoding="utf-8")
        clean = str(Path(name) / "clean")
        command = [sys.executable, "-m", "cleaner", "run", str(raw), clean, "--overwrite"]
        return best_run([*command, "--workers", "1"], rounds)


def with_rules() -> Callable[[Lines], None]:
    """The cleaner's, once its rules are ready."""
    ruleset_for(())
    return with_cleaner


MAKERS = {"cleaner": with_rules, LOOP: with_loop, SET: with_set}


def measured(documents: Sequence[Lines], rounds: int) -> list[Measured]:
    """All ways in turn, round by round."""
    ways: dict[str, Callable[[Lines], None]] = {}
    best = dict.fromkeys(MAKERS, float("inf"))
    ready = {
        name: seconds_of(lambda n=name, m=make: ways.update({n: m()}))
        for name, make in MAKERS.items()
    }
    for number in range(rounds):
        for name, match in ways.items():
            progress(f"round {number + 1}: {name}")
            some = documents[:: ONE_OF.get(name, 1)]
            seconds = seconds_of(lambda m=match, s=some: list(map(m, s)))
            best[name] = min(best[name], seconds / sum(map(len, some)) * 1e6)
    return [Measured(name, best[name], ready[name]) for name in MAKERS]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows_file", metavar="ROWS", type=Path)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    documents = [
        [line for line in text.split("\n") if line.strip()]
        for text in texts(arguments.rows_file, arguments.rows)
    ]
    load_rules()
    table = measured(documents, arguments.rounds)
    imported = best_run([sys.executable, "-c", "import cleaner.rules"], arguments.rounds)
    run = short_run(arguments.rounds)
    print(f"{sum(map(len, documents))} lines")
    print(f"{'':16}{'us a line':>10}{'s to be ready':>15}")
    for row in table:
        print(f"{row.way:16}{row.microseconds_a_line:10.1f}{row.seconds_to_be_ready:15.2f}")
    print(f"import of the rules {imported:.2f} s, a run of one short text {run:.2f} s")
    report = {
        "machine": machine(),
        "lines": sum(map(len, documents)),
        "measured": [asdict(row) for row in table],
        "seconds_to_import": imported,
        "seconds_of_a_short_run": run,
    }
    save_report(arguments.json, report)


if __name__ == "__main__":
    main()
