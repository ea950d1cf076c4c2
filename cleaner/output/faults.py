"""What is wrong with an output, counted by kind, with the first example of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """In what way an output is not as promised."""

    MISSING = "missing file"
    CHANGED = "changed file"
    DAMAGED = "damaged file"
    CUT_OFF = "cut-off file"
    NOT_JSON = "not JSON"
    SHAPE = "wrong shape"
    REPEATED_ID = "repeated id"
    ORDER = "wrong order"
    POSITION = "wrong position"
    TEXT = "wrong text"
    RULE = "unknown rule"
    TEMPLATE = "template of too few documents"
    DROPPED = "wrong reason for a drop"
    ORIGINAL = "copy without original"
    SIMILARITY = "wrong similarity"
    NO_COPY = "not a copy"
    SIGNATURE = "wrong signature"
    COUNT = "wrong count"
    WARNING = "wrong warning"
    SUMMARY = "unreadable summary"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    kind: FaultKind
    where: str
    """The file, and in a file of rows `:` and the row from 1."""
    told: str


Report = Callable[[Fault], None]


def ignore(_: Fault) -> None:
    """Report to nobody, where an earlier pass over the same rows has reported it all."""


@dataclass(slots=True)
class Faults:
    """Counts faults by kind and keeps the first of each."""

    firsts: dict[FaultKind, Fault] = field(default_factory=dict)
    numbers: dict[FaultKind, int] = field(default_factory=dict)

    def note(self, fault: Fault) -> None:
        """Count a fault."""
        self.firsts.setdefault(fault.kind, fault)
        self.numbers[fault.kind] = self.numbers.get(fault.kind, 0) + 1

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.numbers)

    @property
    def total(self) -> int:
        """Faults of all kinds."""
        return sum(self.numbers.values())

    def lines(self) -> Iterator[str]:
        """A line for each kind of fault: the first of it, and how many there are."""
        for kind, first in self.firsts.items():
            number = self.numbers[kind]
            more = f" (the first of {number:,})" if number > 1 else ""
            yield f"{kind}: {first.where}: {first.told}{more}"
