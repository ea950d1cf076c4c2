"""What a function is told when an engine runs it over an item, and what it tells the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Cause(Enum):
    """What ended a worker."""

    TIME = "time"
    MEMORY = "memory"
    DEATH = "death"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a part of an item is not worked on."""

    cause: Cause
    how: str = ""
    """Of a death: the name of the signal, or the exit code."""


def _note_nothing(_part: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a function at an item. Its worker may be ended, and another attempt be made.

    So what a function does must be the same when it is done twice, the first time in part.
    """

    at: Callable[[int | None], None] = _note_nothing
    """To be called with the number of the part that is worked on from now; with None where that is
    several at once. It costs a fraction of a microsecond."""
    refused: Mapping[int, Refusal] = field(default_factory=dict)
    """Parts that ended workers before."""
    is_singly: bool = False
    """Whether each part must be worked on by itself, because a worker has ended when it was at
    several: it must be found at which."""
