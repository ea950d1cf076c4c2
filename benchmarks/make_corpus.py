"""Make a corpus of invented text, of any size, with a known share of copies.

usage: make_corpus.py FOLDER --paragraphs N [--copies 0.05] [--near 0.05] [--crowd 0.01] [--seed 1]

Written are shards of about 64 MB of JSONL rows with `id`, `url` and `text`. An article has 15 to 35
paragraphs, a paragraph 1 to 5 sentences and on average 38 words. Words are drawn from 60,000 made
of syllables, the word of rank r in proportion to 1 / (r + 2), with a name or a number here and
there. A paragraph is

- a copy, word for word, of an earlier one (`--copies`);
- a near-copy of an earlier one, with one to three words replaced, put in or cut (`--near`);
- one of a crowd (`--crowd`): one of five lines of 20 or 45 words with one or two words replaced by
  any of the vocabulary. Half of the crowd are variants of the same line. Some pairs of variants lie
  above a Jaccard similarity of 0.8 of their word 3-grams and some below;
- one line that never changes, at the end of one article in a hundred;
- otherwise new.

What "earlier" offers is an even sample of the new paragraphs, copies and near-copies so far, of at
most 100,000, so memory does not grow with the corpus. The same seed and shares give the same
bytes, and a smaller corpus is the beginning of a larger one.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

WORDS, NAMES, NUMBERS = 60_000, 3_000, 2_000
VOCABULARY = WORDS + NAMES + NUMBERS
NAME_SHARE, NUMBER_SHARE, COMMA_SHARE = 0.02, 0.01, 0.05
SLOTS = 1 << 21
"""Entries of the table that a word is drawn from: enough for the rarest word to have one."""

KINDS = ("copy", "near", "crowd", "new")
PLAIN, COMMA, CAPITAL, STOP = range(4)
"""Forms of a word: as it is, before a comma, at the start and at the end of a sentence."""

SENTENCES = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5)
"""Numbers of sentences of a paragraph, each entry as likely as the others."""
SENTENCE_WORDS = (6, 20)
ARTICLE_PARAGRAPHS = (15, 35)
BATCH_ARTICLES = 800

CROWD_LINES = (45, 20, 45, 20, 20)
"""Words of the lines that a crowd is made of."""
CROWD_WEIGHTS = (0.5, 0.2, 0.1, 0.1, 0.1)
FIXED_WORDS = 25
FIXED_SHARE = 0.01

MOST_EARLIER = 100_000
SHARD_BYTES = 64_000_000

ONSETS = (*"bcdfghjklmnprstvwz", "br", "ch", "cl", "dr", "fl", "gr", "pl", "sh", "st", "tr")
VOWELS = (*"aaeeiioou", "ai", "ea", "ie", "oa")
CODAS = ("", "", "", "", "", "", *"nnrrlsstm", "nd", "st")
SYLLABLES = ((3_000, (2, 3)), (150, (1, 2)), (0, (1, 1)))
"""The least and most syllables of a word, from a rank on."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of a corpus is not new."""

    copies: float = 0.05
    near: float = 0.05
    crowd: float = 0.01


