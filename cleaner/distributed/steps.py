"""What steps share: a row that calls every part, and what is asked in a search."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.parts import Layout, Part
from cleaner.distributed.tables import TO, Columns, Rows, Table, Tables, filled, some
from cleaner.duplicates.contenders import Contenders
from cleaner.duplicates.terms import Terms

CALL: Columns = {TO: "int64"}


def calls(numbers: NDArray[np.int64], tables: Tables, columns: Columns = CALL) -> Table:
    """A table that calls parts or places, each by a row that tells nothing."""
    return tables.table(filled({TO: numbers}, columns), columns)


def all_parts(layout: Layout, tables: Tables, columns: Columns = CALL) -> Table:
    """A table that calls every part."""
    return calls(np.arange(len(layout)), tables, columns)


def answered(answers: Table, layout: Layout, tables: Tables, columns: Columns) -> Table:
    """The answers to each part together, and a call to those that get none."""
    return answers.joined_by(all_parts(layout, tables, columns)).by(TO)


def told(rows: Rows, column: str) -> Rows:
    """The rows that are more than a call; they have a number in that column."""
    return some(rows, rows[column] != -1)


@dataclass(frozen=True, slots=True)
class Search:
    """A search for copies over all parts."""

    layout: Layout
    terms: Terms
    name: str
    """Folder, in that of each part, for what is found out."""
    alive: str
    """Column of a byte for each paragraph, 0 for one that takes no part."""
    places: int
    """In so many shares the paragraphs meet that may be similar."""

    def contenders(self, part: Part) -> Contenders:
        """A part's contenders."""
        return Contenders(part.folder / self.name / "contenders", part.store(self.terms.config))
