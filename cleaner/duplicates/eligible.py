"""Which lines of marked documents may be copies of others, or templates of their site."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cleaner.config import Config
from cleaner.document import MarkedDocument
from cleaner.duplicates.sketch import CHARACTERS_AT_ONCE, Line
from cleaner.stretches import stretches
from cleaner.word_counts import word_counts
from cleaner.words import QUESTION_MARKS, end_of, reads_as_prose

LEAST_TEMPLATE_WORDS, FEW_TEMPLATE_WORDS = 3, 5
"""A line of a word or two that many documents hold may be a heading, an answer, a speaker; one of
fewer than five is taken for that unless it holds what headings do not."""
NOT_IN_HEADINGS = re.compile(r"[\d:@/|]")


def eligible_lines(
    documents: Iterable[MarkedDocument], config: Config, first: int = 0
) -> Iterator[Line]:
    """The lines that may be copies or templates, in order.

    Args:
        documents: marked ones.
        config: the options.
        first: the number by which a line names the first document; the others count on.

    """
    places = [
        (paragraph.text, number, position)
        for number, document in enumerate(documents, first)
        for position, paragraph in enumerate(document.paragraphs)
        if paragraph.mark is None and paragraph.placed_rule is None
    ]
    sizes = [len(place[0]) for place in places]
    for some in stretches(places, sizes, CHARACTERS_AT_ONCE):
        yield from _eligible(some, config.min_words)


def _eligible(places: Sequence[tuple[str, int, int]], min_words: int) -> Iterator[Line]:
    counts = word_counts([place[0] for place in places]).tolist()
    for (text, number, position), words in zip(places, counts, strict=True):
        end = end_of(text)
        is_prose = reads_as_prose(words, end)
        is_compared = words >= min_words
        is_short = not is_prose and _may_be_template(text, words)
        if is_compared or is_short:
            is_statement = is_prose and end not in QUESTION_MARKS
            yield Line(text, number, position, is_compared, is_short, is_statement)


def _may_be_template(text: str, words: int) -> bool:
    if words < FEW_TEMPLATE_WORDS and not NOT_IN_HEADINGS.search(text):
        return False
    return words >= LEAST_TEMPLATE_WORDS
