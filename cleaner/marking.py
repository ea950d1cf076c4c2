"""Phase 1 for the records of one batch: decode, extract, repair, split, mark."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from cleaner.config import Config
from cleaner.document import Content, MarkedDocument, Record, SplitDocument
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

Item = TypeVar("Item")
Result = TypeVar("Result")

At = Callable[[int | None], None]


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
    items: Sequence[ReadItem], config: Config, at: At = lambda _: None
) -> Iterator[tuple[MarkedDocument | Rejection, bytes]]:
    """Each record's document, or why there is none, and its row for the work file.

    `at` is told the number of the record that is worked on, or None while it is all of them.
    """
    split = [_split_item(item, config) for item in _told(items, at)]
    at(None)
    readings = iter(_readings([one[1] for one in split if not isinstance(one, Rejection)], config))
    for one in _told(split, at):
        if isinstance(one, Rejection):
            yield one, as_line(one)
            continue
        record, document = one
        marked = _tried(record, partial(_marked_with_row, document, config, next(readings)))
        yield (marked, as_line(marked)) if isinstance(marked, Rejection) else marked


def mark_singly(
    items: Sequence[ReadItem], config: Config, at: At
) -> Iterator[tuple[MarkedDocument | Rejection, bytes]]:
    """The same, with nothing done for several records at once. It takes longer."""
    for item in _told(items, at):
        yield from mark_records((item,), config)


def _told(items: Iterable[Item], at: At) -> Iterator[Item]:
    for number, item in enumerate(items):
        at(number)
        yield item


def _split_item(item: ReadItem, config: Config) -> tuple[Record, SplitDocument] | Rejection:
    if isinstance(item, Rejection):
        return item
    return _tried(item, partial(_split_record, item, config))


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
