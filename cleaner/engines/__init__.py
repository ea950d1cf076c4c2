"""Engines run functions over items. They know nothing of text; stages know nothing of them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from cleaner.engines.attempt import Attempt, Cause, Refusal
from cleaner.engines.inline import InlineEngine
from cleaner.engines.limits import Limits
from cleaner.engines.local import LocalEngine
from cleaner.engines.starting import Preparation

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """What a run needs of an engine."""

    def map(
        self, function: Callable[[Item, Attempt], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """The results of a pure function, in the order of the items."""
        ...


__all__ = [
    "Attempt",
    "Cause",
    "Engine",
    "InlineEngine",
    "Limits",
    "LocalEngine",
    "Preparation",
    "Refusal",
]
