"""What a wrong name was perhaps meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches


def perhaps(name: object, known: Iterable[str]) -> str:
    """The end of a message: the nearest known name, or nothing if none is near."""
    by_form = {_plain(one): one for one in known}
    near = get_close_matches(_plain(str(name)), by_form, n=1)
    return f"; perhaps {by_form[near[0]]} is meant" if near else ""


def _plain(name: str) -> str:
    """A name without what people write in different ways."""
    return name.casefold().replace("-", "_").strip("_ ")
