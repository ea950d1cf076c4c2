"""What the options of judgement decide: counts to defend their defaults, and pairs to read.

usage: judgement.py ROWS.jsonl [--show N] [--json OUT]

ROWS are documents with `id` and `text`, as a run writes them that keeps its copies:

    cleaner run raw/ kept/ --within-documents keep --across-documents keep

Told are, for each shingle size, how many paragraphs are copies, exact and near, and how many of the
labelled hard cases (tests/cases/near_copies.json) are decided as labelled, facts agreeing or not;
and for each length in words, how many copies are so short. `--show` prints so many near-copies that
a shingle size finds and the next larger one does not, and as many copies of each length.
"""

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from common import machine, save_report

from cleaner import Cleaner, Config
from cleaner.duplicates import search_paragraphs
from cleaner.duplicates.search import Copy
from cleaner.words import count_words

SIZES = (1, 2, 3, 4, 5)
LENGTHS = ((3, 5), (5, 8), (8, 10), (10, 12), (12, 15), (15, 20), (20, 40), (40, 10_000))
"""Words: from, and up to but without."""
CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "near_copies.json"
ANY = {"numbers_agree": False, "names_agree": False, "negations_agree": False}


@dataclass(frozen=True, slots=True)
class OfSize:
    """What one shingle size decides."""

    size: int
    exact: int
    near: int
    near_whatever_they_state: int
    """Without asking whether numbers, names and negations agree."""
    cases_right: int
    cases_right_whatever_they_state: int


def paragraphs(path: Path) -> Iterator[str]:
    """All paragraphs, in their order."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        for line in stream:
            yield from json.loads(line)["text"].split("\n\n")


def cases_right(config: Config) -> int:
    """Hard cases decided as labelled."""
    right = 0
    for case in json.loads(CASES.read_text("utf-8")):
        if "repeat" in case:
            continue
        documents = [{"text": case["one"]}, {"text": case["other"]}]
        *_, last = Cleaner(config).clean(documents)
        right += bool(last.removed) == case["copy"]
    return right


def of_size(size: int, long: Sequence[str]) -> tuple[OfSize, dict[int, Copy]]:
    """What a shingle size decides about paragraphs, and the copies by their places."""
    strict, free = Config(shingle_size=size), Config(shingle_size=size, **ANY)
    copies = {copy.place: copy for copy in search_paragraphs(long, strict)}
    near = sum(copy.similarity < 1 for copy in copies.values())
    near_free = sum(copy.similarity < 1 for copy in search_paragraphs(long, free))
    row = OfSize(size, len(copies) - near, near, near_free, cases_right(strict), cases_right(free))
    return row, copies


def show(title: str, texts: Sequence[str], copies: Sequence[Copy], number: int) -> None:
    """Print some pairs, always the same ones."""
    chosen = random.Random(1).sample(copies, min(number, len(copies)))  # noqa: S311 - a sample
    if chosen:
        print(f"\n== {title}")
    for copy in chosen:
        print(f"{copy.similarity:.2f}  {texts[copy.of]}\n      {texts[copy.place]}")


def main() -> None:
    """Print the tables, and the pairs if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rows", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    everything = list(paragraphs(arguments.rows))
    long = [text for text in everything if count_words(text) >= Config().min_words]

    found = [of_size(size, long) for size in SIZES]
    print(f"{len(long):,} paragraphs of {Config().min_words} words or more\n")
    print("shingle size   exact   near   near, any facts   hard cases right   any facts")
    for row, _ in found:
        print(
            f"{row.size:12}{row.exact:8,}{row.near:7,}{row.near_whatever_they_state:18,}"
            f"{row.cases_right:19}{row.cases_right_whatever_they_state:12}"
        )

    by_length: dict[tuple[int, int], list[Copy]] = {span: [] for span in LENGTHS}
    words = Counter[tuple[int, int]]()
    spans = [
        next((span for span in LENGTHS if span[0] <= count < span[1]), None)
        for count in map(count_words, everything)
    ]
    words.update(span for span in spans if span)
    for copy in search_paragraphs(everything, Config()):
        if span := spans[copy.place]:
            by_length[span].append(copy)
    print("\n       words   paragraphs   exact copies   near copies")
    for span, copies in by_length.items():
        near = sum(copy.similarity < 1 for copy in copies)
        name = f"{span[0]} to {span[1] - 1}"
        print(f"{name:>12}{words[span]:13,}{len(copies) - near:15,}{near:14,}")

    for (smaller, copies), (larger, others) in pairwise(found):
        only = [copy for place, copy in copies.items() if place not in others]
        near_only = [copy for copy in only if copy.similarity < 1]
        show(f"found with {smaller.size}, not with {larger.size}", long, near_only, arguments.show)
    for span, copies in by_length.items():
        show(f"{span[0]} to {span[1] - 1} words", everything, copies, arguments.show)
    report: dict[str, Any] = {
        "machine": machine(),
        "paragraphs": len(long),
        "sizes": [asdict(row) for row, _ in found],
        "lengths": [
            {"words": span, "paragraphs": words[span], "copies": len(copies)}
            for span, copies in by_length.items()
        ],
    }
    save_report(arguments.json, report)


if __name__ == "__main__":
    main()
