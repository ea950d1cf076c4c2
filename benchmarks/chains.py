"""Hold what each rival removes against a truth that is known because it was made.

usage: chains.py [--families 300] [--rivals-python PATH] [--json OUT]

Paragraphs are 40 made-up words, and a pair is a copy from a Jaccard similarity of 0.8 of word
3-grams on. Four kinds of families, shuffled into one file:

chain   eight paragraphs, each the one before with one word replaced: 0.85 from one to the next,
        0.73 over two steps, 0.29 from end to end. Told is how many went though nothing that stays
        is a copy of them: text that is lost.
below   two paragraphs of 0.60 to 0.78 similarity: two or three words replaced. Told is how many
        pairs lost one: what was said to be similar enough and is not.
fact    two paragraphs that are similar enough, 0.85 or more, but state otherwise: a number, a name
        or a "not". Told is how many pairs lost one.
copy    two paragraphs with one word replaced at a place where it means little, or none. Told is how
        many pairs lost one, which here is right.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from common import (
    RIVALS,
    Rival,
    installed,
    machine,
    progress,
    run_rival,
    save_report,
    write_paragraphs,
)
from exact import shingle_sets

WORDS, LINKS = 40, 8
THRESHOLD = 0.8
SYLLABLES = ("ba", "den", "fi", "gor", "hul", "ka", "lim", "mo", "nes", "pu", "ra", "sto", "ti")
NAMES = ("Alder", "Brandt", "Lindqvist", "Okafor", "Reyes", "Tamsin")
AS_IT_COMES = Rival("cleaner, as it comes", "with_cleaner.py", "facts", ours=True)

Family = list[list[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """What went of each kind of family."""

    rival: str
    chain_lost: int
    below: int
    fact: int
    copy: int


def word(chance: random.Random) -> str:
    """A made-up word of three syllables."""
    return "".join(chance.choices(SYLLABLES, k=3))


def replaced(words: list[str], chance: random.Random, places: tuple[int, ...]) -> list[str]:
    """The words with new ones at some places."""
    return [word(chance) if at in places else one for at, one in enumerate(words)]


def chain(words: list[str], chance: random.Random) -> Family:
    """Each link replaces another word, so that the ends are far apart."""
    family = [words]
    for link in range(1, LINKS):
        family.append(replaced(family[-1], chance, (4 * link,)))
    return family


def below(words: list[str], chance: random.Random) -> Family:
    """Two or three replaced words, far enough from each other to cost three shingles each."""
    return [words, replaced(words, chance, ((10, 20), (10, 20, 30))[chance.randrange(2)])]


def fact(words: list[str], chance: random.Random) -> Family:
    """The two differ in a number, a name or a negation."""
    before, after = words[:20], words[21:]
    number = chance.randrange(2, 90)
    name, other = chance.sample(NAMES, 2)
    kinds = (([str(number)], [str(number + 1)]), ([name], [other]), ([], ["not"]))
    return [[*before, *stated, *after] for stated in kinds[chance.randrange(len(kinds))]]


def copy(words: list[str], chance: random.Random) -> Family:
    """The two differ in one word, or in none."""
    return [words, replaced(words, chance, ((), (20,))[chance.randrange(2)])]


KINDS: dict[str, Callable[[list[str], random.Random], Family]] = {
    "chain": chain,
    "below": below,
    "fact": fact,
    "copy": copy,
}


def make(families: int) -> tuple[list[str], dict[str, list[list[int]]]]:
    """The paragraphs, and for each kind the numbers of those of each family."""
    chance = random.Random(1)  # noqa: S311 - made-up text
    made = [
        (kind, number, " ".join(words) + ".")
        for kind, build in KINDS.items()
        for number in range(families)
        for words in build([word(chance) for _ in range(WORDS)], chance)
    ]
    chance.shuffle(made)
    places: dict[str, list[list[int]]] = {kind: [[] for _ in range(families)] for kind in KINDS}
    for place, (kind, number, _) in enumerate(made):
        places[kind][number].append(place)
    return [text for _, _, text in made], places


def lost(family: list[int], removed: set[int], sets: list[frozenset[int]]) -> int:
    """How many went though nothing of the family that stays is a copy of them."""
    kept = [sets[one] for one in family if one not in removed]
    gone = [sets[one] for one in family if one in removed]
    return sum(all(len(a & b) < THRESHOLD * len(a | b) for b in kept) for a in gone)


def score(
    label: str, removed: set[int], places: dict[str, list[list[int]]], sets: list[frozenset[int]]
) -> Score:
    """One row of the table."""

    def pairs(kind: str) -> int:
        return sum(not removed.isdisjoint(family) for family in places[kind])

    return Score(
        rival=label,
        chain_lost=sum(lost(family, removed, sets) for family in places["chain"]),
        below=pairs("below"),
        fact=pairs("fact"),
        copy=pairs("copy"),
    )


def main() -> None:
    """Make the paragraphs, run the rivals, print and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--families", type=int, default=300)
    parser.add_argument("--rivals-python", default=sys.executable)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    texts, places = make(given.families)
    sets = shingle_sets(texts)
    versions, reasons = installed(given.rivals_python, (*RIVALS, AS_IT_COMES))
    scores = []
    with tempfile.TemporaryDirectory() as name:
        paragraphs = Path(name) / "paragraphs.jsonl"
        write_paragraphs(texts, paragraphs)
        for rival in versions:
            progress(rival.label)
            outcome = run_rival(rival, given.rivals_python, paragraphs, THRESHOLD)
            removed = set(outcome.answer["removed"])
            scores.append(score(rival.label, removed, places, sets))
    print(f"{len(texts)} paragraphs, {given.families} families of each kind")
    print(f"{'':22}{'chain: lost':>12}{'below: went':>12}{'fact: went':>12}{'copy: went':>12}")
    for one in scores:
        print(f"{one.rival:22}{one.chain_lost:12}{one.below:12}{one.fact:12}{one.copy:12}")
    told = {rival.label: text for rival, text in versions.items()}
    report = {"machine": machine(), "versions": told, "left_out": reasons}
    report |= {"families": given.families, "scores": [asdict(one) for one in scores]}
    save_report(given.json, report)


if __name__ == "__main__":
    main()
