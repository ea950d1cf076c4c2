"""The documents of an output as they were finished, one after the other, in their order.

Three files say what became of a document: what was kept, what was removed, what was dropped. Each
is in the order of the run, so they are read side by side. Where a written and a dropped document of
the same source stand, one of which has no removed rows, is not on record; the written one comes
first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from cleaner.document import CleanDocument, Mark, Place, Reason, Removal
from cleaner.output.faults import Fault, FaultKind, Report, ignore
from cleaner.output.index import DOCUMENT_KINDS, Index, groups_of
from cleaner.output.rows import Output, Row, read_rows
from cleaner.stages.metadata import NEAR_COPIES


@dataclass(frozen=True, slots=True)
class FinishedDocument:
    """A document as the run finished it, and where its rows stand."""

    where: str
    document: CleanDocument
    rows: tuple[str, ...]
    """Where each of the removed rows stands."""
    reason: str | None
    """Why it was dropped; None if it was not."""
    is_whole: bool
    """Whether its removed rows fit into it."""

    def kept_positions(self) -> list[int]:
        """Where the kept paragraphs stand among all. Only of a whole document."""
        gone = {removal.position for removal in self.document.removed if removal.at is None}
        total = len(gone) + len(self.document.kept)
        return [position for position in range(total) if position not in gone]

    def marked(self) -> Sequence[Mapping[str, Any]]:
        """What `metadata.near_copies` says of kept paragraphs."""
        rows: Sequence[Mapping[str, Any]] = self.document.metadata.get(NEAR_COPIES, ())
        return rows


@dataclass(frozen=True, slots=True)
class _Head:
    """The next document of a file."""

    row: Row
    group: int | None
    """The number of its group of removed rows."""


def walk(output: Output, index: Index, report: Report) -> Iterator[FinishedDocument]:
    """The documents, each with what was removed from it.

    What is wrong with single rows is not reported: `Index.read_ids` has done it.
    """
    heads = {kind: _heads(output, kind, index) for kind in DOCUMENT_KINDS}
    nexts = {kind: next(heads[kind], None) for kind in DOCUMENT_KINDS}
    groups = enumerate(groups_of(read_rows(output, "removed", ignore)))
    number, group = _following(groups)
    while group or any(nexts.values()):
        kind, head = _next_of(nexts, number)
        if head is None:
            row = group[0]
            told = f"the document {row.values['id']!r} is not there, or not in this place"
            report(Fault(FaultKind.ORDER, row.where, told))
            number, group = _following(groups)
            continue
        nexts[kind] = next(heads[kind], None)
        rows: Sequence[Row] = ()
        if head.group == number:
            rows = group
            number, group = _following(groups)
        yield _finished(head.row, rows, report)


def _heads(output: Output, kind: str, index: Index) -> Iterator[_Head]:
    rows = read_rows(output, kind, ignore)
    return map(_Head, rows, index.groups_of_documents(kind))


def _following(
    groups: Iterator[tuple[int, tuple[str, Iterator[Row]]]],
) -> tuple[float, list[Row]]:
    """The number of the next group and its rows; infinity and none behind the last."""
    for number, (_, rows) in groups:
        return number, list(rows)
    return inf, []


def _next_of(nexts: Mapping[str, _Head | None], group: float) -> tuple[str, _Head | None]:
    """The next document and its kind; none if none can come before another group."""
    ready = {
        kind: head
        for kind, head in nexts.items()
        if head and (head.group is None or head.group <= group)
    }
    if not ready:
        return "", None
    # Of equal sources the first kind: what was written.
    return min(ready.items(), key=lambda item: str(item[1].row.values["source"]))


def _finished(row: Row, rows: Sequence[Row], report: Report) -> FinishedDocument:
    values = row.values
    is_dropped = "text" not in values
    document = CleanDocument(
        id=values["id"],
        source=values["source"],
        kept=() if is_dropped else tuple(values["text"].split("\n\n")),
        removed=tuple(_removal(one.values) for one in rows),
        metadata={} if is_dropped else values["metadata"],
    )
    faults = [*_misplaced(document, rows), *_wrong_texts(document, row, rows)]
    for fault in faults:
        report(fault)
    return FinishedDocument(
        where=row.where,
        document=document,
        rows=tuple(one.where for one in rows),
        reason=values["reason"] if is_dropped else None,
        is_whole=not faults,
    )


def _removal(values: Mapping[str, object]) -> Removal:
    names = ("position", "text", "at", "reason", "rule", "of", "similarity", "count")
    position, text, at, reason, rule, of, similarity, count = map(values.__getitem__, names)
    place = Place(of["id"], of["position"]) if isinstance(of, dict) else None
    mark = Mark(Reason(reason), rule, place, similarity, count)  # type: ignore[arg-type]
    return Removal(position, text, mark, at)  # type: ignore[arg-type]


def _misplaced(document: CleanDocument, rows: Sequence[Row]) -> Iterator[Fault]:
    """Removed rows that do not fit into the document, each position kept or removed once."""
    total = len(document.kept) + sum(removal.at is None for removal in document.removed)
    before = (-1, True)
    for removal, row in zip(document.removed, rows, strict=True):
        told = None
        here = (removal.position, removal.at is None)
        if here < before or (here == before and removal.at is None):
            told = f"position {here[0]} comes after position {before[0]}"
        elif removal.position >= total:
            told = f"position {here[0]} is none of the document's {total} paragraphs"
        if told:
            yield Fault(FaultKind.POSITION, row.where, told)
        before = here


def _wrong_texts(document: CleanDocument, row: Row, rows: Sequence[Row]) -> Iterator[Fault]:
    """Paragraphs that cannot be one, and parts that lie outside of theirs."""
    for number, text in enumerate(document.kept):
        if not text or "\n" in text:
            told = f"paragraph {number} is empty or holds a line break"
            yield Fault(FaultKind.TEXT, row.where, told)
    for removal, one in zip(document.removed, rows, strict=True):
        if not removal.text or "\n" in removal.text:
            yield Fault(FaultKind.TEXT, one.where, "it is empty or holds a line break")
    for copy in document.metadata.get(NEAR_COPIES, ()):
        if copy["paragraph"] >= len(document.kept):
            told = f"there is no kept paragraph {copy['paragraph']}, which is marked as a copy"
            yield Fault(FaultKind.POSITION, row.where, told)
    yield from _cuts_outside(document, rows)


def _cuts_outside(document: CleanDocument, rows: Sequence[Row]) -> Iterator[Fault]:
    cuts = [
        (removal.position, removal.at, len(removal.text), row.where)
        for removal, row in zip(document.removed, rows, strict=True)
        if removal.at is not None
    ]
    if not cuts:
        return
    gone = {removal.position: removal.text for removal in document.removed if removal.at is None}
    kept = iter(document.kept)
    total = len(document.kept) + len(gone)
    sizes = [len(gone[at] if at in gone else next(kept, "")) for at in range(total)]
    for position, at, size, where in reversed(cuts):
        if position < total and at > sizes[position]:
            told = f"character {at} lies behind the end of paragraph {position}"
            yield Fault(FaultKind.POSITION, where, told)
        if position < total:
            sizes[position] += size
