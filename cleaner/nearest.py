"""What a wrong name was perhaps meant to be."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

ALIKE = 0.6
"""The least share of two names that is the same from which one may be meant by the other."""


def perhaps(name: object, known: Iterable[str] | Mapping[str, str], *, alike: float = ALIKE) -> str:
    """The end of a message: the nearest known name, or nothing if none is near.

    Args:
        name: what is not known.
        known: the names that are, or by such names what is told in their place.
        alike: the share of a name that must be the same.

    """
    by_form = {_plain(one): one for one in known}
    near = get_close_matches(_plain(str(name)), by_form, n=1, cutoff=alike)
    if not near:
        return ""
    found = by_form[near[0]]
    return f"; perhaps {known[found] if isinstance(known, Mapping) else found} is meant"


def _plain(name: str) -> str:
    """A name without what people write in different ways."""
    return name.casefold().replace("-", "_").strip("_ ")
