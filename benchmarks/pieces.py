"""Count the frequent pieces of text, and write the table by which rules choose what to look for.

    pip install wordfreq
    python benchmarks/pieces.py articles.jsonl

Reads the `text` of articles, which should be English news, and the word lists of wordfreq for
other languages. Writes cleaner/rules/pieces.json; nothing of an article is in it but how often some
letters, at most six in a row, come in a line.
"""

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import wordfreq

from cleaner.rule import LONGEST_LINE
from cleaner.rules.forms import plain, single_spaced
from cleaner.rules.frequency import BREAK, CHARACTERS, DIGIT, LONGEST, SEPARATOR, UNKNOWN

TABLE = Path(__file__).parent.parent / "cleaner" / "rules" / "pieces.json"
LANGUAGES = "ar bg cs da de el es fa fi fr hi id it nb nl pl pt ru sv tr uk vi"
MOST_WORDS = 8000
"""Of a language's list."""
MOST_LINES = 40_000
WORDS = 34
"""Of a line."""
OF_OTHERS = 1 / 4
"""Weight of a piece in a language that is not English, as fewer corpora are in it."""
LEAST = 1 / 2000
"""Times a line, below which a piece is not counted."""
OFF, OFF_IN_OTHERS = 0.0045, 0.025
"""Times a line by which the estimate of a piece must be wrong, or the piece is not in the table."""
MUCH = 20
"""Times as wrong as that, it counts at a smaller factor too."""
FACTOR, FACTOR_OF_MUCH = 2, 1.3
TOO_MANY, TOO_RARE = 3, 0.05
"""Of a piece estimated too often, more is borne; of one that was not counted, so much."""

Pieces = dict[str, float]


def lines_of(path: Path) -> Iterator[str]:
    """The lines of articles as keys are looked for in them."""
    for row in path.read_text("utf-8").splitlines():
        for line in json.loads(row)["text"].split("\n"):
            form = single_spaced(plain(line))
            if form and len(form) <= LONGEST_LINE and SEPARATOR not in form:
                yield DIGIT.sub("0", f"{BREAK}{form.casefold()}{BREAK}")


def words_of(language: str) -> Iterator[tuple[str, float]]:
    """The commonest words, each with spaces around it, and how many times a line it comes."""
    shares = wordfreq.get_frequency_dict(language, wordlist="best")
    for word in sorted(shares, key=shares.__getitem__, reverse=True)[:MOST_WORDS]:
        yield DIGIT.sub("0", f" {word.casefold()} "), OF_OTHERS * shares[word] * WORDS


def counted(texts: Iterable[tuple[str, float]]) -> list[Pieces]:
    """The pieces of each length that are frequent; of one, both shorter ones are so too."""
    held = list(texts)
    found: list[Pieces] = []
    for length in range(1, LONGEST + 1):
        counts: Counter[str] = Counter()
        for text, weight in held:
            for at in range(len(text) - length + 1):
                piece = text[at : at + length]
                if not found or (piece[1:] in found[-1] and piece[:-1] in found[-1]):
                    counts[piece] += weight
        found.append({piece: times for piece, times in counts.items() if times >= LEAST})
    return found


def merged(every: Iterable[Pieces]) -> Pieces:
    """The pieces of all languages, as often as in that which has them most."""
    most: Pieces = {}
    for pieces in every:
        for piece, times in pieces.items():
            most[piece] = max(times, most.get(piece, 0))
    return most


def estimator(known: Mapping[str, float]) -> Callable[[str], float]:
    """What `cleaner.rules.frequency` says of a piece by a table."""

    @cache
    def estimate(piece: str) -> float:
        if piece in known:
            return known[piece]
        if len(piece) < len("ab"):
            return UNKNOWN if piece else CHARACTERS
        first, last, between = map(estimate, (piece[:-1], piece[1:], piece[1:-1]))
        return min(first, last, first * last / between)

    return estimate


def is_wrong(times: float, guess: float, borne: float) -> bool:
    """Whether the estimate of a piece will not do."""
    off = abs(times - guess)
    factor = FACTOR if off < MUCH * borne else FACTOR_OF_MUCH
    return off > borne and max(times / guess, guess / times) > factor


def half_bits(times: float) -> int:
    """How rare it is."""
    return round(-2 * math.log2(times))


def to_be_known(length: int, english: list[Pieces], every: Pieces, known: Pieces) -> Pieces:
    """The pieces of a length whose estimate from shorter ones will not do."""
    own = english[length - 1]
    estimate = estimator(known)
    new = {}
    for piece, times in every.items():
        borne = OFF if own.get(piece, 0) >= times * 0.8 else OFF_IN_OTHERS
        guess = estimate(piece)
        if length == 1 or is_wrong(times, guess, borne * (1 if times > guess else TOO_MANY)):
            new[piece] = 2 ** (-half_bits(times) / 2)
    shorter = english[length - 2] if length > 1 else {}
    by_start = defaultdict(list)
    for piece in shorter:
        by_start[piece[:-1]].append(piece[-1])
    joined = (piece + last for piece in shorter for last in by_start[piece[1:]])
    for piece in joined:
        is_of_a_line = BREAK not in piece[1:-1] and piece != BREAK + BREAK
        if is_of_a_line and piece not in every and estimate(piece) >= TOO_RARE:
            new[piece] = LEAST / 2
    return new


def main(path: Path) -> None:
    """Write the table."""
    lines = list(lines_of(path))
    some = lines[:: max(1, len(lines) // MOST_LINES)]
    english = counted((line, 1 / len(some)) for line in some)
    others = [counted(words_of(language)) for language in LANGUAGES.split()]
    known: Pieces = {}
    for length in range(1, LONGEST + 1):
        every = merged(pieces[length - 1] for pieces in [english, *others])
        known |= to_be_known(length, english, every, known)
    levels = defaultdict(list)
    for piece, times in known.items():
        levels[half_bits(times)].append(piece)
    rows = (
        f'"{level}": {json.dumps(SEPARATOR.join(sorted(pieces)), ensure_ascii=False)}'
        for level, pieces in sorted(levels.items())
    )
    TABLE.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
