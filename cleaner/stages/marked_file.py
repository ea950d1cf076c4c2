"""Marked documents on disk, between the phase that marks and the phase that removes."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from cleaner.document import Cut, Mark, MarkedDocument, MarkedParagraph, Reason
from cleaner.json_lines import dump_line, load_line
from cleaner.stages.rejection import Rejection


def as_line(outcome: MarkedDocument | Rejection) -> bytes:
    """One row: a rejection, or a document with its paragraphs.

    Raises:
        RecursionError: the document's metadata is nested too deeply to be written.

    """
    if isinstance(outcome, Rejection):
        return dump_line({"rejected": astuple(outcome)})
    return dump_line(
        {
            "id": outcome.id,
            "source": outcome.source,
            "metadata": outcome.metadata,
            "risky": outcome.risky,
            "repaired": outcome.repaired,
            "paragraphs": [
                [
                    paragraph.text,
                    paragraph.mark and paragraph.mark.rule,
                    paragraph.placed_rule,
                    [[cut.at, cut.text, cut.rule] for cut in paragraph.cuts],
                ]
                for paragraph in outcome.paragraphs
            ],
        }
    )


def write_marked(lines: Iterable[bytes], path: Path) -> None:
    """Write rows made by `as_line`."""
    with path.open("wb") as stream:
        stream.writelines(lines)


def read_marked(path: Path) -> Iterator[MarkedDocument | Rejection]:
    """Read what `write_marked` wrote."""
    with path.open("rb") as stream:
        for line in stream:
            yield _from_row(load_line(line))


def _from_row(row: dict[str, Any]) -> MarkedDocument | Rejection:
    if "rejected" in row:
        return Rejection(*row["rejected"])
    return MarkedDocument(
        id=row["id"],
        source=row["source"],
        paragraphs=tuple(
            MarkedParagraph(
                text,
                rule and Mark(Reason.BOILERPLATE, rule),
                placed,
                tuple(Cut(*cut) for cut in cuts),
            )
            for text, rule, placed, cuts in row["paragraphs"]
        ),
        metadata=row["metadata"],
        risky=row["risky"],
        repaired=row["repaired"],
    )
