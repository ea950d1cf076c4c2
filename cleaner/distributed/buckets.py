"""Paragraphs that share a band key: which of them contend, and the rows of buckets of each part."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.parts import Part, made_folder, scratch_column
from cleaner.distributed.steps import Search, all_parts
from cleaner.distributed.tables import Columns, Rows, Tables, addressed
from cleaner.distributed.verdicts import BUCKET, CROWD, KEYS, NONE, counted, judged, keys_of
from cleaner.duplicates.buckets import CROWD as MOST_MEMBERS
from cleaner.duplicates.buckets import FULL, band_reader
from cleaner.duplicates.contenders import gather_contenders
from cleaner.duplicates.search import NOTHING
from cleaner.duplicates.terms import Relation

CROWDED: Columns = {"part": "int64", "contenders": "int64", "crowded": "int64"}


def fill_buckets(search: Search, tables: Tables) -> tuple[int, int]:
    """Leave in each part its contenders and the rows of their buckets.

    With that, how many contenders there are, and how many of them are crowded.
    """
    keys = all_parts(search.layout, tables).mapped(partial(_tell, search=search), KEYS)
    verdicts = judged(keys, _by_size, search.layout, tables)
    done = verdicts.mapped(partial(_fill, search=search), CROWDED).collected()
    return int(done["contenders"].sum()), int(done["crowded"].sum())


def put_rows(
    part: Part,
    name: str,
    keys: NDArray[np.uint64],
    members: NDArray[np.int64],
    roles: np.ndarray[tuple[int], np.dtype[np.uint8]],
) -> None:
    """Leave rows of buckets in a part: a key, the number of a contender, its role."""
    part.put(f"{name}.keys", keys)
    part.put(f"{name}.members", members)
    part.put(f"{name}.roles", roles)


def heads_of(part: Part, search: Search) -> NDArray[np.uint8]:
    """A byte for each paragraph of a part: 1 for one alive that is the first of its kind."""
    alive, firsts = part.got(search.alive, np.uint8), part.got(f"{search.name}/first", np.int64)
    heads: NDArray[np.uint8] = ((alive > 0) & (firsts == NOTHING)).astype(np.uint8)
    return heads


def _by_size(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    sizes = counts.sum(axis=1)
    return np.where(sizes <= 1, NONE, np.where(sizes > MOST_MEMBERS, CROWD, BUCKET))


def _bands(part: Part, search: Search) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
    """The keys of each band, and the paragraphs that have them."""
    store, within = part.store(search.terms.config), search.terms.relation is Relation.WITHIN
    with scratch_column(heads_of(part, search)) as heads:
        for band in store.bands:
            yield band_reader(store, band, heads, within=within)(0, len(store))


def _tell(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        for keys, _ in _bands(search.layout.part(number), search):
            yield counted(number, keys, FULL)


def _fill(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        part = search.layout.part(number)
        buckets, crowds = keys_of(rows, BUCKET), keys_of(rows, CROWD)
        store = part.store(search.terms.config)
        candidate = np.zeros(len(store), dtype=np.uint8)
        crowded = candidate.copy()
        found: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = []
        for keys, paragraphs in _bands(part, search):
            crowded[paragraphs[np.isin(keys, crowds)]] = 1
            is_kept = np.isin(keys, buckets)
            candidate[paragraphs[is_kept]] = 1
            found.append((keys[is_kept], paragraphs[is_kept]))
        candidate |= crowded

        def gather(folder: Path, chosen: NDArray[np.uint8] = candidate, part: Part = part) -> None:
            with scratch_column(chosen) as column:
                gather_contenders(part.store(search.terms.config), column, folder)

        made_folder(part.folder / search.name / "contenders", gather)
        chosen = np.flatnonzero(candidate)
        keys = np.concatenate([np.empty(0, dtype=np.uint64), *(one for one, _ in found)])
        members = np.concatenate([np.empty(0, dtype=np.int64), *(one for _, one in found)])
        roles = np.full(len(keys), FULL, dtype=np.uint8)
        put_rows(part, f"{search.name}/bands", keys, np.searchsorted(chosen, members), roles)
        part.put(f"{search.name}/crowded", np.flatnonzero(crowded[chosen]))
        counts = {"contenders": len(chosen), "crowded": int(crowded.sum())}
        yield {"part": np.array([number])} | {name: np.array([n]) for name, n in counts.items()}
