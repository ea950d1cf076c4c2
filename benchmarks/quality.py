"""Hold the copies that each rival removes against the truth, at several thresholds.

usage: quality.py ROWS.jsonl[.gz] [--paragraphs N] [--near] [--rivals-python PATH] [--json OUT]

Paragraphs are the lines of at least ten words of the field `text`. Whole documents are sampled,
one at random from each of equal stretches of the file (with a fixed seed), so that about N
paragraphs come; lines that repeat are left in. With --near, half of the paragraphs come from
documents that hold a pair that is similar but not the same, each with its partner's document.
Without it almost all copies are verbatim, which every rival finds.

The truth is every pair of Jaccard similarity J >= 0.5 of word 3-gram sets, computed (see
exact.py). For a threshold T, and what a rival removed and kept of the paragraphs:

precision  of the removed paragraphs, the share with J >= T to some earlier paragraph
either     the same, to some earlier or later paragraph; differs where a later one was kept
orphans    removed paragraphs with J >= T to no kept paragraph, earlier or later: text that is lost
recall     rightly removed / (rightly removed + wrongly kept), where rightly removed are the removed
           paragraphs with J >= T to a kept one, and wrongly kept are the kept paragraphs with
           J >= T to an earlier kept one; no matter which of two a rival keeps
near       the recall of only the paragraphs whose 3-gram set no other paragraph has

A rival may count words in its own way (see rivals/): it is held against this truth all the same.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from common import (
    RivalFailedError,
    documents,
    installed,
    machine,
    progress,
    run_rival,
    save_report,
    write_paragraphs,
)
from exact import shingle_sets, similar_pairs

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
LEAST = min(THRESHOLDS)
SEED = 1
Pairs = Sequence[tuple[int, int, float]]


@dataclass(frozen=True, slots=True)
class Score:
    """One row of the table; a share of nothing is None."""

    threshold: float
    rival: str
    removed: int
    precision: float | None
    either: float | None
    orphans: int
    recall: float | None
    near: float | None


def share(part: Collection[int], whole: Collection[int]) -> float | None:
    """The size of a part as a share of the whole."""
    return len(part) / len(whole) if whole else None


def score(pairs: Pairs, removed: set[int], threshold: float, rival: str) -> Score:
    """Hold a rival's removals against the pairs; see the head of this file."""
    with_earlier: set[int] = set()
    with_other: set[int] = set()
    with_kept: set[int] = set()
    wrongly_kept: set[int] = set()
    repeated: set[int] = set()
    for later, earlier, similarity in pairs:
        if similarity < threshold:
            continue
        with_earlier.add(later)
        with_other.update((later, earlier))
        if similarity == 1:
            repeated.update((later, earlier))
        if earlier not in removed:
            (with_kept if later in removed else wrongly_kept).add(later)
        elif later not in removed:
            with_kept.add(earlier)
    return Score(
        threshold=threshold,
        rival=rival,
        removed=len(removed),
        precision=share(removed & with_earlier, removed),
        either=share(removed & with_other, removed),
        orphans=len(removed - with_kept),
        recall=share(with_kept, with_kept | wrongly_kept),
        near=share(with_kept - repeated, (with_kept | wrongly_kept) - repeated),
    )


def documents_of_near_pairs(texts: Sequence[Sequence[str]], wanted: float) -> set[int]:
    """Documents that hold similar paragraphs, in random pairs, until there are enough lines."""
    owners = [number for number, lines in enumerate(texts) for _ in lines]
    best: dict[int, tuple[float, int]] = {}
    for later, earlier, similarity in similar_pairs(
        shingle_sets(line for lines in texts for line in lines), LEAST
    ):
        best[later] = max(best.get(later, (0.0, 0)), (similarity, earlier))
    near = sorted((later, of) for later, (similarity, of) in best.items() if similarity < 1)
    random.Random(SEED).shuffle(near)  # noqa: S311 - a sample
    chosen: set[int] = set()
    lines = 0
    for pair in near:
        for owner in {owners[place] for place in pair} - chosen:
            chosen.add(owner)
            lines += len(texts[owner])
        if lines >= wanted:
            break
    return chosen


