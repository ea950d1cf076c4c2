"""Give every document an id of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b


def hash_of(name: str) -> int:
    """64 bits that tell names apart, but for one pair in billions of names."""
    return int.from_bytes(blake2b(as_bytes(name), digest_size=8).digest(), "little")


def as_bytes(name: str) -> bytes:
    """A name in UTF-8, lone surrogates included."""
    return name.encode("utf-8", "surrogatepass")


def distinct_ids(
    ids: Iterable[str], repeats: Iterable[int], is_taken: Callable[[str], bool]
) -> Iterator[str]:
    """Ids in their order, each made distinct.

    The first document that has an id keeps it, the second gets `id#2`, and so on; an id that some
    document has as its own is never given to another.

    Args:
        ids: the documents' own ids.
        repeats: for each, how many documents before it have the same.
        is_taken: whether some document has an id as its own.

    """
    passed_over: dict[str, int] = {}
    for name, repeat in zip(ids, repeats, strict=True):
        if not repeat:
            yield name
            continue
        number = repeat + 1 + passed_over.get(name, 0)
        while is_taken(f"{name}#{number}"):
            number += 1
            passed_over[name] = passed_over.get(name, 0) + 1
        yield f"{name}#{number}"


def free_number(repeat: int, taken: Sequence[int]) -> int:
    """The number that `distinct_ids` gives the repeat of an id: 1 for its first repeat, and so on.

    Args:
        repeat: how many documents before it have the id.
        taken: the numbers, from 2 on, ascending, with which other documents have it as their own.

    """
    number = repeat + 1
    for one in taken:
        if one > number:
            break
        number += 1
    return number
