"""Crowded paragraphs over all parts, by the methods of `duplicates.crowds`."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.columns import spans
from cleaner.distributed.buckets import put_rows
from cleaner.distributed.parts import Part, got_column, put_column
from cleaner.distributed.steps import Search, all_parts
from cleaner.distributed.tables import (
    Columns,
    Rows,
    Tables,
    addressed,
    begins,
    objects,
    signed,
    some,
    unsigned,
    whole,
)
from cleaner.distributed.verdicts import BUCKET, CROWD, KEYS, NONE, counted, judged, keys_of
from cleaner.duplicates.crowds import (
    AT_ONCE,
    COUNTED_BITS,
    Crowd,
    KeyedRows,
    is_unrare,
    long_bands,
    pairs_of,
    prefixes,
    slots_of,
)
from cleaner.duplicates.holdings import Containments, Holdings, containments, hashes_of
from cleaner.duplicates.shingles import HashLists, bounds

COUNTS: Columns = {"slot": "int64", "count": "int64"}
SETS: Columns = {"kind": "int64", "key": "int64", "set": "binary"}
DONE: Columns = {"part": "int64", "unrare": "int64"}
FACTS = ("numbers", "names")
RARE, LONG = "shingles", "long"
"""The two ways, and the names of their rows in the parts."""


def join_crowds(search: Search, tables: Tables) -> None:
    """Leave in each part the rows of buckets in which pairs of its crowded contenders meet."""
    _count_shingles(search, tables)
    _gather_sets(search, tables)
    if _join(search, tables, RARE, _by_rarity):
        _join(search, tables, LONG, _by_pairs)


def _folder(search: Search) -> Path:
    return search.layout.work / search.name


def _count_shingles(search: Search, tables: Tables) -> None:
    parts = all_parts(search.layout, tables)
    rows = parts.mapped(partial(_tell_shingles, search=search), COUNTS).by("slot")
    found = rows.mapped(_added, COUNTS).collected()
    counts = np.zeros(1 << int(COUNTED_BITS), dtype=np.int64)
    counts[found["slot"]] = found["count"]
    put_column(_folder(search) / "counts", counts)


def _tell_shingles(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        part = search.layout.part(number)
        contenders, crowded = search.contenders(part), _crowded(part, search)
        for first, last in spans(len(crowded), AT_ONCE << 4):
            slots = slots_of(contenders.shingles.take(crowded[first:last]).hashes)
            distinct, counts = np.unique(slots, return_counts=True)
            yield {"slot": distinct, "count": counts}


def _added(shares: Iterator[Rows]) -> Iterator[Rows]:
    for rows in whole(shares, "slot"):
        firsts = np.flatnonzero(begins(rows, "slot"))
        yield {"slot": rows["slot"][firsts], "count": np.add.reduceat(rows["count"], firsts)}


def _gather_sets(search: Search, tables: Tables) -> None:
    """Find out which sets of facts hold which. The program has all distinct ones of the crowds."""
    parts = all_parts(search.layout, tables)
    rows = parts.mapped(partial(_tell_sets, search=search), SETS).by("key", ["kind"])
    found = rows.mapped(_distinct, SETS).collected()
    for kind, name in enumerate(FACTS):
        of_kind = some(found, found["kind"] == kind)
        sets = of_kind["set"][np.argsort(unsigned(of_kind["key"]))].tolist()
        held = containments(lists_of(sets))
        for what in ("hashes", "starts", "inner"):
            put_column(_folder(search) / f"{name}.{what}", getattr(held, what))


def lists_of(sets: list[bytes]) -> HashLists:
    """Sets from the bytes of their hashes."""
    sizes = np.array([len(one) // 8 for one in sets], dtype=np.int64)
    return HashLists(np.frombuffer(b"".join(sets), dtype=np.uint64), bounds(sizes))


def _tell_sets(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        part = search.layout.part(number)
        contenders, crowded = search.contenders(part), _crowded(part, search)
        for kind, name in enumerate(FACTS):
            facts: HashLists = getattr(contenders, name)
            keys, firsts = np.unique(hashes_of(facts, crowded), return_index=True)
            sets = facts.take(crowded[firsts])
            cut = np.split(sets.hashes, sets.offsets[1:-1])[: len(keys)]
            blobs = objects([one.tobytes() for one in cut])
            yield {"kind": np.full(len(keys), kind), "key": signed(keys), "set": blobs}


def _distinct(shares: Iterator[Rows]) -> Iterator[Rows]:
    for rows in whole(shares, "key", "kind"):
        yield some(rows, begins(rows, "key", "kind"))


def _crowded(part: Part, search: Search) -> NDArray[np.int64]:
    return part.got(f"{search.name}/crowded", np.int64)


def _by_rarity(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(is_unrare(counts), CROWD, _by_pairs(counts))


def _by_pairs(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(pairs_of(counts) > 0, BUCKET, NONE)


def _join(
    search: Search,
    tables: Tables,
    way: str,
    rule: Callable[[NDArray[np.int64]], NDArray[np.int64]],
) -> bool:
    """Whether keys of this way have brought too many together."""
    parts = all_parts(search.layout, tables)
    keys = parts.mapped(partial(_tell_keys, search=search, way=way), KEYS)
    verdicts = judged(keys, rule, search.layout, tables)
    done = verdicts.mapped(partial(_keep, search=search, way=way), DONE).collected()
    return bool(done["unrare"].sum())


def _rows(part: Part, search: Search, way: str) -> KeyedRows:
    """The rows of a part's crowded contenders, by their places among these."""
    crowded, config = _crowded(part, search), search.terms.config
    contenders = search.contenders(part)
    known = [
        Containments(
            got_column(_folder(search) / f"{name}.hashes", np.uint64),
            got_column(_folder(search) / f"{name}.starts", np.int64),
            got_column(_folder(search) / f"{name}.inner", np.int64),
        )
        for name in FACTS
    ]
    holdings = Holdings(contenders, crowded, config, (known[0], known[1]))
    crowd = Crowd(contenders, crowded, search.terms, holdings)
    counts = got_column(_folder(search) / "counts", np.int64)
    places = np.arange(len(crowded))
    if way == LONG:
        places = part.got(f"{search.name}/{RARE}-unrare", np.int64)

    def rows_of(sets: HashLists) -> KeyedRows:
        if way == LONG:
            return long_bands(sets, config.threshold)
        return prefixes(sets, counts, config.threshold)

    found = [crowd.with_facts(places[a:b], rows_of) for a, b in spans(len(places), AT_ONCE)]
    return KeyedRows(
        np.concatenate([np.empty(0, dtype=np.uint64), *(one.keys for one in found)]),
        np.concatenate([np.empty(0, dtype=np.int64), *(one.owners for one in found)]),
        np.concatenate([np.empty(0, dtype=np.uint8), *(one.roles for one in found)]),
    )


def _tell_keys(shares: Iterator[Rows], search: Search, way: str) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        part = search.layout.part(number)
        if len(_crowded(part, search)):
            rows = _rows(part, search, way)
            put_rows(part, f"{search.name}/{way}-all", rows.keys, rows.owners, rows.roles)
            yield counted(number, rows.keys, rows.roles)


def _keep(shares: Iterator[Rows], search: Search, way: str) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        part = search.layout.part(number)
        name = f"{search.name}/{way}-all"
        keys, owners = part.got(f"{name}.keys", np.uint64), part.got(f"{name}.members", np.int64)
        roles = part.got(f"{name}.roles", np.uint8)
        unrare = np.unique(owners[np.isin(keys, keys_of(rows, CROWD))])
        kept = np.isin(keys, keys_of(rows, BUCKET))
        members = _crowded(part, search)[owners[kept]]
        put_rows(part, f"{search.name}/{way}", keys[kept], members, roles[kept])
        part.put(f"{search.name}/{way}-unrare", unrare)
        yield {"part": np.array([number]), "unrare": np.array([len(unrare)])}
