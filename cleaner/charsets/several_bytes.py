"""What it would cost to read bytes in each encoding with characters of several bytes, in bits.

`characters.json` holds, per language, its commonest characters by how improbable each is in text,
in bits. They were counted by `benchmarks/letter_pairs.py`.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cleaner.charsets.encodings import decode_as
from cleaner.charsets.one_byte import (
    ASCII,
    CONTROL,
    WORD_AMID_LATIN,
    candidates,
    sign_bits,
    words_amid_latin,
)

RARE = 17.5
"""A character that is none of the commonest."""
NO_CHARACTER = 25
KATAKANA_IN_ONE_BYTE = 16
COMMON_SIGN, WIDE_ASCII = 9, 12
COMMON_SIGNS = "、。「」・，！？：；（）％〜～　『』【】"  # noqa: RUF001 - wide on purpose
BESIDE_LATIN, AMID_LATIN = 2, 6
"""A character right beside an ASCII letter, and one between two of them."""
MOST_ERRORS = 0.02
"""Share of characters; a record may be cut off, and have some that the table lacks."""


def several_bytes_costs(lines: bytes) -> Iterator[tuple[float, str, str]]:
    """Cost, encoding and language of each reading that the bytes allow."""
    amid_latin = WORD_AMID_LATIN * words_amid_latin(np.frombuffer(lines, np.uint8).astype(np.int32))
    for row in candidates()["several_bytes"]:
        text = decode_as(lines, row["name"])
        if text.count("\ufffd") > 1 + len(text) * MOST_ERRORS:
            continue
        units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
        shared = row["doubt"] + amid_latin + _beside_latin(units)
        for language in row["languages"]:
            bits = _character_bits(language)[units[units >= ASCII]].sum()
            yield float(bits) + shared, row["name"], language


def is_common_character(units: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which characters are among the commonest of any of the languages."""
    commonest = "".join(chain.from_iterable(each.values() for each in _characters().values()))
    return np.isin(units, np.frombuffer(commonest.encode("utf-16-le"), "<u2"))


def _beside_latin(units: NDArray[np.uint16]) -> int:
    """What it costs that characters stand beside ASCII letters, in bits."""
    is_high = units >= ASCII
    is_latin = (units < ASCII) & ((units | 0x20) >= ord("a")) & ((units | 0x20) <= ord("z"))
    beside = (is_high[1:] & is_latin[:-1]).sum() + (is_high[:-1] & is_latin[1:]).sum()
    amid = (is_high[1:-1] & is_latin[:-2] & is_latin[2:]).sum()
    return int(BESIDE_LATIN * beside + AMID_LATIN * amid)


@cache
def _character_bits(language: str) -> NDArray[np.float32]:
    """The cost of each character of the basic plane."""
    bits = np.full(0x10000, RARE, np.float32)
    bits[0x80:0xA0] = CONTROL
    bits[0xE000:0xF900] = NO_CHARACTER
    bits[0xFFFD] = NO_CHARACTER
    bits[0xFF01:0xFF5F] = WIDE_ASCII
    bits[0xFF61:0xFFA0] = KATAKANA_IN_ONE_BYTE
    for sign, cost in sign_bits().items():
        bits[ord(sign)] = cost + 3
    for sign in COMMON_SIGNS:
        bits[ord(sign)] = COMMON_SIGN
    for level, characters in _characters()[language].items():
        for character in characters:
            bits[ord(character)] = min(bits[ord(character)], float(level))
    return bits


@cache
def _characters() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads(
        files(__package__).joinpath("characters.json").read_text("utf-8")
    )
    return found
