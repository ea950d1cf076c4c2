"""What becomes of keys: parts tell how many rows of theirs have each, and are told the verdict.

So a key that millions of rows have is one row for each part, and no task gets them all.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.parts import Layout
from cleaner.distributed.steps import answered
from cleaner.distributed.tables import (
    TO,
    Columns,
    Rows,
    Table,
    Tables,
    begins,
    signed,
    unsigned,
    whole,
)
from cleaner.duplicates.buckets import FULL

KEYS: Columns = {"key": "int64", TO: "int64", "role": "int64", "count": "int64"}
VERDICTS: Columns = {TO: "int64", "key": "int64", "verdict": "int64"}
NONE, BUCKET, CROWD = 0, 1, 2
Rule = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""The verdicts on keys that so many rows of each role have. Shape (keys, roles) to (keys,)."""


def counted(part: int, keys: NDArray[np.uint64], roles: NDArray[np.uint8] | int) -> Rows:
    """How often each key comes with each role in a part."""
    all_roles = np.broadcast_to(np.asarray(roles, dtype=np.int64), keys.shape)
    order = np.lexsort((all_roles, keys))
    rows = {"key": signed(keys[order]), "role": all_roles[order]}
    firsts = np.flatnonzero(begins(rows, "key", "role"))
    counts = np.diff(firsts, append=len(keys))
    return {
        "key": rows["key"][firsts],
        TO: np.full(len(firsts), part),
        "role": rows["role"][firsts],
        "count": counts,
    }


def judged(keys: Table, rule: Rule, layout: Layout, tables: Tables) -> Table:
    """The verdicts on the keys of each part, for those that are of any use."""
    verdicts = keys.by("key").mapped(partial(_judge, rule=rule), VERDICTS)
    return answered(verdicts, layout, tables, VERDICTS)


def keys_of(rows: Rows, verdict: int) -> NDArray[np.uint64]:
    """The keys of this verdict, ascending."""
    return np.unique(unsigned(rows["key"][rows["verdict"] == verdict]))


def _judge(shares: Iterator[Rows], rule: Rule) -> Iterator[Rows]:
    for rows in whole(shares, "key"):
        group = np.cumsum(begins(rows, "key")) - 1
        slots = group * (FULL + 1) + rows["role"]
        size = (int(group[-1]) + 1) * (FULL + 1)
        counts = np.bincount(slots, weights=rows["count"], minlength=size).astype(np.int64)
        verdicts = rule(counts.reshape(-1, FULL + 1))[group]
        chosen = verdicts != NONE
        yield {TO: rows[TO][chosen], "key": rows["key"][chosen], "verdict": verdicts[chosen]}
