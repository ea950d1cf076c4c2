"""What the scripts of the rivals share: their command line, a clock, and the answer's form.

usage: with_X.py PARAGRAPHS.jsonl THRESHOLD OUTPUT.json [--way WAY]

Input rows are {"id": 0, "text": "..."}, numbered from 0 in order. The output is {"removed": ids,
"pairs": [[later, earlier], ...] or null, "seconds": s, "stages": {stage: s}, "version": "..."}.
The seconds are those of tokens, shingles, signatures, search and decisions, and not those of
imports or of reading the file. Needs the standard library only.
"""

import argparse
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

SHINGLE_SIZE = 3
PERMUTATIONS = 128
WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Answer:
    """The ids that go, in order, the pairs that decided it where known, and the time taken."""

    removed: list[int] = field(default_factory=list)
    pairs: list[tuple[int, int]] | None = None
    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time within to a stage."""
        started = time.perf_counter()
        yield
        self.stages[name] = self.stages.get(name, 0.0) + time.perf_counter() - started


Search = Callable[[list[str], float], Answer]


def shingles(paragraph: str) -> list[str]:
    """The distinct word 3-grams, as most users write them; in order, as rensa's rho heeds it."""
    words = WORD.findall(paragraph.casefold())
    starts = range(max(1, len(words) - SHINGLE_SIZE + 1))
    return list(dict.fromkeys(" ".join(words[start : start + SHINGLE_SIZE]) for start in starts))


def run(distribution: str, ways: dict[str, Search]) -> None:
    """Read the command line, search once, write the answer. The first way is the default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("paragraphs", type=Path)
    parser.add_argument("threshold", type=float)
    parser.add_argument("output", type=Path)
    parser.add_argument("--way", choices=list(ways), default=next(iter(ways)))
    arguments = parser.parse_args()
    with arguments.paragraphs.open(encoding="utf-8") as rows:
        texts = [json.loads(row)["text"] for row in rows]
    answer = ways[arguments.way](texts, arguments.threshold)
    written = {
        "removed": sorted(answer.removed),
        "pairs": answer.pairs,
        "seconds": sum(answer.stages.values()),
        "stages": answer.stages,
        "version": version(distribution),
    }
    arguments.output.write_text(json.dumps(written) + "\n", encoding="utf-8")
