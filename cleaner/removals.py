"""Phase 2: what goes out of all documents as a template or a copy, decided over the whole run.

The decisions are columns on disk; phase 3 reads those of one batch after the other.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.catalogue import Catalogue, write_distinct_ids
from cleaner.columns import Column, spans
from cleaner.config import Action, Config
from cleaner.decided import JOINED, REMOVALS, STORE, open_store
from cleaner.duplicates.search import NOTHING, Copies, find_copies
from cleaner.duplicates.store import Store
from cleaner.duplicates.templates import SiteSizes, Templates
from cleaner.duplicates.terms import Relation, Terms
from cleaner.earlier.index import EarlierCorpus
from cleaner.earlier.joined import Run, delete_searched, join

OtherSizes = tuple[NDArray[np.uint64], NDArray[np.int64]] | None


def relation_of(action: Action, config: Config) -> Relation | None:
    """The pairs of paragraphs for which the options ask for this action."""
    within = config.within_documents == action
    across = config.across_documents == action
    if within and across:
        return Relation.ANY
    if within:
        return Relation.WITHIN
    return Relation.ACROSS if across else None


def plan_removals(
    work: Path, config: Config, memory: int, earlier: EarlierCorpus | None = None
) -> None:
    """Decide about all documents and leave the decisions in the work folder.

    A site's documents are those that keep something. As that is known only when the copies are,
    the search is repeated should further lines turn out to be templates: cleaning the output once
    more must find none.
    """
    folder = work / REMOVALS
    corpus = _everything(work, config, memory, earlier)
    store = corpus.store
    templates = Templates(store, corpus.sites, config, memory, folder)
    templates.weights = corpus.weights
    templates.find(SiteSizes(corpus.sites.array[corpus.lines.array > 0], corpus.first_sizes))
    dropping, marking = (_terms(action, config, memory) for action in ("drop", "mark"))
    lines, compared, searched = *templates.count(), -1
    while True:
        if compared != searched:
            alive = _alive(store, templates, folder / "alive")
            copies = _search(corpus, alive, dropping, folder / "drop")
            searched = compared
        remaining = _remaining(corpus, templates, copies)
        templates.find(SiteSizes(corpus.sites.array[remaining > 0], corpus.later_sizes))
        lines_before = lines
        lines, compared = templates.count()
        if lines == lines_before:
            break
    _kill(alive, copies)
    _search(corpus, alive, marking, folder / "mark")
    if earlier:
        delete_searched(work / JOINED)


@dataclass(frozen=True, slots=True)
class _Everything:
    """All that is decided about together, with what comes before the run's own."""

    store: Store
    sites: Column
    lines: Column
    settled: int = 0
    """So many of the first paragraphs stay."""
    weights: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    first_sizes: OtherSizes = None
    later_sizes: OtherSizes = None
    """Documents of sites that are not there themselves: with lines, and with something kept."""


def _everything(
    work: Path, config: Config, memory: int, earlier: EarlierCorpus | None
) -> _Everything:
    store, catalogue = open_store(work / STORE, config), Catalogue(work / "catalogue")
    taken = earlier.names_taken if earlier else None
    names = write_distinct_ids(catalogue, memory, work / REMOVALS, taken)
    if earlier is None:
        return _Everything(store, catalogue.sites, catalogue.lines)
    folder = work / JOINED
    joined = join(Run(store, catalogue, names), earlier, config, folder)
    return _Everything(
        open_store(folder, config),
        Column(folder / "sites", np.uint64),
        Column(folder / "lines", np.int64),
        *(joined.paragraphs, joined.weights),
        (joined.sites.sites, joined.sites.documents),
        (joined.sites.sites, joined.sites.solid),
    )


def _terms(action: Action, config: Config, memory: int) -> Terms | None:
    relation = relation_of(action, config)
    return Terms(relation, config, memory) if relation else None


def _search(corpus: _Everything, alive: Column, terms: Terms | None, folder: Path) -> Copies:
    if terms is None:
        return Copies.none(folder, len(corpus.store))
    return find_copies(corpus.store, alive, terms, folder, settled=corpus.settled)


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


def _remaining(corpus: _Everything, templates: Templates, copies: Copies) -> NDArray[np.int64]:
    """The lines that each document keeps, but for what its head and tail may lose. (documents,).

    A line goes by its place only where prose stays, so none left means none left at all.
    """
    store, remaining = corpus.store, corpus.lines.array.copy()
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
