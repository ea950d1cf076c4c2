"""Exact copies over all parts: for all of a kind in a part, the first of them stands."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.parts import Layout, Part, scratch_column
from cleaner.distributed.steps import Search, all_parts, answered, told
from cleaner.distributed.tables import (
    TO,
    Columns,
    Rows,
    Tables,
    addressed,
    begins,
    signed,
    whole,
)
from cleaner.duplicates.exact import exact_reader, follow_first
from cleaner.duplicates.search import NOTHING
from cleaner.duplicates.terms import Relation

KEYS: Columns = {"key": "int64", "second": "int64", "paragraph": "int64"}
FIRSTS: Columns = {TO: "int64", "paragraph": "int64", "first": "int64"}
DONE: Columns = {"part": "int64"}


def follow_firsts(search: Search, tables: Tables) -> None:
    """Leave in each part, for each paragraph, the first of its kind in the run, or -1 (`first`)."""
    parts = all_parts(search.layout, tables)
    keys = parts.mapped(partial(_tell, search=search), KEYS).by("key", ["second", "paragraph"])
    firsts = keys.mapped(partial(_first, layout=search.layout), FIRSTS)
    answers = answered(firsts, search.layout, tables, FIRSTS)
    answers.mapped(partial(_follow, search=search), DONE).collected()


def _tell(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    """The keys of the first of each kind in a part, if others may be in other parts."""
    by_document = search.terms.relation is not Relation.ANY
    for number, _ in addressed(shares):
        part = search.layout.part(number)
        firsts = _firsts_in(part, search)
        part.put(f"{search.name}/first-here", firsts)
        if by_document or not len(firsts):
            continue
        store, alive = part.store(search.terms.config), part.got(search.alive, np.uint8)
        with scratch_column(alive & (firsts == NOTHING)) as heads:
            read = exact_reader(store, heads, search.terms.config, by_document=by_document)
            keys, rows = read(0, len(store))
        yield {
            "key": signed(keys),
            "second": signed(store.keys[1].array[rows]),
            "paragraph": rows + part.first_paragraph,
        }


def _firsts_in(part: Part, search: Search) -> NDArray[np.int64]:
    store, alive = part.store(search.terms.config), part.got(search.alive, np.uint8)
    none = np.full(len(store), NOTHING, dtype=np.int64)
    if not len(store):
        return none
    with scratch_column(alive) as column, scratch_column(none) as of:
        follow_first(store, column, search.terms, of)
        return of.array.copy()


def _first(shares: Iterator[Rows], layout: Layout) -> Iterator[Rows]:
    for rows in whole(shares, "key", "second"):
        is_first = begins(rows, "key", "second")
        firsts = rows["paragraph"][np.flatnonzero(is_first)[np.cumsum(is_first) - 1]]
        others = rows["paragraph"][~is_first]
        yield {TO: layout.part_of(others), "paragraph": others, "first": firsts[~is_first]}


def _follow(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        part = search.layout.part(number)
        firsts = part.got(f"{search.name}/first-here", np.int64)
        answers = told(rows, "paragraph")
        firsts[firsts != NOTHING] += part.first_paragraph
        heads = np.full(len(firsts), NOTHING, dtype=np.int64)
        heads[answers["paragraph"] - part.first_paragraph] = answers["first"]
        follows = np.flatnonzero(firsts != NOTHING)
        further = heads[firsts[follows] - part.first_paragraph]
        firsts[follows] = np.where(further == NOTHING, firsts[follows], further)
        part.put(f"{search.name}/first", np.where(firsts == NOTHING, heads, firsts))
        yield {"part": np.array([number])}
