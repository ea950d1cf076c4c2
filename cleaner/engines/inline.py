"""Run functions in the program itself."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self, TypeVar

from cleaner.engines.attempt import Attempt

Item = TypeVar("Item")
Result = TypeVar("Result")


class InlineEngine:
    """No processes: the program works on one item after the other, within no limits."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is to be ended."""

    def map(
        self, function: Callable[[Item, Attempt], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """The results in the order of the items."""
        return (function(item, Attempt()) for item in items)
