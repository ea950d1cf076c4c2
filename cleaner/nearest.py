"""What a wrong name was perhaps meant to be."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches

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


class Nearest:
    """Finds the name that is nearest to another among any number of them, and holds only that."""

    def __init__(self, name: str) -> None:
        """Look for this one."""
        self._matcher = SequenceMatcher(None, b=_plain(name))
        self._alike = ALIKE
        self._found = ""

    def look_at(self, known: str) -> None:
        """Take a name into account; of equally near ones the first counts."""
        matcher = self._matcher
        matcher.set_seq1(_plain(known))
        # Each is an upper bound of the next, and costs a fraction of it.
        if matcher.real_quick_ratio() > self._alike and matcher.quick_ratio() > self._alike:
            alike = matcher.ratio()
            if alike > self._alike:
                self._alike, self._found = alike, known

    def perhaps(self) -> str:
        """The end of a message: the nearest name, or nothing if none is near."""
        return f"; perhaps {self._found!r} is meant" if self._found else ""


def _plain(name: str) -> str:
    """A name without what people write in different ways."""
    return name.casefold().replace("-", "_").strip("_ ")
