"""The fields of a row by the names that options give them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def field_names(option: str) -> tuple[str, ...]:
    """The names in an option, parted by commas, the better ones first."""
    return tuple(name for name in (part.strip() for part in option.split(",")) if name)


def value_at(row: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """What a field holds; None if there is none.

    A name with dots that no field has leads through objects: `article.body` is the field `body` of
    the object `article`.
    """
    if name in row or "." not in name:
        return row.get(name)
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def without(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A row without some fields; objects that hold one are copied, and go if nothing is left."""
    left = dict(row)
    for name in names:
        if name in left or "." not in name:
            left.pop(name, None)
            continue
        outer, _, inner = name.partition(".")
        if isinstance(left.get(outer), Mapping):
            left[outer] = without(left[outer], [inner])
            if not left[outer]:
                del left[outer]
    return left


def text_in(value: object) -> str | None:
    """The text that a field holds: a string, or an article's body as fundus writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and value.keys() == {"summary", "sections"}:
        return "\n\n".join(_texts(value))
    return None


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    """The strings of a body that consists of a summary and sections, in their order."""
    parts = [body["summary"]]
    for section in body["sections"] if isinstance(body["sections"], list) else ():
        if isinstance(section, Mapping):
            parts += [section.get("headline"), section.get("paragraphs")]
    for part in parts:
        yield from (one for one in part if isinstance(one, str)) if isinstance(part, list) else ()