@dataclass(slots=True)
class Made:
    """What was written."""

    articles: int = 0
    bytes: int = 0
    shards: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Paragraphs of each kind."""


def invent_words(chance: random.Random) -> list[str]:
    """Pronounceable words, all different, the common ones short; then names, then numbers."""
    words: dict[str, None] = {}
    while len(words) < WORDS + NAMES:
        least, most = next(syllables for first, syllables in SYLLABLES if len(words) >= first)
        count = chance.randint(least, most)
        parts = (part for _ in range(count) for part in (ONSETS, VOWELS, CODAS))
        words["".join(map(chance.choice, parts))] = None
    found = list(words)
    names = [name.capitalize() for name in found[WORDS:]]
    return [*found[:WORDS], *names, *map(str, range(2, NUMBERS + 2))]


def drawing_table() -> NDArray[np.int32]:
    """Words by number, each as often as it is to be drawn."""
    weights = 1 / (np.arange(WORDS) + 2)
    weights *= (1 - NAME_SHARE - NUMBER_SHARE) / weights.sum()
    rest = [np.full(NAMES, NAME_SHARE / NAMES), np.full(NUMBERS, NUMBER_SHARE / NUMBERS)]
    bounds = np.cumsum(np.concatenate((weights, *rest)))
    places = np.searchsorted(bounds, (np.arange(SLOTS) + 0.5) / SLOTS)
    return np.minimum(places, VOCABULARY - 1).astype(np.int32)


class Writer:
    """Invents paragraphs, and puts them together to articles."""

    def __init__(self, shares: Shares, seed: int) -> None:
        self._numbers = np.random.default_rng(seed)
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._words = invent_words(self._chance)
        self._forms = [
            *self._words,
            *(f"{word}," for word in self._words),
            *(word[0].upper() + word[1:] for word in self._words),
            *(f"{word}." for word in self._words),
        ]
        self._table = drawing_table()
        self._bounds = np.cumsum((shares.copies, shares.near, shares.crowd))
        lengths = np.array((*CROWD_LINES, FIXED_WORDS))
        *self._crowd_lines, self._fixed_line = self._new(lengths, np.ones_like(lengths))
        self._earlier: list[str] = []
        self._offered = 0

    def articles(self) -> Iterator[list[tuple[str, str]]]:
        """Articles without end: the kind and the text of each paragraph."""
        numbers = self._numbers
        while True:
            least, most = ARTICLE_PARAGRAPHS
            sizes = numbers.integers(least, most + 1, BATCH_ARTICLES)
            has_fixed = numbers.random(BATCH_ARTICLES) < FIXED_SHARE
            kinds = np.searchsorted(self._bounds, numbers.random(sizes.sum()), side="right")
            sentences = numbers.choice(SENTENCES, len(kinds))
            least, most = SENTENCE_WORDS
            new = iter(self._new(numbers.integers(least, most + 1, sentences.sum()), sentences))
            paragraphs = (
                (name, self._paragraph(name, text))
                for name, text in zip(map(KINDS.__getitem__, kinds), new, strict=True)
            )
            for size, fixed in zip(sizes, has_fixed, strict=True):
                article = [next(paragraphs) for _ in range(size)]
                yield [*article[:-1], ("fixed", self._fixed_line)] if fixed else article

    def _new(self, lengths: NDArray[np.int64], sentences: NDArray[np.int64]) -> list[str]:
        """New paragraphs of so many sentences each, the sentences of so many words each."""
        ends = np.cumsum(lengths)
        total = int(ends[-1])
        words = self._table[self._numbers.integers(0, SLOTS, total, dtype=np.int32)]
        forms = np.where(self._numbers.random(total, np.float32) < COMMA_SHARE, COMMA, PLAIN)
        forms[ends - lengths] = CAPITAL
        forms[ends - 1] = STOP
        written = list(map(self._forms.__getitem__, (forms * VOCABULARY + words).tolist()))
        bounds = [0, *ends[np.cumsum(sentences) - 1].tolist()]
        return [" ".join(written[start:end]) for start, end in pairwise(bounds)]

    def _paragraph(self, kind: str, new: str) -> str:
        """A paragraph of a kind; the new one that is at hand is used or left."""
        chance = self._chance
        if kind == "crowd":
            line = chance.choices(self._crowd_lines, CROWD_WEIGHTS)[0].split()
            for place in chance.sample(range(len(line)), chance.randint(1, 2)):
                self._replace(line, place)
            return " ".join(line)
        text = new
        if kind != "new" and self._earlier:
            text = chance.choice(self._earlier)
            text = self._near(text) if kind == "near" else text
        self._offer(text)
        return text

    def _near(self, text: str) -> str:
        """A text with one to three words replaced, put in or cut."""
        words = text.split()
        for _ in range(self._chance.randint(1, 3)):
            place = self._chance.randrange(1, len(words) - 1)
            change = self._chance.choice(("replace", "insert", "cut"))
            if change == "replace":
                self._replace(words, place)
            elif change == "insert" or len(words) < SENTENCE_WORDS[0]:
                words.insert(place, self._any_word())
            else:
                del words[place]
        return " ".join(words)

    def _replace(self, words: list[str], place: int) -> None:
        """Another word in a place, with the capital, comma or full stop of the one there."""
        old, other = words[place], self._any_word()
        mark = old[-1] if old[-1] in ",." else ""
        words[place] = (other.capitalize() if old[0].isupper() else other) + mark

    def _any_word(self) -> str:
        return self._words[self._chance.randrange(WORDS)]

    def _offer(self, text: str) -> None:
        """Keep an even sample of the paragraphs (Vitter's algorithm R)."""
        self._offered += 1
        if len(self._earlier) < MOST_EARLIER:
            self._earlier.append(text)
        elif (place := int(self._chance.random() * self._offered)) < MOST_EARLIER:
            self._earlier[place] = text


def write_corpus(folder: Path, paragraphs: int, shares: Shares, seed: int) -> Made:
    """Write a corpus of exactly so many paragraphs to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Made()
    articles = Writer(shares, seed).articles()
    left = paragraphs
    while left:
        made.shards += 1
        with (folder / f"part-{made.shards - 1:05d}.jsonl").open("wb") as shard:
            while left and shard.tell() < SHARD_BYTES:
                article = next(articles)[:left]
                left -= len(article)
                made.articles += 1
                made.kinds.update(kind for kind, _ in article)
                name = f"article-{made.articles:08d}"
                text = "\n\n".join(text for _, text in article)
                row = {"id": name, "url": f"https://paper.example/{name}", "text": text}
                shard.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            made.bytes += shard.tell()
    return made


def main() -> None:
    """Write a corpus and say what is in it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--paragraphs", type=int, required=True)
    for name, default in (("copies", 0.05), ("near", 0.05), ("crowd", 0.01)):
        parser.add_argument(f"--{name}", type=float, default=default)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    shares = Shares(given.copies, given.near, given.crowd)
    made = write_corpus(given.folder, given.paragraphs, shares, given.seed)
    print(f"{made.articles:,} articles, {made.bytes / 1e6:,.1f} MB in {made.shards} shards")
    for kind, number in sorted(made.kinds.items()):
        print(f"{kind:6} {number:12,}")


if __name__ == "__main__":
    main()
