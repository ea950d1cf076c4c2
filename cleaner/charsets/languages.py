"""The letters of each language and how likely one follows another.

`letters.json` holds, per language, its small letters and a row for each state (no letter, then each
letter): the character at a place says how improbable that step is, "0" certain, each character
after it half a bit more. They were counted by `benchmarks/letter_pairs.py`.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

CERTAIN = ord("0")
MOST_BITS = 18.0
FOREIGN = 11.0
"""Bits for a letter that the language does not have."""
AFTER_FOREIGN = 8.0
"""At most so many bits for what follows such a letter."""
BEGINS = 1.0
"""Bits for what follows no letter: another of its kind, or a word."""

CEDILLA_FOR_COMMA = str.maketrans("șțȘȚ", "şţŞŢ")
NOT_IN_WORDS = "µºªˆˇـ"


@dataclass(frozen=True, slots=True)
class Language:
    """How a language is spelled."""

    letters: str
    script: str
    """As the names of its characters begin: LATIN, CYRILLIC, …"""
    bits: NDArray[np.float64]
    """-log2 of the probability of each step. States are no letter, each letter, a foreign one."""

    def state(self, character: str) -> int:
        """The number of the state that a character stands for."""
        if not is_letter(character):
            return 0
        # Of a capital that becomes two characters, as the dotted I of Turkish, the first counts.
        small = character.translate(CEDILLA_FOR_COMMA).lower()[0]
        return self.letters.find(small) + 1 or len(self.letters) + 1


@cache
def languages() -> Mapping[str, Language]:
    """All that are known, by their codes."""
    rows = json.loads(files(__package__).joinpath("letters.json").read_text("utf-8"))
    return {code: _language(row["letters"], row["pairs"]) for code, row in rows.items()}


def is_letter(character: str) -> bool:
    """Whether a character is part of words; vowel signs and tone marks are."""
    if character in NOT_IN_WORDS:
        return False
    return character.isalpha() or unicodedata.category(character) == "Mn"


def script_of(character: str) -> str:
    """The first word of a character's name, which for letters is their script."""
    return unicodedata.name(character, "").partition(" ")[0]


def _language(letters: str, rows: list[str]) -> Language:
    counted = [[(ord(step) - CERTAIN) / 2 for step in row] for row in rows]
    known = np.minimum(np.array(counted), MOST_BITS)
    size = len(letters) + 2
    bits = np.full((size, size), FOREIGN)
    bits[:-1, :-1] = known
    bits[-1, :-1] = np.minimum(-np.log2((2.0**-known).mean(axis=0)), AFTER_FOREIGN)
    bits[-1, 0] = 2
    bits[0, :-1] += BEGINS
    bits[0, 0] = BEGINS
    return Language(letters, script_of(letters[0]), bits)
