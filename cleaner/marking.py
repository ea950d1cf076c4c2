"""Phase 1 for the records of one batch: decode, extract, repair, split, mark."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from cleaner.config import Config
from cleaner.document import Content, MarkedDocument, Record, SplitDocument
from cleaner.duplicates.sketch import Line
from cleaner.errors import RecordError
from cleaner.rules import Reading
from cleaner.stages.boilerplate import mark_boilerplate, read_lines
from cleaner.stages.decode import decode
from cleaner.stages.extract import check_lines, extract
from cleaner.stages.marked_file import as_line
from cleaner.stages.paragraphs import split_paragraphs
from cleaner.stages.read import ReadItem
from cleaner.stages.rejection import Rejection
from cleaner.stages.repair import repair
from cleaner.words import count_words, is_prose, is_statement

LEAST_TEMPLATE_WORDS, FEW_TEMPLATE_WORDS = 3, 5
"""A line of a word or two that many documents hold may be a heading, an answer, a speaker; one of
fewer than five is taken for that unless it holds what headings do not."""
NOT_IN_HEADINGS = re.compile(r"[\d:@/|]")

Result = TypeVar("Result")


def mark_content(content: Content, config: Config) -> MarkedDocument:
    """The way of decoded text or HTML through phase 1.

    Raises:
        RecordError: an HTML page without an article.

    """
    return mark_boilerplate(_split(content, config), config)


def _split(content: Content, config: Config) -> SplitDocument:
    page = extract(content, config)
    check_lines(page.blocks, config)
    repaired = repair(page, config)
    check_lines(repaired.blocks, config)  # an entity may have stood for a line break
    return split_paragraphs(repaired)


def mark_records(
    items: Sequence[ReadItem], config: Config
) -> Iterator[tuple[MarkedDocument | Rejection, bytes]]:
    """Each record's document, or why there is none, and its row for the work file."""
    split = [
        item if isinstance(item, Rejection) else _tried(item, partial(_split_record, item, config))
        for item in items
    ]
    readings = iter(_readings([one[1] for one in split if not isinstance(one, Rejection)], config))
    for one in split:
        if isinstance(one, Rejection):
            yield one, as_line(one)
            continue
        record, document = one
        marked = _tried(record, partial(_marked_with_row, document, config, next(readings)))
        yield (marked, as_line(marked)) if isinstance(marked, Rejection) else marked


def _split_record(record: Record, config: Config) -> tuple[Record, SplitDocument]:
    return record, _split(decode(record, config), config)


def _readings(
    documents: Sequence[SplitDocument], config: Config
) -> Sequence[Sequence[Reading] | None]:
    """What the rules make of the documents' lines, read together."""
    try:
        return read_lines(documents, config)
    # As below: the record that it is for fails, once each is read by itself.
    except Exception:  # noqa: BLE001
        return [None] * len(documents)


def _marked_with_row(
    document: SplitDocument, config: Config, readings: Sequence[Reading] | None
) -> tuple[MarkedDocument, bytes]:
    marked = mark_boilerplate(document, config, readings)
    return marked, as_line(marked)


def _tried(record: Record, function: Callable[[], Result]) -> Result | Rejection:
    """What a function makes of a record, or why it makes nothing."""
    try:
        return function()
    except RecordError as error:
        reason = str(error)
    # The one place that catches everything: whatever a hostile page does to a parser, it is this
    # record that fails, with its error on record, and not the run.
    except Exception as error:  # noqa: BLE001
        reason = f"the record could not be processed: {type(error).__name__}: {error}"
    return Rejection(record.source, record.number, reason)


def lines_to_sketch(number: int, document: MarkedDocument, config: Config) -> Iterator[Line]:
    """The lines of a document, by its number, that may be copies or templates."""
    for position, paragraph in enumerate(document.paragraphs):
        if paragraph.mark is None and paragraph.placed_rule is None:
            text, words = paragraph.text, count_words(paragraph.text)
            is_compared, is_short = words >= config.min_words, _may_be_template(text, words)
            if is_compared or is_short:
                yield Line(text, number, position, is_compared, is_short, is_statement(text))


def _may_be_template(text: str, words: int) -> bool:
    if words < FEW_TEMPLATE_WORDS and not NOT_IN_HEADINGS.search(text):
        return False
    return words >= LEAST_TEMPLATE_WORDS and not is_prose(text)
