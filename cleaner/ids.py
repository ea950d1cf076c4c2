"""Give every document an id of its own."""

from collections import Counter
from collections.abc import Iterable, Mapping


def distinct_ids(ids: Iterable[str]) -> Mapping[int, str]:
    """New ids for the documents, by number, whose id an earlier document has already.

    The first keeps it, the second becomes `id#2`, and so on; an id that some document has as its
    own is never given to another.
    """
    listed = list(ids)
    own = Counter(listed)
    if len(own) == len(listed):
        return {}
    taken = set(own)
    next_number = {name: 2 for name, count in own.items() if count > 1}
    seen: set[str] = set()
    renamed: dict[int, str] = {}
    for number, name in enumerate(listed):
        if name in seen:
            renamed[number] = _free(name, next_number, taken)
        seen.add(name)
    return renamed


def _free(name: str, next_number: dict[str, int], taken: set[str]) -> str:
    while (candidate := f"{name}#{next_number[name]}") in taken:
        next_number[name] += 1
    taken.add(candidate)
    return candidate
