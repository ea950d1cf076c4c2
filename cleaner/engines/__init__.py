"""Engines run functions over items. They know nothing of text; stages know nothing of them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from cleaner.engines.local import LocalEngine

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """What a run needs of an engine."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results of a pure function, in the order of the items."""
        ...


__all__ = ["Engine", "LocalEngine"]
