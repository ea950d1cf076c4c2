"""What becomes of a part's contenders in a round, as far as it can be known yet."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.parts import Part
from cleaner.distributed.steps import Search
from cleaner.distributed.tables import TO, Columns, Rows, addressed
from cleaner.duplicates.meetings import STAYS, UNDECIDED
from cleaner.duplicates.rounds import IS_COPY, verdict_on

WAITING = 3
"""State of a contender that is similar to one of which it is not known what has become of it."""
DECISION = np.dtype([("state", "u1"), ("of", "i8"), ("document", "i8"), ("similarity", "f8")])
"""Of a contender; for a copy the paragraph of the whole run that it copies, and its document."""
SIMILAR = np.dtype([("later", "i8"), ("earlier", "i8"), ("document", "i8"), ("similarity", "f8")])
"""A pair: a number among the part's contenders; a paragraph of the whole run, and its document."""
FOREIGN = np.dtype([("paragraph", "i8"), ("state", "u1")])
ANSWER: Columns = {"part": "int64", "waiting": "int64", "undecided": "int64"}


def decisions_of(part: Part, search: Search, number: int) -> np.ndarray:
    """The decisions that a round ended with; before the first there are none."""
    step = 0
    while (part.folder / _name(search, number, step + 1)).exists():
        step += 1
    return part.got(_name(search, number, step), DECISION)


def state_before(part: Part, search: Search, number: int) -> NDArray[np.uint8]:
    """The states of a part's contenders before a round."""
    if number > 1:
        before: NDArray[np.uint8] = decisions_of(part, search, number - 1)["state"].copy()
        return before
    return np.zeros(len(search.contenders(part)), dtype=np.uint8)


def decide_first(part: Part, search: Search, number: int) -> Rows:
    """Decide about those for whom no other part has to be waited for."""
    size = len(search.contenders(part))
    decisions = np.zeros(size, dtype=DECISION)
    if number > 1:
        decisions = decisions_of(part, search, number - 1)
    is_open = _open(part, search, number)
    state = decisions["state"]
    alone = (state == UNDECIDED) & ~is_open
    similar = part.got(f"{search.name}/similar-{number}", SIMILAR)
    alone[similar["later"]] = False
    state[alone] = STAYS
    state[similar["later"]] = WAITING
    foreign = part.got(f"{search.name}/foreign-{number}", FOREIGN)
    return _decide(part, search, (number, 0), decisions, foreign)


def decide_next(part: Part, search: Search, number: int, step: int, heard: Rows) -> Rows:
    """Decide about those for whom other parts have told enough by now."""
    decisions = part.got(_name(search, number, step - 1), DECISION)
    foreign = part.got(_name(search, number, step - 1) + "-foreign", FOREIGN)
    at = np.searchsorted(foreign["paragraph"], heard["paragraph"])
    foreign["state"][at] = heard["state"]
    return _decide(part, search, (number, step), decisions, foreign)


def mail_of(shares: Iterator[Rows], search: Search, number: int, step: int) -> Iterator[Rows]:
    """Tell those who have asked for a paragraph what has become of it in the last step."""
    for at, _ in addressed(shares):
        part = search.layout.part(at)
        wanted = part.got(f"{search.name}/wanted-{number}", np.int64).reshape(-1, 2)
        now = part.got(_name(search, number, step - 1), DECISION)["state"]
        if step == 1:
            was_open = state_before(part, search, number) == UNDECIDED
        else:
            was_open = part.got(_name(search, number, step - 2), DECISION)["state"] == WAITING
        paragraphs = search.contenders(part).paragraphs + part.first_paragraph
        members = np.searchsorted(paragraphs, wanted[:, 0])
        is_new = was_open[members] & (now[members] != WAITING)
        states = now[members[is_new]].astype(np.int64)
        yield {TO: wanted[is_new, 1], "paragraph": wanted[is_new, 0], "state": states}


def _name(search: Search, number: int, step: int) -> str:
    return f"{search.name}/decisions-{number}-{step}"


def _open(part: Part, search: Search, number: int) -> NDArray[np.bool_]:
    """Which contenders are compared in this round with some only of those before them."""
    contenders = search.contenders(part)
    is_open = np.zeros(len(contenders), dtype=bool)
    paragraphs = part.got(f"{search.name}/open-{number}", np.int64) - part.first_paragraph
    is_open[np.searchsorted(contenders.paragraphs, paragraphs)] = True
    return is_open


def _decide(
    part: Part,
    search: Search,
    when: tuple[int, int],
    decisions: np.ndarray,
    foreign: np.ndarray,
) -> Rows:
    similar = part.got(f"{search.name}/similar-{when[0]}", SIMILAR)
    similar = similar[decisions["state"][similar["later"]] == WAITING]
    _settle(part, search, when[0], similar, decisions, foreign)
    part.put(_name(search, *when), decisions)
    part.put(_name(search, *when) + "-foreign", foreign)
    state = decisions["state"]
    return {
        "part": np.array([part.number]),
        "waiting": np.array([np.count_nonzero(state == WAITING)]),
        "undecided": np.array([np.count_nonzero(state == UNDECIDED)]),
    }


def _settle(  # noqa: PLR0913, PLR0917 - all that is known of a round
    part: Part,
    search: Search,
    number: int,
    similar: np.ndarray,
    decisions: np.ndarray,
    foreign: np.ndarray,
) -> None:
    """Decide about the later ones of similar pairs in their order."""
    contenders, is_open = search.contenders(part), _open(part, search, number)
    earlier = similar["earlier"]
    is_own = earlier >= part.first_paragraph
    members = np.full(len(similar), -1)
    members[is_own] = np.searchsorted(contenders.paragraphs, earlier[is_own] - part.first_paragraph)
    states = np.zeros(len(similar), dtype=np.uint8)
    states[is_own] = decisions["state"][members[is_own]]
    known = np.searchsorted(foreign["paragraph"], earlier[~is_own])
    states[~is_own] = foreign["state"][known]
    here: dict[int, int] = {}
    columns = (similar["later"], members, similar["similarity"], states, np.arange(len(similar)))
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for later, group in groupby(rows, key=itemgetter(0)):
        compared = [(at, one, here.get(own, before)) for _, own, one, before, at in group]
        if any(now == WAITING for _, _, now in compared):
            continue
        verdict = verdict_on(compared, is_open=bool(is_open[later]))
        here[later] = verdict.state
        decisions["state"][later] = verdict.state
        if verdict.state == IS_COPY:
            pair = similar[verdict.of]
            decisions["of"][later] = pair["earlier"]
            decisions["document"][later] = pair["document"]
            decisions["similarity"][later] = pair["similarity"]
