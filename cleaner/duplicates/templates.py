"""Templates: short lines that many documents of one site hold, boilerplate in all of them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column, spans
from cleaner.config import Config
from cleaner.duplicates.groups import Groups, repeated
from cleaner.duplicates.store import Store
from cleaner.duplicates.terms import key_within


class SiteSizes:
    """How many documents each site has, of those that keep something.

    Some may be told by a number for each of some sites, without being there themselves.
    """

    def __init__(
        self,
        sites: NDArray[np.uint64],
        others: tuple[NDArray[np.uint64], NDArray[np.int64]] | None = None,
    ) -> None:
        self._sites, self._counts = np.unique(sites, return_counts=True)
        if others:
            everywhere = np.concatenate((self._sites, others[0]))
            counts = np.concatenate((self._counts, others[1]))
            self._sites, kinds = np.unique(everywhere, return_inverse=True)
            self._counts = np.zeros(len(self._sites), dtype=np.int64)
            np.add.at(self._counts, kinds, counts)

    def of(self, sites: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The number of documents of each of some sites."""
        if not len(self._sites):
            return np.zeros(len(sites), dtype=np.int64)
        at = np.searchsorted(self._sites, sites).clip(max=len(self._sites) - 1)
        known = self._sites[at] == sites
        return np.where(known, self._counts[at], 0)


class Templates:
    """Finds the templates among the short lines of a run, and enters them in a column."""

    def __init__(
        self,
        store: Store,
        sites: Column,
        config: Config,
        memory: int,
        folder: Path,
    ) -> None:
        self._store = store
        self.weights = np.empty(0, dtype=np.int64)
        """Of the first short lines, for how many documents each stands; one for all others."""
        self._sites = sites
        self._config = config
        self._memory = memory
        self.documents = Column.filled(
            folder / "templates", np.int64, len(store.short_documents), 0
        )
        """For each short line how many documents of its site hold it; 0 if it is no template."""

    def find(self, sizes: SiteSizes) -> None:
        """Enter the templates that there are with sites of these sizes.

        What was found with other sizes before stays.
        """
        frequent: tuple[int, int, int] | None = None
        for groups in repeated(self._read, len(self.documents), self._memory):
            if groups.is_piece:
                frequent = self._counted_on(frequent, groups, sizes)
                continue
            self._enter(groups, sizes)
        self._enter_frequent(frequent, sizes)
        self._release()

    def count(self) -> tuple[int, int]:
        """How many short lines are templates, and how many of them the search compares, too."""
        lines = compared = 0
        for first, last in spans(len(self.documents)):
            found = self.documents.array[first:last] > 0
            lines += int(np.count_nonzero(found))
            is_compared = self._store.short_paragraphs.array[first:last][found] >= 0
            compared += int(np.count_nonzero(is_compared))
            self._release()
        return lines, compared

    def _read(self, first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        documents = self._store.short_documents.array[first:last]
        keys = key_within(self._store.short_keys[0].array[first:last], self._sites.array[documents])
        self._release()
        return keys, np.arange(first, last)

    def _release(self) -> None:
        """Give back the memory of what was looked at."""
        self._store.release()
        self._sites.release()
        self.documents.release()

    def _enter(self, groups: Groups, sizes: SiteSizes) -> None:
        if not len(groups.rows):
            return
        second = self._store.short_keys[1].array[groups.rows]
        order = np.lexsort((groups.rows, second, groups.keys))
        keys, second, rows = groups.keys[order], second[order], groups.rows[order]
        documents = self._store.short_documents.array[rows]
        begins = np.ones(len(rows), dtype=bool)
        begins[1:] = (keys[1:] != keys[:-1]) | (second[1:] != second[:-1])
        is_new = begins.copy()
        is_new[1:] |= documents[1:] != documents[:-1]
        group = np.cumsum(begins) - 1
        counts = np.bincount(group, weights=is_new * self._weight(rows)).astype(np.int64)[group]
        is_template = self._is_template(counts, sizes.of(self._sites.array[documents]))
        self.documents.array[rows[is_template]] = counts[is_template]

    def _weight(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """For how many documents the document of each row stands."""
        weight = np.ones(len(rows), dtype=np.int64)
        is_weighed = rows < len(self.weights)
        weight[is_weighed] = self.weights[rows[is_weighed]]
        return weight

    def _is_template(
        self, documents: NDArray[np.int64], of: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        enough = documents >= self._config.template_documents
        return enough & (documents >= self._config.template_share * of)

    def _counted_on(
        self, frequent: tuple[int, int, int] | None, groups: Groups, sizes: SiteSizes
    ) -> tuple[int, int, int]:
        """Count the documents of a line that is too frequent to be held: key, documents, last."""
        key = int(groups.keys[0])
        if frequent is None or frequent[0] != key:
            self._enter_frequent(frequent, sizes)
            frequent = key, 0, -1
        documents = self._store.short_documents.array[groups.rows]
        is_new = np.diff(documents, prepend=frequent[2]) != 0
        count = int(self._weight(groups.rows)[is_new].sum())
        return key, frequent[1] + count, int(documents[-1])

    def _enter_frequent(self, frequent: tuple[int, int, int] | None, sizes: SiteSizes) -> None:
        if frequent is None:
            return
        key, count, document = frequent
        of = sizes.of(self._sites.array[[document]])
        if not self._is_template(np.array([count]), of)[0]:
            return
        for first, last in spans(len(self.documents)):
            keys, rows = self._read(first, last)
            self.documents.array[rows[keys == np.uint64(key)]] = count
