"""Tables in the program itself, in any number of shares: what an engine does, without one."""

import numpy as np

from cleaner.distributed.tables import filled, nothing, size_of, some, together


class PlainTable:
    def __init__(self, shares, columns, engine):
        self.shares, self.columns, self.engine = shares, columns, engine

    def mapped(self, step, columns):
        shares = []
        for rows in self.shares:
            # In pieces, as an engine gives them.
            size = size_of(rows)
            cuts = range(0, size, self.engine.rows_at_once)
            pieces = [some(rows, slice(at, at + self.engine.rows_at_once)) for at in cuts]
            made = [filled(one, columns) for one in step(iter(pieces))]
            shares.append(together([nothing(columns), *made]))
        return PlainTable(shares, columns, self.engine)

    def by(self, key, order=()):
        rows = together([nothing(self.columns), *self.shares])
        columns = [rows[name] for name in (*reversed(order), key)]
        rows = some(rows, np.lexsort(columns)) if size_of(rows) else rows
        count = self.engine.shares
        shares = [some(rows, rows[key] % count == at) for at in range(count)]
        return PlainTable(shares, self.columns, self.engine)

    def joined_by(self, other):
        return PlainTable([*self.shares, *other.shares], self.columns, self.engine)

    def collected(self):
        return together([nothing(self.columns), *self.shares])


class PlainTables:
    def __init__(self, shares, tasks, rows_at_once=7):
        self.shares, self.tasks, self.rows_at_once = shares, tasks, rows_at_once

    def table(self, rows, columns):
        shares = [some(rows, slice(at, at + 1)) for at in range(size_of(rows))]
        return PlainTable(shares, columns, self)

    def spread(self, shares):
        pass
