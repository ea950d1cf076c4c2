"""Phase 2: what goes out of all documents as a template or a copy, decided over the whole run.

The decisions are columns on disk; phase 3 reads those of one batch after the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.catalogue import Catalogue, Names, write_distinct_ids
from cleaner.columns import Column, spans
from cleaner.config import Action, Config
from cleaner.document import Findings, KeptCopy, Mark, Place, Reason
from cleaner.duplicates.bands import bands_for
from cleaner.duplicates.search import NOTHING, Copies, find_copies
from cleaner.duplicates.store import Store
from cleaner.duplicates.templates import SiteSizes, Templates
from cleaner.duplicates.terms import Relation, Terms


@dataclass(frozen=True, slots=True)
class Span:
    """A batch's share of all documents, compared paragraphs and short lines."""

    documents: tuple[int, int]
    paragraphs: tuple[int, int]
    short_lines: tuple[int, int]


def relation_of(action: Action, config: Config) -> Relation | None:
    """The pairs of paragraphs for which the options ask for this action."""
    within = config.within_documents == action
    across = config.across_documents == action
    if within and across:
        return Relation.ANY
    if within:
        return Relation.WITHIN
    return Relation.ACROSS if across else None


def plan_removals(work: Path, config: Config, memory: int) -> None:
    """Decide about all documents and leave the decisions in the work folder.

    A site's documents are those that keep something. As that is known only when the copies are,
    the search is repeated should further lines turn out to be templates: cleaning the output once
    more must find none.
    """
    store, catalogue = _open_store(work, config), Catalogue(work / "catalogue")
    folder = work / "removals"
    write_distinct_ids(catalogue, memory, folder)
    templates = Templates(store, catalogue.sites, config, memory, folder)
    templates.find(SiteSizes(catalogue.sites.array[catalogue.lines.array > 0]))
    dropping, marking = (_terms(action, config, memory) for action in ("drop", "mark"))
    lines, compared, searched = *templates.count(), -1
    while True:
        if compared != searched:
            alive = _alive(store, templates, folder / "alive")
            copies = _search(store, alive, dropping, folder / "drop")
            searched = compared
        remaining = _remaining(store, catalogue, templates, copies)
        templates.find(SiteSizes(catalogue.sites.array[remaining > 0]))
        lines_before = lines
        lines, compared = templates.count()
        if lines == lines_before:
            break
    _kill(alive, copies)
    _search(store, alive, marking, folder / "mark")


def _open_store(work: Path, config: Config) -> Store:
    return Store(work / "store", bands_for(config.threshold))


def _terms(action: Action, config: Config, memory: int) -> Terms | None:
    relation = relation_of(action, config)
    return Terms(relation, config, memory) if relation else None


def _search(store: Store, alive: Column, terms: Terms | None, folder: Path) -> Copies:
    if terms is None:
        return Copies.none(folder, len(store))
    return find_copies(store, alive, terms, folder)


def _alive(store: Store, templates: Templates, path: Path) -> Column:
    """The paragraphs that are no templates."""
    alive = Column.filled(path, np.uint8, len(store), 1)
    for first, last in spans(len(templates.documents)):
        paragraphs = store.short_paragraphs.array[first:last]
        gone = (templates.documents.array[first:last] > 0) & (paragraphs >= 0)
        alive.array[paragraphs[gone]] = 0
        store.release()
    return alive


def _kill(alive: Column, copies: Copies) -> None:
    for first, last in spans(len(alive)):
        alive.array[first:last] &= copies.of.array[first:last] == NOTHING


def _remaining(
    store: Store, catalogue: Catalogue, templates: Templates, copies: Copies
) -> NDArray[np.int64]:
    """The lines that each document keeps, but for what its head and tail may lose. (documents,).

    A line goes by its place only where prose stays, so none left means none left at all.
    """
    remaining = catalogue.lines.array.copy()
    for first, last in spans(len(store)):
        gone = copies.of.array[first:last] != NOTHING
        np.subtract.at(remaining, store.documents.array[first:last][gone], 1)
        copies.release()
        store.release()
    for first, last in spans(len(templates.documents)):
        gone = templates.documents.array[first:last] > 0
        np.subtract.at(remaining, store.short_documents.array[first:last][gone], 1)
        store.release()
    return remaining


class Removals:
    """The decisions that `plan_removals` left, for the documents of any batch."""

    def __init__(self, work: Path, config: Config) -> None:
        folder = work / "removals"
        self._store = _open_store(work, config)
        self._names = Names(folder, "names")
        self._templates = Column(folder / "templates", np.int64)
        self._copies = {action: Copies.opened(folder / action) for action in ("drop", "mark")}

    def id_of(self, document: int) -> str:
        """The id that a document is written with."""
        return self._names[document]

    def findings(self, span: Span) -> Mapping[int, Findings]:
        """What was found in the documents of a batch, by their numbers in the whole run."""
        removed: dict[int, dict[int, Mark]] = {}
        kept: dict[int, dict[int, KeptCopy]] = {}
        for document, position, count in self._found_templates(span):
            removed.setdefault(document, {})[position] = Mark(Reason.TEMPLATE, count=count)
        for document, position, of, similarity in self._found_copies("drop", span):
            mark = Mark(Reason.DUPLICATE, of=of, similarity=similarity)
            removed.setdefault(document, {})[position] = mark
        for document, position, of, similarity in self._found_copies("mark", span):
            kept.setdefault(document, {})[position] = KeptCopy(of, similarity)
        return {
            document: Findings(removed.get(document, {}), kept.get(document, {}))
            for document in removed.keys() | kept.keys()
        }

    def _found_templates(self, span: Span) -> Iterator[tuple[int, int, int]]:
        """Document, position, number of documents that hold the line."""
        first, last = span.short_lines
        rows = first + np.flatnonzero(self._templates.array[first:last])
        columns = (
            self._store.short_documents.array[rows],
            self._store.short_positions.array[rows],
            self._templates.array[rows],
        )
        yield from zip(*(column.tolist() for column in columns), strict=True)

    def _found_copies(self, action: str, span: Span) -> Iterator[tuple[int, int, Place, float]]:
        """Document, position, what is copied, and how closely."""
        first, last = span.paragraphs
        copies, store = self._copies[action], self._store
        rows = first + np.flatnonzero(copies.of.array[first:last] != NOTHING)
        of = copies.of.array[rows]
        columns = (
            store.documents.array[rows],
            store.positions.array[rows],
            store.documents.array[of],
            store.positions.array[of],
            copies.similarity.array[rows],
        )
        for document, position, of_document, of_position, similarity in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            yield document, position, Place(self._names[of_document], of_position), similarity
