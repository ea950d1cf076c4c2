"""Cut what is worked on at once into stretches, so that it takes a bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def stretches(items: Sequence[Item], sizes: Iterable[int], most: int) -> Iterator[Sequence[Item]]:
    """Items in their order, as many at once as together reach a size, or one that does alone.

    Args:
        items: any.
        sizes: of each item.
        most: the size at which a stretch ends.

    """
    first = total = 0
    for after, size in enumerate(sizes, 1):
        total += size
        if total >= most:
            yield items[first:after]
            first, total = after, 0
    if first < len(items):
        yield items[first:]
