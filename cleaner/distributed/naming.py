"""Ids of documents made distinct, as `catalogue.write_distinct_ids` does on one machine.

For each id, a part tells how many documents of it have that id, and is told how many before it do.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.catalogue import Catalogue, Names, NamesWriter
from cleaner.columns import ColumnWriter
from cleaner.distributed.parts import Layout, Part, made_folder
from cleaner.distributed.steps import all_parts
from cleaner.distributed.tables import TO, Columns, Rows, Tables, addressed, signed, whole
from cleaner.ids import free_number, hash_of

NAMES = "names"
HAVE, TAKEN = 0, 1
"""Kinds of rows: how many documents have an id; the number of one that is `id#number` itself."""
ID_ROWS: Columns = {"key": "int64", TO: "int64", "kind": "int64", "value": "int64"}
DONE: Columns = {"part": "int64"}
NUMBERED = re.compile(r"(.*)#([2-9]|[1-9][0-9]+)", re.DOTALL)


def name_documents(layout: Layout, tables: Tables) -> None:
    """Leave in the parts with repeated ids a folder of the names of all their documents."""
    told = all_parts(layout, tables).mapped(partial(_tell, layout=layout), ID_ROWS)
    answers = told.by("key", ["kind", TO, "value"]).mapped(_answer, ID_ROWS)
    answers.by(TO).mapped(partial(_name, layout=layout), DONE).collected()


def names_of(part: Part) -> Names:
    """The names of a part's documents."""
    folder = part.folder / NAMES
    return Names(folder, NAMES) if folder.exists() else part.catalogue().ids


def _tell(shares: Iterator[Rows], layout: Layout) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        catalogue = layout.part(number).catalogue()
        keys, counts = np.unique(catalogue.hashes.array, return_counts=True)
        yield _rows(signed(keys), number, HAVE, counts)
        taken = [found.groups() for found in map(NUMBERED.fullmatch, catalogue.ids) if found]
        own = np.array([hash_of(name) for name, _ in taken], dtype=np.uint64)
        numbers = np.array([min(int(one), 2**62) for _, one in taken], dtype=np.int64)
        yield _rows(signed(own), number, TAKEN, numbers)


def _rows(keys: NDArray[np.int64], to: int, kind: int, values: NDArray[np.int64]) -> Rows:
    size = len(keys)
    return {"key": keys, TO: np.full(size, to), "kind": np.full(size, kind), "value": values}


def _answer(shares: Iterator[Rows]) -> Iterator[Rows]:
    """For each id that several documents have, tell the parts that have it."""
    for rows in whole(shares, "key"):
        have = rows["kind"] == HAVE
        keys, at = np.unique(rows["key"], return_inverse=True)
        totals = np.bincount(at, weights=rows["value"] * have, minlength=len(keys))
        chosen = np.flatnonzero(totals[at] > 1).tolist()
        values = zip(*(rows[name][chosen].tolist() for name in ID_ROWS), strict=True)
        for key, group in groupby(values, key=itemgetter(0)):
            told = list(group)
            taken = sorted({value for _, _, kind, value in told if kind == TAKEN})
            before = 0
            for _, to, kind, value in told:
                if kind == HAVE:
                    same = np.full(len(taken) + 1, key)
                    yield _rows(same[1:], to, TAKEN, np.array(taken, dtype=np.int64))
                    yield _rows(same[:1], to, HAVE, np.array([before]))
                    before += value


def _name(shares: Iterator[Rows], layout: Layout) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        part = layout.part(number)
        made_folder(part.folder / NAMES, partial(_write, catalogue=part.catalogue(), rows=rows))
        yield {"part": np.array([number])}


def _write(folder: Path, catalogue: Catalogue, rows: Rows) -> None:
    seen: dict[int, int] = {}
    taken: dict[int, list[int]] = {}
    answers = (rows[name].tolist() for name in ("key", "kind", "value"))
    for key, kind, value in zip(*answers, strict=True):
        if kind == HAVE:
            seen[key] = value
        else:
            taken.setdefault(key, []).append(value)
    names = []
    for name, key in zip(catalogue.ids, signed(catalogue.hashes.array).tolist(), strict=True):
        repeat = seen.get(key, 0)
        if key in seen:
            seen[key] += 1
        names.append(f"{name}#{free_number(repeat, taken.get(key, []))}" if repeat else name)
    with ColumnWriter(folder) as columns:
        writer = NamesWriter(columns, NAMES)
        writer.begin()
        writer.append(names)
