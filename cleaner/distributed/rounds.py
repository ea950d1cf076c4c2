"""The rounds of `duplicates.rounds` over all parts and places.

A place tells who is compared with whom. The part of the later of two paragraphs is sent the
shingles of the earlier one, once for all pairs, compares them, and decides as soon as it knows what
has become of the earlier one: parts wait for each other only along chains of similar paragraphs.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.comparing import FOUND, compare, shapes_of
from cleaner.distributed.deciding import (
    ANSWER,
    decide_first,
    decide_next,
    mail_of,
    state_before,
)
from cleaner.distributed.parts import got_column, put_column
from cleaner.distributed.places import Faces, place_folder
from cleaner.distributed.steps import Search, all_parts, answered, calls, told
from cleaner.distributed.tables import TO, Columns, Rows, Tables, addressed, some
from cleaner.duplicates.buckets import Members
from cleaner.duplicates.meetings import Asked, meetings
from cleaner.duplicates.rounds import FIRST_LEADERS, MORE_LEADERS
from cleaner.duplicates.terms import Relation
from cleaner.duplicates.verify import Pairs, may_be_similar

STATES: Columns = {TO: "int64", "paragraph": "int64", "state": "int64"}
PAIRS: Columns = {TO: "int64", "later": "int64", "earlier": "int64"}
ASKED: Columns = {TO: "int64", "earlier": "int64", "by": "int64"}
NOBODY = -2
"""In the place of an earlier paragraph: there are more than the later one is compared with."""


def settle(search: Search, places: NDArray[np.int64], tables: Tables) -> int:
    """Decide about all contenders, in rounds; how many rounds it took."""
    number, leaders = 0, FIRST_LEADERS
    while True:
        number += 1
        step = 0
        found = _compare_all(search, places, number, leaders, tables)
        while found["waiting"].sum():
            step += 1
            found = _hear_all(search, number, step, tables)
        if not found["undecided"].sum():
            return number
        leaders *= MORE_LEADERS


def _compare_all(
    search: Search, places: NDArray[np.int64], number: int, leaders: int, tables: Tables
) -> Rows:
    layout = search.layout
    parts = all_parts(layout, tables)
    states = parts.mapped(partial(_tell_states, search=search, number=number), STATES)
    visits = states.joined_by(calls(places, tables, STATES)).by(TO)
    pairs = visits.mapped(partial(_meet, search=search, number=number, leaders=leaders), PAIRS)
    answers = answered(pairs, layout, tables, PAIRS)
    asked = answers.mapped(partial(_ask, search=search, number=number), ASKED)
    shapes = answered(asked, layout, tables, ASKED)
    sent = shapes.mapped(partial(shapes_of, search=search, number=number), FOUND)
    compared = answered(sent, layout, tables, FOUND)
    return compared.mapped(partial(_compare, search=search, number=number), ANSWER).collected()


def _tell_states(shares: Iterator[Rows], search: Search, number: int) -> Iterator[Rows]:
    """Tell places what has become of those who meet there."""
    for at, _ in addressed(shares):
        part = search.layout.part(at)
        state = state_before(part, search, number)
        visits = part.got(f"{search.name}/visits", np.int64).reshape(-1, 2)
        decided = visits[state[visits[:, 1]] > 0]
        members = search.contenders(part).paragraphs[decided[:, 1]] + part.first_paragraph
        yield {TO: decided[:, 0], "paragraph": members, "state": state[decided[:, 1]]}


def _meet(shares: Iterator[Rows], search: Search, number: int, leaders: int) -> Iterator[Rows]:
    for at, rows in addressed(shares):
        folder = place_folder(search, at)
        faces = Faces.in_folder(folder)
        state = np.zeros(len(faces.paragraphs), dtype=np.uint8)
        known = told(rows, "paragraph")
        state[np.searchsorted(faces.paragraphs, known["paragraph"])] = known["state"]
        with TemporaryDirectory(prefix="cleaner-") as scratch:
            members = Members(folder, Path(scratch))
            if number > 1:
                members.led.array[:] = got_column(folder / f"led-{number - 1}", np.uint8)
            documents = faces.documents if search.terms.relation is Relation.ACROSS else None
            yield from _meetings(Asked(members, documents, state, leaders), faces, search)
            put_column(folder / f"led-{number}", members.led.array)


def _meetings(asked: Asked, faces: Faces, search: Search) -> Iterator[Rows]:
    """The pairs that may be similar, and who is compared with some only."""
    layout, paragraphs = search.layout, faces.paragraphs
    for stretch in meetings(asked, is_last_look=True):
        open_ones = paragraphs[np.unique(stretch.left_out)]
        to = layout.part_of(open_ones)
        yield {TO: to, "later": open_ones, "earlier": np.full(len(to), NOBODY)}
        for pairs in stretch.pairs():
            packed = np.unique(np.stack((pairs.later, pairs.earlier)), axis=1)
            likely = may_be_similar(faces, Pairs(packed[0], packed[1]), search.terms)
            later = paragraphs[likely.later]
            yield {
                TO: layout.part_of(later),
                "later": later,
                "earlier": paragraphs[likely.earlier],
            }


def _ask(shares: Iterator[Rows], search: Search, number: int) -> Iterator[Rows]:
    """Take down the pairs of a part, and ask the parts of the earlier ones for their shingles."""
    for at, rows in addressed(shares):
        part, pairs = search.layout.part(at), told(rows, "later")
        is_open = pairs["earlier"] == NOBODY
        part.put(f"{search.name}/open-{number}", np.unique(pairs["later"][is_open]))
        meant = some(pairs, ~is_open)
        distinct = np.unique(np.stack((meant["later"], meant["earlier"]), axis=1), axis=0)
        part.put(f"{search.name}/pairs-{number}", distinct)
        foreign = np.unique(distinct[distinct[:, 1] < part.first_paragraph, 1])
        to = search.layout.part_of(foreign)
        yield {TO: to, "earlier": foreign, "by": np.full(len(to), at)}


def _compare(shares: Iterator[Rows], search: Search, number: int) -> Iterator[Rows]:
    for at, rows in addressed(shares):
        part = search.layout.part(at)
        compare(part, search, number, told(rows, "paragraph"))
        yield decide_first(part, search, number)


def _hear_all(search: Search, number: int, step: int, tables: Tables) -> Rows:
    """Let parts know what others have decided meanwhile."""
    parts = all_parts(search.layout, tables)
    mail = parts.mapped(partial(mail_of, search=search, number=number, step=step), STATES)
    heard = answered(mail, search.layout, tables, STATES)
    return heard.mapped(partial(_hear, search=search, number=number, step=step), ANSWER).collected()


def _hear(shares: Iterator[Rows], search: Search, number: int, step: int) -> Iterator[Rows]:
    for at, rows in addressed(shares):
        yield decide_next(search.layout.part(at), search, number, step, told(rows, "paragraph"))
