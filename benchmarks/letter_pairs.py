"""Count how languages are spelled, and write the tables that the detector of encodings goes by.

    pip install wordfreq django opencc-python-reimplemented
    python benchmarks/letter_pairs.py

Writes cleaner/charsets/letters.json and characters.json; nothing of a text is in them but how often
one letter follows another, and how often a character comes.
"""

import json
import math
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import django
import opencc
import wordfreq

HERE = Path(__file__).parent
TABLES = HERE.parent / "cleaner" / "charsets"

MOST_WORDS = 60_000
"""Of the words of a list; half of the counts go by how common a word is, half do not."""
LEAST_SHARE = 2e-5
"""A letter that comes less often belongs to words of other languages."""
SMOOTHING = 2e-5
MOST_HALF_BITS = 45
COMMON_BITS = 14
"""Characters that are less common are all alike."""
OF_TRANSLATIONS = 0.4
"""Weight of programs' translations among characters; word lists lack punctuation."""

TRANSLATION = re.compile(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)
NOT_PROSE = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{[^}]*\}|<[^>]*>|&\w+;|\\n")
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0e31\u0e34-\u0e4e\u064b-\u0652])*")
TONES = "\u0300\u0301\u0303\u0309\u0323"
"""windows-1258 writes them after the letter, and the other marks in one character with it."""


def translations(locale: str) -> Iterator[str]:
    """What programs say in a language, without placeholders and markup."""
    for path in sorted(Path(django.__path__[0]).rglob(f"locale/{locale}/LC_MESSAGES/*.po")):
        for match in TRANSLATION.finditer(path.read_text("utf-8")):
            said = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match[1]))
            if "Content-Type:" not in said:
                yield NOT_PROSE.sub(" ", said)


def as_written(word: str, language: str) -> str:
    """A word in small letters as legacy encodings have it."""
    folded = unicodedata.normalize("NFC", word.lower()).replace("\u0307", "")
    folded = folded.translate(str.maketrans("șț", "şţ"))
    return "".join(map(with_tone_apart, folded)) if language == "vi" else folded


def with_tone_apart(letter: str) -> str:
    """A Vietnamese letter as windows-1258 writes it."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in TONES)
        rest = "".join(part for part in parts if part not in TONES)
        return unicodedata.normalize("NFC", rest) + tones
    return letter


def shares(counts: Mapping[str, float]) -> dict[str, float]:
    """Counts as parts of one."""
    total = sum(counts.values())
    return {key: count / total for key, count in counts.items()}


def word_lists(listed: str, locale: str) -> Iterator[dict[str, float]]:
    """Words and their shares: by how common, each alike, and those of translations."""
    if listed:
        frequencies = wordfreq.get_frequency_dict(listed, wordlist="best")
        yield shares(frequencies)
        yield shares(dict.fromkeys(list(frequencies)[:MOST_WORDS], 1))
    found = Counter(word for said in translations(locale) for word in WORD.findall(said))
    yield shares(found)


def steps_of(words: Iterable[tuple[str, float]]) -> Counter[tuple[str, str]]:
    """How often each letter follows each other; "_" stands for what is no letter."""
    steps: Counter[tuple[str, str]] = Counter()
    for word, share in words:
        letters = [each if is_part(each) else "_" for each in word]
        for before, after in zip(["_", *letters], [*letters, "_"], strict=True):
            if before != "_" or after != "_":
                steps[before, after] += share
    return steps


def is_part(character: str) -> bool:
    """Whether a character is part of a word."""
    return character.isalpha() or unicodedata.category(character).startswith("M")


def spelling(language: str, listed: str, locale: str) -> dict[str, object]:
    """The letters of a language, and for each step its improbability in half bits."""
    lists = word_lists(listed, locale)
    steps = steps_of(
        (as_written(word, language), share) for each in lists for word, share in each.items()
    )
    reached: Counter[str] = Counter()
    for (_, after), share in steps.items():
        reached[after] += share
    total = sum(reached.values())
    letters = sorted(own_letters(reached, total))
    states = ["_", *letters]
    rows = [row_of(before, states, steps, shares(reached), total) for before in states]
    return {"letters": "".join(letters), "pairs": rows}


def own_letters(reached: Counter[str], total: float) -> Iterator[str]:
    """The letters of the commonest script that are not too rare, and its marks."""
    names = {each: unicodedata.name(each, "").split(" ")[0] for each in reached if each != "_"}
    scripts: Counter[str] = Counter()
    for letter, name in names.items():
        scripts[name] += reached[letter]
    script = scripts.most_common(1)[0][0]
    for letter, name in names.items():
        is_own = name == script or unicodedata.combining(letter)
        if is_own and reached[letter] / total > LEAST_SHARE:
            yield letter


def row_of(
    before: str,
    states: list[str],
    steps: Mapping[tuple[str, str], float],
    share: Mapping[str, float],
    total: float,
) -> str:
    """The improbability of each step from one state, a character each, "0" for certain."""
    left = sum(steps.get((before, after), 0) for after in states)
    row = ""
    for after in states:
        seen = steps.get((before, after), 0) / total + SMOOTHING * share[after] + 1e-9
        probability = min(1, seen / (left / total + SMOOTHING))
        row += chr(ord("0") + min(MOST_HALF_BITS, round(-2 * math.log2(probability))))
    return row


def common_characters(language: str, listed: str, locale: str) -> dict[str, str]:
    """The commonest characters of a language by their improbability in bits."""
    in_words: Counter[str] = Counter()
    for word, share in wordfreq.get_frequency_dict(listed, wordlist="best").items():
        for character in word:
            if not character.isascii():
                in_words[traditional(character) if language == "zh-Hant" else character] += share
    said = Counter(each for text in translations(locale) for each in text if each > "\u2e7f")
    lists = ((1 - OF_TRANSLATIONS, shares(in_words)), (OF_TRANSLATIONS, shares(said)))
    found: Counter[str] = Counter()
    for weight, each in lists:
        for character, share in each.items():
            found[character] += weight * share
    levels: defaultdict[str, str] = defaultdict(str)
    for character, share in found.most_common():
        bits = round(-math.log2(share))
        if bits <= COMMON_BITS and character <= "\uffff":
            levels[str(bits)] += character
    return dict(levels)


def traditional(character: str) -> str:
    """The traditional form of a simplified character."""
    return CONVERTER.convert(character)


CONVERTER = opencc.OpenCC("s2t")


def write(path: Path, rows: Mapping[str, object]) -> None:
    """One row a line, so that a change can be read."""
    lines = (
        f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in rows.items()
    )
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def main() -> None:
    """Write both tables."""
    sources = tomllib.loads((HERE / "letter_pairs.toml").read_text("utf-8"))
    write(
        TABLES / "letters.json",
        {code: spelling(code, *each) for code, each in sources["alphabets"].items()},
    )
    write(
        TABLES / "characters.json",
        {code: common_characters(code, *each) for code, each in sources["characters"].items()},
    )


if __name__ == "__main__":
    main()
