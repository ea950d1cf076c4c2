"""What counts as a word, for every guard and threshold that is stated in words."""

import re
from functools import lru_cache

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Kana and iteration marks
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
"""Scripts written without spaces, as ranges for a regular expression's class."""

UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")

STOPS = frozenset(".!?…。！？｡؟۔।॥")
SENTENCE_ENDS = STOPS | frozenset(":：")
QUESTION_MARKS = frozenset("?？؟")
CLOSERS = "'\"’”»)]」』）】"
"""Quotes and brackets that may stand after the end of a sentence."""
NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
NO_ASCII_LETTER_OR_DIGIT = bytes(code for code in range(0x80) if not chr(code).isalnum())

LINES_HELD, LONGEST_HELD = 2_000, 2_000
"""Lines whose words need not be counted again, as a document's stages ask one after the other, and
characters of the longest."""
LONG = 40
LONG_FOR_A_SENTENCE = 12
"""Words from which a line is running text, without and with the end of a sentence."""
SHORTEST_PROSE = 2 * (LONG_FOR_A_SENTENCE - 1)
"""Characters that no line with so many words is shorter than: each word but the last takes two."""


def count_words(text: str) -> int:
    """Words of a line: runs between spaces, and half a word for each unspaced character."""
    return _counted(text) if len(text) <= LONGEST_HELD else _count(text)


def _count(text: str) -> int:
    if text.isascii():
        if text.isprintable() and "  " not in text:  # no white space but single spaces
            inner = text.strip(" ")
            return inner.count(" ") + bool(inner)
        return len(text.split())
    spaced, unspaced = UNSPACED_CHARACTER.subn("", text)
    return len(spaced.split()) + (unspaced + 1) // 2


_counted = lru_cache(LINES_HELD)(_count)


def letters_and_digits(text: str) -> str:
    """A text's letters and digits alone, so that punctuation and case do not tell two apart."""
    folded = text.casefold()
    if folded.isascii():  # a fraction of the time
        return folded.encode().translate(None, NO_ASCII_LETTER_OR_DIGIT).decode()
    return NO_LETTER_OR_DIGIT.sub("", folded)


def ends_like_a_sentence(text: str) -> bool:
    """Whether a line ends with a full stop or its like, quotes and brackets after it aside."""
    return end_of(text) in SENTENCE_ENDS


def count_stops(text: str) -> int:
    """Full stops and their like."""
    return sum(map(text.count, STOPS))


def is_statement(text: str) -> bool:
    """Whether a line, said again in its own document, is said by mistake.

    Questions to several people, items of lists and headings rightly come again.
    """
    return is_prose(text) and end_of(text) not in QUESTION_MARKS


def end_of(text: str) -> str:
    """The last character of a line, quotes and brackets that close aside."""
    return text.rstrip(CLOSERS)[-1:]


def is_prose(text: str) -> bool:
    """Whether a line is running text: a sentence of a dozen words, or anything long.

    Judged by the line alone, so that it stays prose whatever is removed around it.
    """
    return len(text) >= SHORTEST_PROSE and reads_as_prose(count_words(text), end_of(text))


def reads_as_prose(words: int, end: str) -> bool:
    """What `is_prose` tells, from a line's number of words and its end."""
    return words >= LONG or (words >= LONG_FOR_A_SENTENCE and end in SENTENCE_ENDS)
