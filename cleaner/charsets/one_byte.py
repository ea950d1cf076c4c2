"""What it would cost to read bytes in each one-byte encoding and language, in bits.

A reading is as likely as its letters are to follow each other in the language, its capitals to
stand where they do, and its signs to stand between words. Only pairs with a byte from 80 on differ
between encodings; pairs of ASCII letters beside them are a hint at the language.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.charsets.encodings import codec_of, one_byte_table
from cleaner.charsets.languages import Language, is_letter, languages, script_of

Bits = NDArray[np.float64]
Marks = NDArray[np.bool_]

STEPS_TO_A_BIT = 6
"""Costs are kept in bytes, as sixths of a bit."""

SMALL_THEN_CAPITAL, TWO_CAPITALS, CAPITAL_THEN_SMALL, WORD_WITH_CAPITAL, WORD = 8, 1, 0.3, 2, 0.3
LETTER_BESIDE_DIGIT = 3
MISPLACED, NOT_APART = 5, 3
"""A sign on the wrong side of a letter, and one that should have none beside it."""
UNUSUAL_SIGN, CONTROL, NO_CHARACTER = 16, 20, 24
OTHER_SCRIPT = 4
"""On top of a foreign letter's cost where it is not even of the language's script."""
SCRIPTS_MIXED = 8
"""Letters of two scripts side by side."""
WORD_AMID_LATIN = 3
"""A word of another script in text that is ASCII otherwise."""
HINT = 0.25
"""Weight of ASCII letters: the lines may quote another language."""

ASCII = 128


@dataclass(frozen=True, slots=True)
class Readings:
    """The one-byte encodings in their languages, and tables to rate all at once."""

    encodings: tuple[str, ...]
    languages: tuple[str, ...]
    doubts: Bits
    steps: NDArray[np.uint8]
    """Row 256 * a + b: byte a followed by byte b; a column for each reading."""
    hints: NDArray[np.float32]
    """Row 128 * a + b: the same of ASCII; a column for each language of Latin script."""
    hint_of: NDArray[np.int64]
    """For each reading its column of hints, -1 where its script is another."""


@cache
def readings() -> Readings:
    """The readings that `candidates.toml` names; takes some tenths of a second, once."""
    pairs = [(row, code) for row in candidates()["one_byte"] for code in row["languages"]]
    latin = [code for code, language in languages().items() if language.script == "LATIN"]
    columns = [
        steps
        for row in candidates()["one_byte"]
        for steps in _steps_of(row["name"], [languages()[code] for code in row["languages"]])
    ]
    return Readings(
        encodings=tuple(row["name"] for row, _ in pairs),
        languages=tuple(code for _, code in pairs),
        doubts=np.array([row["doubt"] for row, _ in pairs], dtype=np.float64),
        steps=np.stack(columns, axis=-1).reshape(256 * 256, -1),
        hints=np.stack([_hints(languages()[code]) for code in latin], axis=-1),
        hint_of=np.array([latin.index(code) if code in latin else -1 for _, code in pairs]),
    )


@cache
def candidates() -> Mapping[str, list[dict[str, Any]]]:
    """The rows of `candidates.toml`."""
    rows: Mapping[str, list[dict[str, Any]]] = _data("candidates.toml")
    return rows


def one_byte_costs(lines: bytes) -> Bits:
    """The cost of each reading of `readings()`, in bits."""
    known = readings()
    given = np.frombuffer(lines, np.uint8).astype(np.int32)
    counts = np.bincount((given[:-1] << 8) | given[1:], minlength=256 * 256)
    pairs = np.flatnonzero(counts)
    is_ascii = (pairs & 0x8080) == 0
    telling, plain = pairs[~is_ascii], pairs[is_ascii]
    costs = counts[telling].astype(np.float32) @ known.steps[telling].astype(np.float32)
    hints = counts[plain].astype(np.float32) @ known.hints[(plain >> 8 << 7) | (plain & 127)]
    amid_latin = WORD_AMID_LATIN * words_amid_latin(given)
    of_language = np.where(
        known.hint_of < 0, amid_latin, HINT * (hints - hints.min())[known.hint_of]
    )
    return np.asarray(costs / STEPS_TO_A_BIT + of_language + known.doubts, dtype=np.float64)


def words_amid_latin(given: NDArray[np.int32]) -> float:
    """How many words begin with a byte from 80 on, times the share of ASCII among the letters."""
    is_high = given >= ASCII
    is_latin = ((given | 0x20) >= ord("a")) & ((given | 0x20) <= ord("z"))
    begins = is_high[1:] & ~is_high[:-1] & ~is_latin[:-1]
    letters = int(is_high.sum() + is_latin.sum())
    return float(begins.sum() * is_latin.sum() / max(letters, 1))


def _steps_of(encoding: str, spoken: list[Language]) -> Iterator[NDArray[np.uint8]]:
    """The cost of each byte after each other, 256 by 256, in each of some languages."""
    table = one_byte_table(codec_of(encoding)) or ""
    shared = _case(table) + _signs(table)
    scripts = np.array([script_of(each) if is_letter(each) else "" for each in table])
    for language in spoken:
        states = np.array([language.state(character) for character in table])
        bits = language.bits[states[:, None], states[None, :]] + shared
        # A tone mark is of no script; it is the language's own if that has it.
        own = (scripts == language.script) | ((states > 0) & (states <= len(language.letters)))
        bits += _mixed_scripts(own, (scripts != "") & ~own, is_latin=language.script == "LATIN")
        yield np.minimum(bits * STEPS_TO_A_BIT, 255).round().astype(np.uint8)


def _hints(language: Language) -> NDArray[np.float32]:
    states = np.array([language.state(chr(byte)) for byte in range(ASCII)])
    bits = language.bits[states[:, None], states[None, :]]
    return np.asarray(bits, dtype=np.float32).ravel()


def _mixed_scripts(own: Marks, other: Marks, *, is_latin: bool) -> Bits:
    """What letters of other scripts cost beyond being foreign."""
    costs = np.zeros((256, 256))
    costs += OTHER_SCRIPT * (other & (np.arange(256) >= ASCII))[None, :]
    if not is_latin:
        costs += SCRIPTS_MIXED * (_beside(other, own) | _beside(own, other))
    return costs


def _case(table: str) -> Bits:
    letter = np.array([is_letter(each) for each in table])
    small, capital = _marked(table, str.islower) & letter, _marked(table, str.isupper) & letter
    costs = np.zeros((256, 256))
    for before, after, bits in (
        (small, capital, SMALL_THEN_CAPITAL),
        (capital, capital, TWO_CAPITALS),
        (capital, small, CAPITAL_THEN_SMALL),
        (~letter, capital, WORD_WITH_CAPITAL),
        (~letter, small, WORD),
    ):
        costs += bits * _beside(before, after)
    return costs


def _signs(table: str) -> Bits:
    """What a byte from 80 on costs that is no letter, and what stands beside it."""
    high = np.arange(256) >= ASCII
    letter = np.array([is_letter(each) for each in table])
    place = {name: _marked(table, chars.__contains__) for name, chars in _signs_data()[1].items()}
    apart = high & ~letter & ~(place["opening"] | place["closing"] | place["anywhere"])
    digit = _marked(table, str.isdigit) & ~high
    costs = np.where(high & ~letter, np.array([_sign_bits(each) for each in table]), 0)[None, :]
    return np.asarray(
        costs
        + MISPLACED * (_beside(letter, place["opening"]) + _beside(place["closing"], letter))
        + NOT_APART * (_beside(letter, apart) + _beside(apart, letter))
        + LETTER_BESIDE_DIGIT * (_beside(digit, letter & high) + _beside(letter & high, digit)),
        dtype=np.float64,
    )


def _sign_bits(character: str) -> float:
    if character == "\ufffe" or "\ue000" <= character <= "\uf8ff":
        return NO_CHARACTER
    if "\x80" <= character <= "\x9f":
        return CONTROL
    return sign_bits().get(character, UNUSUAL_SIGN)


def sign_bits() -> Mapping[str, float]:
    """What the signs of `symbols.toml` cost, in bits."""
    return _signs_data()[0]


@cache
def _signs_data() -> tuple[Mapping[str, float], Mapping[str, str]]:
    data = _data("symbols.toml")
    return {sign: bits for signs, bits in data["bits"].items() for sign in signs}, data["place"]


def _data(name: str) -> Any:  # noqa: ANN401 - each file has a shape of its own
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def _marked(table: str, has: Callable[[str], bool]) -> Marks:
    return np.array([has(each) for each in table])


def _beside(before: Marks, after: Marks) -> Marks:
    return np.asarray(before[:, None] & after[None, :])
