"""Templates over all parts: short lines that many documents of one site hold."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.distributed.parts import Layout, Part
from cleaner.distributed.steps import all_parts, answered, told
from cleaner.distributed.tables import (
    TO,
    Columns,
    Rows,
    Tables,
    addressed,
    begins,
    signed,
    some,
    unsigned,
    whole,
)
from cleaner.duplicates.search import NOTHING
from cleaner.duplicates.terms import key_within

LINES: Columns = {
    "key": "int64",
    "second": "int64",
    "site": "int64",
    TO: "int64",
    "documents": "int64",
}
FOUND: Columns = {TO: "int64", "key": "int64", "second": "int64", "documents": "int64"}
COUNTS: Columns = {"part": "int64", "lines": "int64", "compared": "int64"}
NO_SEARCH = ""
SIZE = -1
"""In the place of a part: the row tells how many documents of a site keep something."""


def find_templates(
    layout: Layout, config: Config, tables: Tables, turn: int, search: str = NO_SEARCH
) -> tuple[int, int]:
    """Leave in each part its templates (`templates-TURN`), with those of the turn before.

    A site's documents are those that keep something after a search, or all that have a line.

    Returns:
        How many lines are templates, and how many of them are compared, too.

    """
    parts = all_parts(layout, tables)
    lines = parts.mapped(partial(_tell, layout=layout, config=config), LINES)
    frequent = lines.by("key", ["second"]).mapped(partial(_count, config=config), LINES)
    tell_sizes = partial(_tell_sizes, layout=layout, config=config, turn=turn, search=search)
    sizes = parts.mapped(tell_sizes, LINES)
    by_site = frequent.joined_by(sizes).by("site", [TO])
    found = by_site.mapped(partial(_choose, config=config), FOUND)
    heard = answered(found, layout, tables, FOUND)
    enter = partial(_enter, layout=layout, config=config, turn=turn)
    done = heard.mapped(enter, COUNTS).collected()
    return int(done["lines"].sum()), int(done["compared"].sum())


def templates_of(part: Part, config: Config, turn: int) -> NDArray[np.int64]:
    """For each short line of a part how many documents of its site hold it; 0 for no template."""
    if turn:
        return part.got(f"templates-{turn}", np.int64)
    return np.zeros(len(part.store(config).short_documents), dtype=np.int64)


def _keys_of(part: Part, config: Config) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    store, sites = part.store(config), part.catalogue().sites.array
    of_site = key_within(store.short_keys[0].array, sites[store.short_documents.array])
    return of_site, store.short_keys[1].array


def _tell(shares: Iterator[Rows], layout: Layout, config: Config) -> Iterator[Rows]:
    """How many documents of a part hold each line."""
    for number, _ in addressed(shares):
        part = layout.part(number)
        documents = part.store(config).short_documents.array
        keys, second = _keys_of(part, config)
        order = np.lexsort((documents, second, keys))
        rows = {"key": signed(keys[order]), "second": signed(second[order])}
        rows["document"] = documents[order]
        is_new = begins(rows, "key", "second", "document")
        firsts = np.flatnonzero(begins(rows, "key", "second"))
        counts = np.add.reduceat(is_new.astype(np.int64), firsts) if len(firsts) else firsts
        sites = part.catalogue().sites.array[rows["document"][firsts]]
        yield {
            "key": rows["key"][firsts],
            "second": rows["second"][firsts],
            "site": signed(sites),
            TO: np.full(len(firsts), number),
            "documents": counts,
        }


def _count(shares: Iterator[Rows], config: Config) -> Iterator[Rows]:
    """Add up the counts of the parts, and go on with the lines that enough documents hold."""
    for rows in whole(shares, "key", "second"):
        group = np.cumsum(begins(rows, "key", "second")) - 1
        totals = np.bincount(group, weights=rows["documents"]).astype(np.int64)[group]
        enough = totals >= config.template_documents
        yield {**some(rows, enough), "documents": totals[enough]}


def _tell_sizes(
    shares: Iterator[Rows], layout: Layout, config: Config, turn: int, search: str
) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        part = layout.part(number)
        remaining = part.catalogue().lines.array
        if search:
            remaining = _remaining(part, config, turn, search)
        sites, counts = np.unique(part.catalogue().sites.array[remaining > 0], return_counts=True)
        yield {"site": signed(sites), TO: np.full(len(sites), SIZE), "documents": counts}


def _remaining(part: Part, config: Config, turn: int, search: str) -> NDArray[np.int64]:
    """The lines that each document keeps, as `removals` counts them on one machine."""
    store, remaining = part.store(config), part.catalogue().lines.array.copy()
    copies = part.got(f"{search}/of", np.int64) != NOTHING
    np.subtract.at(remaining, store.documents.array[copies], 1)
    templates = templates_of(part, config, turn - 1) > 0
    np.subtract.at(remaining, store.short_documents.array[templates], 1)
    return remaining


def _choose(shares: Iterator[Rows], config: Config) -> Iterator[Rows]:
    """The lines that a large enough share of the site's documents hold."""
    for rows in whole(shares, "site"):
        group, is_size = np.cumsum(begins(rows, "site")) - 1, rows[TO] == SIZE
        sizes = np.bincount(group, weights=rows["documents"] * is_size).astype(np.int64)[group]
        chosen = ~is_size & (rows["documents"] >= config.template_share * sizes)
        yield {name: rows[name][chosen] for name in FOUND}


def _enter(shares: Iterator[Rows], layout: Layout, config: Config, turn: int) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        part, found = layout.part(number), told(rows, "documents")
        keys, second = _keys_of(part, config)
        order = np.lexsort((unsigned(found["second"]), unsigned(found["key"])))
        known = np.empty(len(order), dtype=[("key", "u8"), ("second", "u8")])
        known["key"], known["second"] = unsigned(found["key"]), unsigned(found["second"])
        known = known[order]
        own = np.empty(len(keys), dtype=known.dtype)
        own["key"], own["second"] = keys, second
        templates = templates_of(part, config, turn - 1)
        if len(known):
            at = np.searchsorted(known, own).clip(max=len(known) - 1)
            is_found = known[at] == own
            templates[is_found] = found["documents"][order][at[is_found]]
        part.put(f"templates-{turn}", templates)
        is_template = templates > 0
        compared = part.store(config).short_paragraphs.array[is_template] >= 0
        yield {
            "part": np.array([number]),
            "lines": np.array([np.count_nonzero(is_template)]),
            "compared": np.array([np.count_nonzero(compared)]),
        }
