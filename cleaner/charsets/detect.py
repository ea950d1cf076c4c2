"""Which encoding undeclared bytes are in: the reading that looks most like text."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from cleaner.charsets.encodings import codec_of, one_byte_table
from cleaner.charsets.languages import languages
from cleaner.charsets.one_byte import ASCII, one_byte_costs, readings
from cleaner.charsets.several_bytes import several_bytes_costs

ENOUGH, ENOUGH_CHARACTERS = 1 << 18, 1 << 14
"""Bytes that are looked at: of the lines that are not ASCII, evenly taken; fewer of those with
characters of several bytes, which take longer."""

LANGUAGE_STATED = 8.0
"""Bits that a reading gains in the language that the page says it is in."""
BITS_PER_DOUBLING = 4.0
"""So many bits between two readings double the odds: letters in a row are not independent."""

MOST_BITS, MOST_BITS_LATIN = 9.0, 15.0
"""Bits for each byte from 80 on. Text takes 4 to 6; in Latin script, where such bytes are rare and
their neighbours count as theirs, up to 12. In the wrong script it takes 10 and more."""
LEAST_TO_JUDGE = 12
UNLIKE = 0.5

CONTRADICTION, CONTRADICTION_PER_BYTE = 40.0, 2.0
"""Bits by which another reading must be better than the declared one to win."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the bytes."""

    bits: float
    """What it costs; the least is the best."""
    encoding: str
    language: str


@dataclass(frozen=True, slots=True)
class Guess:
    """The best reading."""

    encoding: str
    language: str
    confidence: float
    """From 0 to 1, by how far the next reading is that gives another text."""
    contradicts: bool
    """Whether the bytes are no text in the declared encoding."""


def detect(data: bytes, *, language: str | None = None, declared: str | None = None) -> Guess:
    """Guess the encoding of bytes that are not UTF-8.

    `language` is what the page says of itself, such as `pt-BR`; `declared` the encoding that
    was declared, of which the guess says whether the bytes contradict it.
    """
    lines, found = _readings(data, (language or "").lower().partition("-")[0])
    best = found[0]
    present = frozenset(data)
    others = (each for each in found if not _same_text(each.encoding, best.encoding, present))
    margin = next(others).bits - best.bits
    return Guess(
        best.encoding,
        best.language,
        round(float(1 / (1 + 2 ** (-margin / BITS_PER_DOUBLING))) * _fitness(best, lines), 3),
        declared is not None and _contradicts(declared, found, data),
    )


def _fitness(best: Reading, lines: bytes) -> float:
    """One, or less for a reading that is the best and yet unlike its language.

    It may be an encoding that is not among the candidates, or no text at all.
    """
    high = len(lines.translate(None, bytes(range(ASCII))))
    spoken = languages().get(best.language)
    limit = MOST_BITS_LATIN if spoken and spoken.script == "LATIN" else MOST_BITS
    return UNLIKE if high >= LEAST_TO_JUDGE and best.bits > limit * high else 1.0


def _readings(data: bytes, language: str) -> tuple[bytes, list[Reading]]:
    """All readings that the bytes allow, the best first, and the lines that they are of."""
    lines = [line for line in _lines(data) if not line.isascii()]
    some = _some(lines, ENOUGH_CHARACTERS)
    found = _one_byte_readings(some)
    several = [Reading(*each) for each in several_bytes_costs(some)]
    # Costs can be compared only if they are those of the same lines.
    more = _some(lines, ENOUGH)
    if _least(several) < _least(found) or len(more) == len(some):
        found += several
    else:
        some, found = more, _one_byte_readings(more)
    if language:
        found = [_favoured(each, language) for each in found]
    return some, sorted(found, key=lambda each: each.bits)


def _one_byte_readings(lines: bytes) -> list[Reading]:
    known, costs = readings(), one_byte_costs(lines).tolist()
    return list(map(Reading, costs, known.encodings, known.languages))


def _least(found: list[Reading]) -> float:
    return min((each.bits for each in found), default=np.inf)


def _lines(data: bytes) -> list[bytes]:
    """Lines, and what stands between tags. None of these signs is half of another character."""
    return data.replace(b"<", b"\n").replace(b">", b"\n").splitlines()


def _some(lines: list[bytes], limit: int) -> bytes:
    total = sum(map(len, lines))
    chosen = lines[:: total // limit + 1]
    return b"\n" + b"\n".join(chosen)[:limit] + b"\n"


def _favoured(reading: Reading, language: str) -> Reading:
    if reading.language.partition("-")[0] != language:
        return reading
    return Reading(reading.bits - LANGUAGE_STATED, reading.encoding, reading.language)


def _same_text(one: str, other: str, present: AbstractSet[int]) -> bool:
    """Whether two encodings give these bytes the same meaning."""
    if one == other:
        return True
    table, others = one_byte_table(codec_of(one)), one_byte_table(codec_of(other))
    if table is None or others is None:
        return codec_of(one) == codec_of(other)
    return all(table[byte] == others[byte] for byte in present if byte >= ASCII)


def _contradicts(declared: str, found: list[Reading], data: bytes) -> bool:
    """Whether the best reading is better by much, in all and for each byte that it reads otherwise.

    An encoding that is not among the readings is believed.
    """
    best = found[0]
    of_it = [each.bits for each in found if codec_of(each.encoding) == codec_of(declared)]
    worse_by = of_it[0] - best.bits if of_it else 0.0
    if worse_by < CONTRADICTION:
        return False
    otherwise = [byte for byte in set(data) if not _same_text(declared, best.encoding, {byte})]
    read = sum(map(data.count, otherwise)) if otherwise else len(data)
    return worse_by > CONTRADICTION_PER_BYTE * read
