"""What a paragraph states that a near-copy must not change: numbers, names, negations.

"Fifteen people" and "nine people" in otherwise equal sentences are two statements. Jaccard
similarity cannot tell, so these tokens are compared by themselves.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.duplicates.shingles import HashLists, as_sets, bounds
from cleaner.duplicates.tokens import (
    DIGIT,
    PLAIN,
    WHOLE_DIGIT,
    Spans,
    Tokens,
    is_capital,
    token_hash,
)

LONGEST_ABBREVIATION = 4
"""Letters of "Sen." or "Gov.", whose full stop ends no sentence."""
WIDEST_GAP = 3
"""Characters between two words of a sentence, as in "Sen. (D) Ada"."""
FIRST_LOOK = np.uint64(0xFFFF)


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a batch of paragraphs."""

    numbers: HashLists
    """Sets of tokens with a digit in them, and number words as the digits that they stand for."""
    names: HashLists
    """Sets of tokens of two letters or more that begin with a capital inside a sentence."""
    negations: NDArray[np.int64]
    """How many negating words each holds. Shape (paragraphs,)."""


def facts_of(tokens: Tokens, spans: Spans, config: Config) -> Facts:
    """The facts that the options ask for, of paragraphs whose tokens these are."""
    size, owners = len(tokens.counts), tokens.owners
    if not (config.numbers_agree or config.names_agree or config.negations_agree):
        nothing = HashLists(np.empty(0, dtype=np.uint64), np.zeros(size + 1, dtype=np.int64))
        return Facts(nothing, nothing, np.zeros(size, dtype=np.int64))
    at, meaning = _found_words(tokens)
    is_negation = meaning == 0
    values = tokens.hashes.copy()
    values[at] = meaning
    is_number = np.zeros(len(values), dtype=bool)
    is_number[_with_digit(spans)] = True
    is_number[at[~is_negation]] = True
    names = _names(spans)
    names = names[~is_number[names]]
    return Facts(
        _sets(values[is_number], owners[is_number], size),
        _sets(tokens.hashes[names], owners[names], size),
        np.bincount(owners[at[is_negation]], minlength=size),
    )


def _found_words(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The numbers of the tokens that are number words or negations, and what each stands for."""
    words = _fact_words()
    maybe = np.flatnonzero(words.first_look[tokens.hashes & FIRST_LOOK])
    at = np.searchsorted(words.hashes, tokens.hashes[maybe]).clip(max=len(words.hashes) - 1)
    found = words.hashes[at] == tokens.hashes[maybe]
    return maybe[found], words.digits[at[found]]


def _sets(hashes: NDArray[np.uint64], owners: NDArray[np.int64], paragraphs: int) -> HashLists:
    return as_sets(HashLists(hashes, bounds(np.bincount(owners, minlength=paragraphs))))


def _with_digit(spans: Spans) -> NDArray[np.int64]:
    """The numbers of the tokens that hold a digit."""
    digits = np.flatnonzero((spans.classes == DIGIT) | (spans.classes == WHOLE_DIGIT))
    return np.searchsorted(spans.starts, digits, side="right") - 1


def _names(spans: Spans) -> NDArray[np.int64]:
    """The numbers of the tokens that begin with a capital, inside a sentence."""
    capital = is_capital(spans.points[spans.starts])
    lengths = spans.ends - spans.starts
    named = np.flatnonzero(capital & (lengths > 1))
    named = named[named > 0]
    gaps = spans.starts[named] - spans.ends[named - 1]
    abbreviated = capital[named - 1] & (lengths[named - 1] <= LONGEST_ABBREVIATION)
    inside = gaps <= WIDEST_GAP
    for step in range(1, WIDEST_GAP + 1):
        at = spans.starts[named] - step
        plain = spans.classes[at] == PLAIN
        stop_of_abbreviation = abbreviated & (spans.points[at] == ord("."))
        inside &= (step > gaps) | plain | stop_of_abbreviation
    return named[inside]


@dataclass(frozen=True, slots=True)
class _FactWords:
    hashes: NDArray[np.uint64]
    """Of number words and negations, ascending."""
    digits: NDArray[np.uint64]
    """For each the hash of the digits that it stands for; 0 for a negation."""
    first_look: NDArray[np.bool_]
    """Whether some word's hash has these lowest bits."""


@cache
def _fact_words() -> _FactWords:
    data = tomllib.loads((files("cleaner.duplicates") / "facts.toml").read_text("utf-8"))
    meanings = {token_hash(word): 0 for word in data["negations"]["words"]}
    for digits, words in data["numbers"].items():
        meanings |= {token_hash(word): token_hash(digits) for word in words}
    pairs = np.array(sorted(meanings.items()), dtype=np.uint64)
    first_look = np.zeros(int(FIRST_LOOK) + 1, dtype=bool)
    first_look[pairs[:, 0] & FIRST_LOOK] = True
    return _FactWords(pairs[:, 0], pairs[:, 1], first_look)