def evenly(texts: Mapping[int, Sequence[str]], wanted: float) -> set[int]:
    """One document from each of equal stretches, so many that about the wanted lines come."""
    total = sum(map(len, texts.values()))
    if wanted >= total:
        return set(texts)
    numbers = sorted(texts)
    stretches = max(1, round(len(numbers) * wanted / total))
    bounds = [len(numbers) * at // stretches for at in range(stretches + 1)]
    chance = random.Random(SEED)  # noqa: S311 - a sample
    return {numbers[chance.randrange(first, end)] for first, end in pairwise(bounds)}


def sample(rows: Path, wanted: int, near: bool) -> list[str]:
    """The paragraphs of the sampled documents, in the order of the file."""
    texts = [lines for lines in documents(rows) if lines]
    chosen = documents_of_near_pairs(texts, wanted / 2) if near else set()
    rest = {number: lines for number, lines in enumerate(texts) if number not in chosen}
    chosen |= evenly(rest, wanted - sum(len(texts[number]) for number in chosen))
    return [line for number in sorted(chosen) for line in texts[number]]


def shown(value: float | None) -> str:
    """Four places, so that one paragraph in thousands shows."""
    return "-" if value is None else f"{value:.4f}"


def print_scores(threshold: float, pairs: Pairs, scores: Sequence[Score]) -> None:
    """The table of one threshold."""
    copies = {later for later, _, similarity in pairs if similarity >= threshold}
    print(f"\nthreshold {threshold}: {len(copies)} paragraphs have an earlier one as similar")
    print(
        f"{'':22}{'removed':>8}{'precision':>11}{'either':>9}{'orphans':>9}{'recall':>9}{'near':>9}"
    )
    for one in scores:
        print(
            f"{one.rival:22}{one.removed:8}{shown(one.precision):>11}{shown(one.either):>9}{one.orphans:9}"
            f"{shown(one.recall):>9}{shown(one.near):>9}"
        )


def measure(
    paragraphs: Path, pairs: Pairs, rivals_python: str
) -> tuple[list[Score], dict[str, str], dict[str, str]]:
    """Run every rival at every threshold, printing as it goes; scores, versions, who failed."""
    versions, reasons = installed(rivals_python)
    scores: list[Score] = []
    fixed: dict[str, set[int]] = {}
    for threshold in THRESHOLDS:
        block: list[Score] = []
        for rival in versions:
            removed = fixed.get(rival.label)
            if removed is None:
                progress(f"{rival.label} at {threshold}")
                try:
                    outcome = run_rival(rival, rivals_python, paragraphs, threshold)
                except RivalFailedError as error:
                    reasons[f"{rival.label} at {threshold}"] = str(error)
                    continue
                removed = set(outcome.answer["removed"])
            if not rival.takes_threshold:
                fixed[rival.label] = removed
            block.append(score(pairs, removed, threshold, rival.label))
        print_scores(threshold, pairs, block)
        scores += block
    return scores, {rival.label: text for rival, text in versions.items()}, reasons


def main() -> None:
    """Sample, find the truth, run the rivals, print and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", type=Path)
    parser.add_argument("--paragraphs", type=int, default=20_000)
    parser.add_argument("--near", action="store_true")
    parser.add_argument("--rivals-python", default=sys.executable)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    texts = sample(arguments.rows, arguments.paragraphs, arguments.near)
    pairs = list(similar_pairs(shingle_sets(texts), LEAST))
    print(f"{len(texts)} paragraphs, {len(pairs)} pairs of similarity {LEAST} or more")
    with tempfile.TemporaryDirectory() as name:
        paragraphs = Path(name) / "paragraphs.jsonl"
        write_paragraphs(texts, paragraphs)
        scores, versions, reasons = measure(paragraphs, pairs, arguments.rivals_python)
    report = {
        "machine": machine(),
        "versions": versions,
        "left_out": reasons,
        "paragraphs": len(texts),
        "pairs": len(pairs),
        "scores": [asdict(one) for one in scores],
    }
    save_report(arguments.json, report)


if __name__ == "__main__":
    main()
