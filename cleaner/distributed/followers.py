"""Exact copies copy the first of their kind, or what that copies: the end of a search."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from cleaner.distributed.deciding import decisions_of
from cleaner.distributed.exact import DONE
from cleaner.distributed.parts import Part
from cleaner.distributed.steps import Search, all_parts, answered, told
from cleaner.distributed.tables import TO, Columns, Rows, Tables, addressed, some
from cleaner.duplicates.rounds import IS_COPY
from cleaner.duplicates.search import NOTHING
from cleaner.duplicates.terms import Relation

ASKED: Columns = {TO: "int64", "paragraph": "int64", "by": "int64"}
ANSWERS: Columns = {
    TO: "int64",
    "paragraph": "int64",
    "of": "int64",
    "document": "int64",
    "similarity": "float64",
}


def let_follow(search: Search, rounds: int, tables: Tables) -> None:
    """Leave in each part what its paragraphs copy, as columns (`of`, `similarity`)."""
    parts = all_parts(search.layout, tables)
    asked = parts.mapped(partial(_ask, search=search), ASKED).by(TO)
    answers = asked.mapped(partial(_answer, search=search, rounds=rounds), ANSWERS)
    heard = answered(answers, search.layout, tables, ANSWERS)
    heard.mapped(partial(_follow, search=search, rounds=rounds), DONE).collected()


def _ask(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        firsts = search.layout.part(number).got(f"{search.name}/first", np.int64)
        distinct = np.unique(firsts[firsts != NOTHING])
        to = search.layout.part_of(distinct)
        yield {TO: to, "paragraph": distinct, "by": np.full(len(to), number)}


def _answer(shares: Iterator[Rows], search: Search, rounds: int) -> Iterator[Rows]:
    """Tell what a paragraph copies, and that one's document; or else its own."""
    for number, rows in addressed(shares):
        part = search.layout.part(number)
        own = rows["paragraph"] - part.first_paragraph
        copies = _copies(part, search, rounds)
        documents = part.store(search.terms.config).documents.array[own] + part.first_document
        of = copies["of"][own]
        yield {
            TO: rows["by"],
            "paragraph": rows["paragraph"],
            "of": of,
            "document": np.where(of == NOTHING, documents, copies["document"][own]),
            "similarity": copies["similarity"][own],
        }


def _copies(part: Part, search: Search, rounds: int) -> Rows:
    """What each paragraph of a part that is the first of its kind copies."""
    contenders, decisions = search.contenders(part), decisions_of(part, search, rounds)
    size = len(part.store(search.terms.config))
    is_copy = decisions["state"] == IS_COPY
    paragraphs = contenders.paragraphs[is_copy]
    of = np.full(size, NOTHING, dtype=np.int64)
    document, similarity = of.copy(), np.zeros(size)
    of[paragraphs] = decisions["of"][is_copy]
    document[paragraphs] = decisions["document"][is_copy]
    similarity[paragraphs] = decisions["similarity"][is_copy]
    return {"of": of, "document": document, "similarity": similarity}


def _follow(shares: Iterator[Rows], search: Search, rounds: int) -> Iterator[Rows]:
    """As `search.find_copies` lets them, where what counts may spare those of the same document."""
    for number, rows in addressed(shares):
        part = search.layout.part(number)
        store = part.store(search.terms.config)
        firsts = part.got(f"{search.name}/first", np.int64)
        copies = _copies(part, search, rounds)
        of, similarity = copies["of"], copies["similarity"]
        answers = told(rows, "paragraph")
        answers = some(answers, np.argsort(answers["paragraph"]))
        follows = np.flatnonzero(firsts != NOTHING)
        at = np.searchsorted(answers["paragraph"], firsts[follows])
        has_further = answers["of"][at] != NOTHING
        of[follows] = np.where(has_further, answers["of"][at], firsts[follows])
        similarity[follows] = np.where(has_further, answers["similarity"][at], 1.0)
        stays = store.documents.array[follows] + part.first_document == answers["document"][at]
        if search.terms.relation is not Relation.ACROSS:
            stays &= store.statements.array[follows] == 0
        of[follows[stays]] = NOTHING
        similarity[follows[stays]] = 0
        part.put(f"{search.name}/of", of)
        part.put(f"{search.name}/similarity", similarity)
        yield {"part": np.array([number])}
