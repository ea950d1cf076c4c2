"""What was decided about the documents of a run, for the batches that are written one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from cleaner.catalogue import Names
from cleaner.columns import Column
from cleaner.config import Config
from cleaner.document import Findings, KeptCopy, Mark, Place, Reason
from cleaner.duplicates.bands import bands_for
from cleaner.duplicates.search import NOTHING, Copies
from cleaner.duplicates.store import Places, Store

STORE, REMOVALS = "store", "removals"
JOINED = "removals/joined"
"""Folders of the work folder: the sketches; the decisions; and, where there is an earlier corpus,
the sketches with what they meet of that before them."""


@dataclass(frozen=True, slots=True)
class Span:
    """A batch's share of all documents, compared paragraphs and short lines."""

    documents: tuple[int, int]
    paragraphs: tuple[int, int]
    short_lines: tuple[int, int]


class Decided(Protocol):
    """What was decided about documents."""

    def id_of(self, document: int) -> str:
        """The id that a document is written with."""

    def findings(self, span: Span) -> Mapping[int, Findings]:
        """What was found in the documents of a batch, by their numbers."""


def open_store(folder: Path, config: Config) -> Store:
    """The sketches in a folder."""
    return Store(folder, bands_for(config.threshold))


class Removals:
    """The decisions that `plan_removals` left, for the documents of any batch."""

    def __init__(self, work: Path) -> None:
        folder, joined = work / REMOVALS, work / JOINED
        own = Places(work / STORE)
        self._store = Places(joined) if joined.exists() else own
        own_names = Names(folder, "names")
        self._names = Names(joined, "ids") if joined.exists() else own_names
        self._templates = Column(folder / "templates", np.int64)
        self._copies = {action: Copies.opened(folder / action) for action in ("drop", "mark")}
        # How many documents, paragraphs and short lines come before the run's own.
        self._documents = len(self._names) - len(own_names)
        self._paragraphs = len(self._store) - len(own)
        self._short_lines = len(self._store.short_documents) - len(own.short_documents)

    def id_of(self, document: int) -> str:
        """The id that a document is written with."""
        return self._names[self._documents + document]

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
            document - self._documents: Findings(removed.get(document, {}), kept.get(document, {}))
            for document in removed.keys() | kept.keys()
        }

    def _found_templates(self, span: Span) -> Iterator[tuple[int, int, int]]:
        """Document, position, number of documents that hold the line."""
        first, last = (self._short_lines + number for number in span.short_lines)
        rows = first + np.flatnonzero(self._templates.array[first:last])
        columns = (
            self._store.short_documents.array[rows],
            self._store.short_positions.array[rows],
            self._templates.array[rows],
        )
        yield from zip(*(column.tolist() for column in columns), strict=True)

    def _found_copies(self, action: str, span: Span) -> Iterator[tuple[int, int, Place, float]]:
        """Document, position, what is copied, and how closely."""
        first, last = (self._paragraphs + number for number in span.paragraphs)
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
            place = Place(self._names[of_document], of_position, of_document < self._documents)
            yield document, position, place, similarity
