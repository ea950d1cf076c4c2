"""How much boilerplate goes from text that another tool extracted, and how much text is lost.

usage: lines.py GOLD.jsonl[.gz] [--show {lost,left}] [--json OUT]

GOLD rows are {"lines": [text, ...], "keep": [true or false, ...]}, perhaps with "title" and "dup",
lists of flags for lines that do not count. Each document is cleaned by itself, its lines as blocks
of their own, and copies inside it are kept: only rules are measured. Told are the share of the
lines to go that went, and the share of the characters to keep that went; the same for the line
filters of C4 (Raffel et al., "Exploring the Limits of Transfer Learning", 2020): a line stays if it
ends like a sentence, has five words, and names neither JavaScript nor a policy. `--show` prints
what the cleaner lost, or left.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from common import machine, save_report

from cleaner import Cleaner, Config

WORD = re.compile(r"\w+")
C4_ENDS = (".", "!", "?", '"', "”")
C4_BARRED = re.compile(
    r"javascript|lorem ipsum|terms of use|privacy policy|cookie policy|[{]", re.IGNORECASE
)
C4_LEAST_WORDS = 5

Kept = list[bool]


@dataclass(frozen=True, slots=True)
class Document:
    """Lines, whether each is to be kept, and whether it counts."""

    lines: tuple[str, ...]
    keep: tuple[bool, ...]
    counts: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What one way of cleaning reached."""

    way: str
    junk_removed: float
    good_lost: float
    microseconds_a_line: float


def documents(path: Path) -> list[Document]:
    """All documents of a file; lines without a word do not count."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        return [_document(json.loads(line)) for line in stream]


def _document(row: dict[str, Any]) -> Document:
    lines = tuple(row["lines"])
    nothing = [False] * len(lines)
    flags = zip(row.get("title", nothing), row.get("dup", nothing), strict=True)
    counts = (
        not title and not dup and any(map(str.isalnum, line))
        for line, (title, dup) in zip(lines, flags, strict=True)
    )
    return Document(lines, tuple(row["keep"]), tuple(counts))


def by_cleaner(document: Document) -> Kept:
    """Which lines the cleaner keeps."""
    cleaner = Cleaner(Config(within_documents="keep", across_documents="keep"))
    result = cleaner.clean_one("\n\n".join(line.replace("\n", " ") for line in document.lines))
    gone = Counter(words_of(removal.text) for removal in result.removed)
    kept = []
    for words in map(words_of, document.lines):
        kept.append(not gone[words])
        gone[words] -= gone[words] > 0
    return kept


def words_of(line: str) -> tuple[str, ...]:
    """What a line says, whatever has become of its quotes and spaces."""
    return tuple(WORD.findall(line.casefold()))


def by_c4(document: Document) -> Kept:
    """Which lines the filters of C4 keep."""
    return [
        line.rstrip().endswith(C4_ENDS)
        and len(line.split()) >= C4_LEAST_WORDS
        and not C4_BARRED.search(line)
        for line in document.lines
    ]


def score(
    way: str, keeps: Callable[[Document], Kept], everything: Sequence[Document], show: str | None
) -> Score:
    """Clean all documents one way."""
    junk = gone = good = lost = 0
    seconds = 0.0
    for document in everything:
        started = time.perf_counter()
        kept = keeps(document)
        seconds += time.perf_counter() - started
        rows = zip(document.lines, document.keep, document.counts, kept, strict=True)
        for line, keep, counts, stays in rows:
            if not counts:
                continue
            if show == ("lost" if keep else "left") and stays != keep:
                print(line)
            good += len(line) * keep
            lost += len(line) * (keep and not stays)
            junk += not keep
            gone += not keep and not stays
    total = sum(len(document.lines) for document in everything)
    return Score(way, gone / max(junk, 1), lost / max(good, 1), seconds / total * 1e6)


def main() -> None:
    """Print a table, or the lines asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--show", choices=("lost", "left"))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    everything = documents(arguments.gold)
    by_cleaner(everything[0])  # the rules are compiled
    scores = [score("cleaner", by_cleaner, everything, arguments.show)]
    if arguments.show:
        return
    scores.append(score("line filters of C4", by_c4, everything, None))
    print(f"{'':20}  junk removed  text lost  us a line")
    for one in scores:
        print(
            f"{one.way:20}{one.junk_removed:14.4f}{one.good_lost:11.5f}"
            f"{one.microseconds_a_line:11.1f}"
        )
    save_report(
        arguments.json,
        {
            "machine": machine(),
            "documents": len(everything),
            "scores": [asdict(one) for one in scores],
        },
    )


if __name__ == "__main__":
    main()
