"""Short lines of the earlier corpus that count towards the templates of a run, as rows of a store.

Three kinds come before the run's own: those of paragraphs that the search compares with, which
go as originals where they turn out to be templates; those of hollow documents, which count as
documents of their site while one of theirs is none; and one for each line that is held at all, with
the number of earlier documents that hold it as its weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column, spans
from cleaner.duplicates.shingles import ranges
from cleaner.duplicates.store import Store
from cleaner.duplicates.terms import key_within
from cleaner.earlier.index import EarlierCorpus, Neighbours


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines. All of shape (lines,)."""

    keys: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    sites: NDArray[np.uint64]
    documents: NDArray[np.int64]
    """Numbers, those of one kind from 0."""
    paragraphs: NDArray[np.int64]
    """The paragraph that a line also is, or -1."""

    def __len__(self) -> int:
        return len(self.sites)

    def within(self) -> NDArray[np.uint64]:
        """What tells the lines of each site apart."""
        return key_within(self.keys[0], self.sites)

    def take(self, rows: NDArray[np.int64]) -> "Lines":
        """Some of them."""
        return Lines(
            (self.keys[0][rows], self.keys[1][rows]),
            *(self.sites[rows], self.documents[rows], self.paragraphs[rows]),
        )


def together(parts: Sequence[Lines]) -> Lines:
    """Lines one behind the other."""
    nothing = np.empty(0, dtype=np.int64)
    hashes = nothing.astype(np.uint64)
    return Lines(
        (
            np.concatenate([hashes, *(one.keys[0] for one in parts)]),
            np.concatenate([hashes, *(one.keys[1] for one in parts)]),
        ),
        np.concatenate([hashes, *(one.sites for one in parts)]),
        np.concatenate([nothing, *(one.documents for one in parts)]),
        np.concatenate([nothing, *(one.paragraphs for one in parts)]),
    )


def lines_of_neighbours(neighbours: Sequence[Neighbours], documents: NDArray[np.int64]) -> Lines:
    """The neighbours that are also short lines.

    Args:
        neighbours: of each segment.
        documents: of all of them one behind the other, the numbers of their documents.

    """
    found = []
    starts = accumulate((len(one.rows) for one in neighbours), initial=0)
    for one, start in zip(neighbours, starts, strict=False):
        segment, line_rows = one.segment, one.segment.line_rows.array
        at = np.searchsorted(line_rows, one.rows)
        is_line = at < len(line_rows)
        is_line[is_line] = line_rows[at[is_line]] == one.rows[is_line]
        paragraphs, at = start + np.flatnonzero(is_line), at[is_line]
        keys = tuple(segment.lines[f"keys.{half}"].array[at] for half in (0, 1))
        sites = segment.lines["sites"].array[at]
        found.append(Lines((keys[0], keys[1]), sites, documents[paragraphs], paragraphs))
    return together(found)


def hollow_lines(earlier: EarlierCorpus, sites: NDArray[np.uint64]) -> Lines:
    """All lines of the hollow documents of some sites."""
    found, total = [], 0
    for segment in earlier.segments:
        hollow = segment.hollow_of(sites)
        starts = segment.hollow_starts.array[hollow]
        sizes = segment.hollow_starts.array[hollow + 1] - starts
        at = ranges(starts, sizes)
        owners = np.repeat(np.arange(len(hollow)), sizes)
        keys = segment.hollow_keys[0].array[at], segment.hollow_keys[1].array[at]
        theirs = segment.hollow_sites.array[hollow][owners]
        found.append(Lines(keys, theirs, total + owners, np.full(len(at), -1)))
        total += len(hollow)
    return together(found)


def witnesses(
    earlier: EarlierCorpus, store: Store, sites: Column, others: Sequence[Lines]
) -> tuple[Lines, NDArray[np.int64]]:
    """Each line of the run, and each other one, that earlier documents hold; and how many do.

    Its document is one for all lines of a site.
    """
    parts = [_held_among(one, earlier) for one in others]
    for first, last in spans(len(store.short_documents)):
        theirs = sites.array[store.short_documents.array[first:last]]
        keys = tuple(half.array[first:last] for half in store.short_keys)
        nothing = np.full(len(theirs), -1)
        parts.append(_held_among(Lines((keys[0], keys[1]), theirs, nothing, nothing), earlier))
        store.release()
    lines = together(parts)
    lines = lines.take(np.unique(lines.within(), return_index=True)[1])
    lines = lines.take(np.argsort(lines.sites, kind="stable"))
    documents = np.unique(lines.sites, return_inverse=True)[1]
    numbered = Lines(lines.keys, lines.sites, documents, np.full(len(lines), -1))
    return numbered, earlier.held(lines.within())


def _held_among(lines: Lines, earlier: EarlierCorpus) -> Lines:
    within, places = np.unique(lines.within(), return_index=True)
    return lines.take(places[earlier.held(within) > 0])


def documents_of(lines: Lines) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The site of each document of some lines, and how many of the lines it has."""
    firsts = np.flatnonzero(np.diff(lines.documents, prepend=-1))
    return lines.sites[firsts], np.diff(firsts, append=len(lines))
