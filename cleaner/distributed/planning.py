"""Phase 2 over all parts: as `removals.plan_removals` does it on one machine."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from cleaner.config import Action, Config
from cleaner.distributed.buckets import fill_buckets
from cleaner.distributed.crowds import join_crowds
from cleaner.distributed.exact import DONE, follow_firsts
from cleaner.distributed.followers import let_follow
from cleaner.distributed.naming import name_documents, names_of
from cleaner.distributed.parts import Layout, Part, written_whole
from cleaner.distributed.places import fill_places
from cleaner.distributed.rounds import settle
from cleaner.distributed.steps import Search, all_parts, answered, told
from cleaner.distributed.tables import TO, Columns, Rows, Tables, addressed, objects, some
from cleaner.distributed.templates import find_templates, templates_of
from cleaner.duplicates.search import NOTHING
from cleaner.duplicates.terms import Terms
from cleaner.ids import as_bytes
from cleaner.json_lines import dump_line
from cleaner.removals import relation_of

TASK_MEMORY = 128 << 20
"""Bytes that a task sorts and compares in. Nothing that is found depends on it."""
ORIGINALS = "originals.jsonl"
ASKED: Columns = {TO: "int64", "paragraph": "int64", "by": "int64"}
ANSWERS: Columns = {TO: "int64", "paragraph": "int64", "position": "int64", "name": "binary"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided: under these names the columns of it are in the parts."""

    templates: int
    """The turn of the last search for templates."""
    drop: str
    mark: str


def plan(layout: Layout, config: Config, tables: Tables) -> Plan:
    """Decide about all documents and leave the decisions in the parts."""
    tables.spread(len(layout))
    name_documents(layout, tables)
    turn = 1
    lines, compared = find_templates(layout, config, tables, turn)
    drop, searched = "", -1
    while True:
        if compared != searched:
            drop = _search(layout, config, tables, "drop", turn)
            searched = compared
        turn, before = turn + 1, lines
        lines, compared = find_templates(layout, config, tables, turn, drop)
        if lines == before:
            break
    mark = _search(layout, config, tables, "mark", turn, drop)
    found = Plan(turn, drop, mark)
    _look_up(layout, config, tables, found)
    return found


def _search(  # noqa: PLR0913, PLR0917 - what a search is asked, and among which paragraphs
    layout: Layout, config: Config, tables: Tables, action: Action, turn: int, without: str = ""
) -> str:
    """Leave the copies that are to be treated so in the parts; the name they are there under."""
    name = f"{action}-{turn}"
    shutil.rmtree(layout.work / name, ignore_errors=True)
    relation = relation_of(action, config)
    call = all_parts(layout, tables)
    begin = partial(
        _begin,
        layout=layout,
        config=config,
        turn=turn,
        name=name,
        without=without,
        is_asked=relation is not None,
    )
    call.mapped(begin, DONE).collected()
    if relation is None:
        return name
    terms = Terms(relation, config, TASK_MEMORY)
    search = Search(layout, terms, name, f"{name}/alive", 2 * tables.tasks)
    follow_firsts(search, tables)
    _, crowded = fill_buckets(search, tables)
    if crowded:
        join_crowds(search, tables)
    rounds = settle(search, fill_places(search, tables), tables)
    let_follow(search, rounds, tables)
    shutil.rmtree(layout.work / name, ignore_errors=True)
    return name


def _begin(  # noqa: PLR0913, PLR0917 - as above
    shares: Iterator[Rows],
    layout: Layout,
    config: Config,
    turn: int,
    name: str,
    without: str,
    *,
    is_asked: bool,
) -> Iterator[Rows]:
    """Leave in each part which paragraphs take part: what is no template, and no copy so far."""
    for number, _ in addressed(shares):
        part = layout.part(number)
        store, templates = part.store(config), templates_of(part, config, turn) > 0
        alive = np.ones(len(store), dtype=np.uint8)
        paragraphs = store.short_paragraphs.array[templates]
        alive[paragraphs[paragraphs >= 0]] = 0
        if without:
            alive[part.got(f"{without}/of", np.int64) != NOTHING] = 0
        part.put(f"{name}/alive", alive)
        if not is_asked:
            part.put(f"{name}/of", np.full(len(store), NOTHING, dtype=np.int64))
            part.put(f"{name}/similarity", np.zeros(len(store)))
        yield {"part": np.array([number])}


def _look_up(layout: Layout, config: Config, tables: Tables, found: Plan) -> None:
    """Leave in each part the names and positions of what its paragraphs copy."""
    asked = all_parts(layout, tables).mapped(partial(_ask, layout=layout, found=found), ASKED)
    answer = partial(_answer, layout=layout, config=config)
    heard = answered(asked.by(TO).mapped(answer, ANSWERS), layout, tables, ANSWERS)
    heard.mapped(partial(_keep, layout=layout), DONE).collected()


def _ask(shares: Iterator[Rows], layout: Layout, found: Plan) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        part = layout.part(number)
        of = [part.got(f"{name}/of", np.int64) for name in (found.drop, found.mark)]
        distinct = np.unique(np.concatenate(of))
        distinct = distinct[distinct != NOTHING]
        to = layout.part_of(distinct)
        yield {TO: to, "paragraph": distinct, "by": np.full(len(to), number)}


def _answer(shares: Iterator[Rows], layout: Layout, config: Config) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        part = layout.part(number)
        store, names = part.store(config), names_of(part)
        own = rows["paragraph"] - part.first_paragraph
        documents = store.documents.array[own].tolist()
        yield {
            TO: rows["by"],
            "paragraph": rows["paragraph"],
            "position": store.positions.array[own],
            "name": objects([as_bytes(names[document]) for document in documents]),
        }


def _keep(shares: Iterator[Rows], layout: Layout) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        part: Part = layout.part(number)
        answers = told(rows, "paragraph")
        answers = some(answers, np.argsort(answers["paragraph"]))
        names = [name.decode("utf-8", "surrogatepass") for name in answers["name"]]
        columns = (answers["paragraph"].tolist(), answers["position"].tolist(), names)
        with written_whole(part.folder / ORIGINALS) as aside:
            aside.write_bytes(b"".join(map(dump_line, zip(*columns, strict=True))))
        yield {"part": np.array([number])}
