"""Marked documents on disk, between the phase that marks and the phase that removes."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from functools import partial
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
            "paragraphs": list(map(_as_json, outcome.paragraphs)),
        }
    )


def _as_json(paragraph: MarkedParagraph) -> str | list[Any]:
    """Its text alone, if there is no more to say of it, as of most."""
    text, mark, placed, cuts = paragraph
    if mark is None and placed is None and not cuts:
        return text
    return [text, mark and mark.rule, placed, [[cut.at, cut.text, cut.rule] for cut in cuts]]


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
            [
                _bare((one, None, None, ())) if isinstance(one, str) else _from_json(one)
                for one in row["paragraphs"]
            ]
        ),
        metadata=row["metadata"],
        risky=row["risky"],
        repaired=row["repaired"],
    )


_bare = partial(tuple.__new__, MarkedParagraph)
"""A paragraph from all its parts, in half the time; most are those of which nothing is said."""


def _from_json(paragraph: list[Any]) -> MarkedParagraph:
    text, rule, placed, cuts = paragraph
    mark = rule and Mark(Reason.BOILERPLATE, rule)
    return MarkedParagraph(text, mark, placed, tuple(Cut(*cut) for cut in cuts))
