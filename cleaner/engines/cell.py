"""What a worker notes in memory that it shares with the program: what it is at, how it has grown.

The program looks now and then, and the worker does not wait for that. So the worker itself says how
much it held before its first item, and, where it is at each part by itself, before each of them.
"""

import gc
from collections.abc import Callable
from typing import Any

Cell = Any
"""A sequence of `SLOTS` unsigned numbers of 64 bits."""
SLOTS = 5
NOTE, AT_FIRST, BEFORE, MOST, GREEDIEST = range(SLOTS)
"""What it is at; bytes held before the first item; before the part that it is at by itself; by how
many it grew at the part at which it grew most, of those it has left; and the note of that part."""

IDLE, SEVERAL, FIRST_PART = 0, 1, 2
"""What the lower half of a note says: at no item; at several parts of one; at the first. The upper
half counts how often a note was written."""
HALF = (1 << 32) - 1


class Notes:
    """The worker's side of a cell.

    Args:
        cell: the cell, all zeros.
        bytes_held: how much memory the worker holds.

    """

    def __init__(self, cell: Cell, bytes_held: Callable[[], int]) -> None:
        self._cell = cell
        self._bytes_held = bytes_held
        self._written = 0
        self._part: int | None = None
        cell[AT_FIRST] = bytes_held()

    def begin_item(self) -> None:
        """Note that an item is begun."""
        self._write(SEVERAL)
        self._part = None
        self._cell[MOST] = 0

    def end_item(self) -> None:
        """Note that it is done."""
        self._write(IDLE)

    def at(self, part: int | None) -> None:
        """Note at which part of the item it is; None where at several."""
        self._write(SEVERAL if part is None else part + FIRST_PART)

    def at_singly(self, part: int | None) -> None:
        """The same, and how it has grown at the part before, less what was only not tidied up."""
        self._write(SEVERAL)
        gc.collect()
        held = self._bytes_held()
        grown = held - self._cell[BEFORE]
        if self._part is not None and grown > self._cell[MOST]:
            self._cell[MOST], self._cell[GREEDIEST] = grown, self._part + FIRST_PART
        self._cell[BEFORE], self._part = held, part
        self.at(part)

    def _write(self, what: int) -> None:
        self._written = (self._written + 1) & HALF
        self._cell[NOTE] = self._written << 32 | what


def part_at(note: int) -> int | None:
    """The part of its item that a worker is at, by its note; None where not a single one."""
    return (note & HALF) - FIRST_PART if note & HALF >= FIRST_PART else None


def greediest_part(cell: Cell, held: int) -> int | None:
    """The part at which a worker that is at each by itself has grown most, if it holds so much."""
    is_this = held - cell[BEFORE] >= cell[MOST]
    return part_at(cell[NOTE] if is_this else cell[GREEDIEST])
