"""Exact copies: paragraphs of the same tokens and names. Only the first of each goes on."""

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import Column
from cleaner.config import Config
from cleaner.duplicates.groups import Groups, Reader, repeated
from cleaner.duplicates.shingles import set_hashes
from cleaner.duplicates.store import Store
from cleaner.duplicates.terms import Relation, Terms, key_within
from cleaner.duplicates.tokens import mix64


def follow_first(store: Store, alive: Column, terms: Terms, of: Column) -> None:
    """Enter, for each paragraph that repeats an earlier one, the first of its kind in `of`.

    Where only copies in other documents count, a paragraph follows the first of its own document:
    whatever is decided of that one holds for it as well.
    """
    by_document = terms.relation is not Relation.ANY
    read = exact_reader(store, alive, terms.config, by_document=by_document)
    # Of a key that is too frequent to be held at once, the first of each second key so far.
    open_firsts: dict[tuple[int, int], int] = {}
    for groups in repeated(read, len(store), terms.memory):
        second = store.keys[1].array[groups.rows]
        if groups.is_piece:
            _follow_pieces(groups, second, open_firsts, of.array)
            continue
        open_firsts.clear()
        order = np.lexsort((groups.rows, second, groups.keys))
        keys, second, rows = groups.keys[order], second[order], groups.rows[order]
        begins = np.ones(len(rows), dtype=bool)
        begins[1:] = (keys[1:] != keys[:-1]) | (second[1:] != second[:-1])
        firsts = rows[np.flatnonzero(begins)[np.cumsum(begins) - 1]] if len(rows) else rows
        of.array[rows[~begins]] = firsts[~begins]
        store.release()


def exact_reader(store: Store, alive: Column, config: Config, *, by_document: bool) -> Reader:
    """Reads first halves of the keys under which exact copies meet, and the paragraphs alive."""

    def read(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        rows = first + np.flatnonzero(alive.array[first:last])
        keys = store.keys[0].array[rows]
        if config.names_agree:
            # The only facts that are not in the tokens, as these have lost their capitals.
            keys = mix64(keys + set_hashes(store.names.take(rows)))
        return (key_within(keys, store.documents.array[rows]) if by_document else keys), rows

    return read


def _follow_pieces(
    groups: Groups,
    second: NDArray[np.uint64],
    open_firsts: dict[tuple[int, int], int],
    of: NDArray[np.int64],
) -> None:
    for half in np.unique(second).tolist():
        rows = groups.rows[second == np.uint64(half)]
        key = int(groups.keys[0]), half
        if key not in open_firsts:
            open_firsts[key] = int(rows[0])
            rows = rows[1:]
        of[rows] = open_firsts[key]
