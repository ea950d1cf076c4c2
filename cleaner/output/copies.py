"""What an output says of copies: each has an original that stays, is earlier, and is like it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from cleaner.config import Config
from cleaner.document import Reason
from cleaner.output.faults import Fault, FaultKind, Report, ignore
from cleaner.output.index import Copy, FoundCopy, Index
from cleaner.output.rows import Output
from cleaner.output.similarity import TextPair, Verdicts, judge
from cleaner.output.walk import FinishedDocument, walk
from cleaner.words import count_words, is_statement

CHARACTERS_AT_ONCE = 1 << 19
ROUNDING = 1e-9


def copies_in(finished: FinishedDocument, number: int) -> Iterator[Copy]:
    """The copies of a whole document: those that were removed, and those that are marked."""
    for removal, where in zip(finished.document.removed, finished.rows, strict=True):
        mark = removal.mark
        if mark.reason is Reason.DUPLICATE and mark.of and mark.similarity is not None:
            yield Copy(
                *(where, number, removal.position, removal.text, False),
                *(mark.of.id, mark.of.position, mark.similarity),
            )
    positions = finished.kept_positions()
    for row in finished.marked():
        yield Copy(
            *(finished.where, number, positions[row["paragraph"]]),
            *(finished.document.kept[row["paragraph"]], True),
            *(row["of"]["id"], row["of"]["position"], row["similarity"]),
        )


TakeElsewhere = Callable[[Iterable[Copy]], None]


def check_copies(output: Output, index: Index, report: Report, elsewhere: TakeElsewhere) -> None:
    """Hold every copy against what it copies. The documents are walked once more for that.

    Copies of documents that are not in the output are given to `elsewhere`.
    """
    config = output.config
    waiting: list[tuple[Copy, TextPair]] = []
    held = 0
    for found in _with_originals(output, index, report, elsewhere):
        copy, pair = found
        told = _not_asked_for(pair, is_marked=copy.is_marked, config=config)
        if told:
            report(Fault(FaultKind.NO_COPY, copy.where, told))
        waiting.append(found)
        held += len(pair.copy) + len(pair.original)
        if held >= CHARACTERS_AT_ONCE:
            _judge(waiting, config, report)
            waiting, held = [], 0
    _judge(waiting, config, report)


def _with_originals(
    output: Output, index: Index, report: Report, elsewhere: TakeElsewhere
) -> Iterator[tuple[Copy, TextPair]]:
    """The copies that have an original which stays, with its text."""
    copies = groupby(index.copies(), key=lambda found: found.original)
    original, wanted = next(copies, (None, iter(())))
    if original is None:
        elsewhere(found.copy for found in wanted)
        original, wanted = next(copies, (None, iter(())))
    for number, finished in enumerate(walk(output, index, ignore)):
        if original is None:
            return
        if number == original:
            if finished.is_whole:
                yield from _paired(finished, number, wanted, report)
            original, wanted = next(copies, (None, iter(())))


def _paired(
    finished: FinishedDocument, number: int, wanted: Iterator[FoundCopy], report: Report
) -> Iterator[tuple[Copy, TextPair]]:
    """The copies of one document's paragraphs, each with the one that it copies."""
    positions = finished.kept_positions()
    texts = dict(zip(positions, finished.document.kept, strict=True))
    marked = {positions[row["paragraph"]] for row in finished.marked()}
    for found in wanted:
        copy = found.copy
        told = None
        if copy.of_position not in texts:
            told = f"paragraph {copy.of_position} of {finished.where} is not kept"
        elif copy.is_marked and copy.of_position in marked:
            told = f"paragraph {copy.of_position} of {finished.where} is itself marked as a copy"
        elif (number, copy.of_position) >= (copy.document, copy.position):
            told = f"paragraph {copy.of_position} of {finished.where} does not come before it"
        if told:
            report(Fault(FaultKind.ORIGINAL, copy.where, told))
            continue
        is_within = number == copy.document
        yield copy, TextPair(copy.text, texts[copy.of_position], is_within)


def _not_asked_for(pair: TextPair, *, is_marked: bool, config: Config) -> str | None:
    """Why the options do not let the one be a copy of the other, whatever they say."""
    action = config.within_documents if pair.is_within else config.across_documents
    if action != ("mark" if is_marked else "drop"):
        where = "within a document" if pair.is_within else "across documents"
        return f"the option for copies {where} is {action}"
    if min(count_words(pair.copy), count_words(pair.original)) < config.min_words:
        return f"it or its original has fewer than {config.min_words} words"
    if pair.is_within and not is_statement(pair.copy):
        return "in one document it may come again, as it is a question or no sentence"
    return None


def _judge(waiting: Sequence[tuple[Copy, TextPair]], config: Config, report: Report) -> None:
    if not waiting:
        return
    verdicts = judge([pair for _, pair in waiting], config)
    report_wrong([copy for copy, _ in waiting], verdicts, config, report)


def report_wrong(
    copies: Sequence[Copy], verdicts: Verdicts, config: Config, report: Report
) -> None:
    """Report what is not as similar as is on record, or no copy."""
    columns = (verdicts.similarities, verdicts.agree, verdicts.adds)
    for copy, similarity, agree, adds in zip(
        copies, *(column.tolist() for column in columns), strict=True
    ):
        if abs(similarity - copy.similarity) > ROUNDING:
            told = f"similarity {copy.similarity} is on record, the texts have {similarity}"
            report(Fault(FaultKind.SIMILARITY, copy.where, told))
        elif similarity < config.threshold:
            told = f"similarity {similarity} is below the threshold of {config.threshold}"
            report(Fault(FaultKind.SIMILARITY, copy.where, told))
        if not agree:
            told = "it and its original differ in numbers, names or negations"
            report(Fault(FaultKind.NO_COPY, copy.where, told))
        if adds:
            told = f"it adds more than {config.added_shingles} shingles in a row to its original"
            report(Fault(FaultKind.NO_COPY, copy.where, told))
