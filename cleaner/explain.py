"""One document of an output with all its paragraphs: what was kept, what was not, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.document import Mark, Place, Removal
from cleaner.nearest import Nearest
from cleaner.output.walk import FinishedDocument
from cleaner.output.whole import documents_of, no_document


@dataclass(frozen=True, slots=True)
class ExplainedParagraph:
    """A paragraph, or a part of one, and what became of it."""

    position: int
    text: str
    mark: Mark | None
    """Why it was removed; None if it was kept."""
    is_part: bool
    """It was cut out of the paragraph before it in the list."""
    original: str | None
    """The text of what it copies, where that is in the same output."""


def explain(clean: Path, wanted: str) -> tuple[FinishedDocument, Sequence[ExplainedParagraph]]:
    """The document of an id, and its paragraphs in their order.

    Raises:
        UsageError: no run has finished there, or no document of the output has this id.
        CleanerError: the output was changed or is not complete.

    """
    found = _found(clean, wanted)
    originals = _texts(clean, found, {one.mark.of for one in found.document.removed if one.mark.of})
    return found, list(_paragraphs(found, originals))


def _found(clean: Path, wanted: str) -> FinishedDocument:
    nearest = Nearest(wanted)
    for one in documents_of(clean):
        if one.document.id == wanted:
            return one
        nearest.look_at(one.document.id)
    raise no_document(clean, nearest, wanted)


def _paragraphs(
    found: FinishedDocument, originals: dict[Place, str]
) -> Iterator[ExplainedParagraph]:
    kept = dict(zip(found.kept_positions(), found.document.kept, strict=True))
    whole = {one.position: one for one in found.document.removed if one.at is None}
    parts: dict[int, list[Removal]] = {}
    for one in found.document.removed:
        if one.at is not None:
            parts.setdefault(one.position, []).append(one)
    for position in range(len(kept) + len(whole)):
        removal = whole.get(position)
        if removal is None:
            yield ExplainedParagraph(position, kept[position], None, False, None)
        else:
            original = originals.get(removal.mark.of) if removal.mark.of else None
            yield ExplainedParagraph(position, removal.text, removal.mark, False, original)
        for part in parts.get(position, ()):
            yield ExplainedParagraph(position, part.text, part.mark, True, None)


def _texts(clean: Path, found: FinishedDocument, wanted: set[Place]) -> dict[Place, str]:
    """The kept paragraphs that are named. Those of other documents take another walk."""
    names = {place.id for place in wanted}
    documents = [found] if names <= {found.document.id} else documents_of(clean)
    texts: dict[Place, str] = {}
    for document in documents:
        name = document.document.id
        if name not in names:
            continue
        names.discard(name)
        for position, text in zip(document.kept_positions(), document.document.kept, strict=True):
            if Place(name, position) in wanted:
                texts[Place(name, position)] = text
        if not names:
            break
    return texts
