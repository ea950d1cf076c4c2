"""What the rows of an output look like."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from cleaner.document import Reason
from cleaner.stages.metadata import NEAR_COPIES


class Type(NamedTuple):
    """A kind of JSON value: what it is called, and whether a value is one."""

    told: str
    holds: Callable[[object], bool]


LARGEST = (1 << 53) - 1
"""The largest whole number that every reader of JSON takes for itself."""
REASONS = [reason.value for reason in Reason]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _is_place(value: object) -> bool:
    return isinstance(value, dict) and not list(_wrong(value, PLACE))


def _is_metadata(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    copies = value.get(NEAR_COPIES, [])
    return isinstance(copies, list) and not any(what_is_wrong(row, NEAR_COPIES) for row in copies)


TEXT = Type("a text", lambda value: isinstance(value, str))
YES_OR_NO = Type("true or false", lambda value: isinstance(value, bool))
NULL = Type("null", lambda value: value is None)
NUMBER = Type("a whole number from 0", _is_number)
NUMBER_OR_NULL = Type(
    "a whole number from 0, or null", lambda value: value is None or _is_number(value)
)
SHARE = Type("a number from 0 to 1", _is_share)
METADATA = Type(f"an object, in which {NEAR_COPIES} lists copies", _is_metadata)
REASON = Type(
    "one of " + ", ".join(Reason), lambda value: isinstance(value, str) and value in REASONS
)
PLACE: Mapping[str, Type] = {"id": TEXT, "position": NUMBER}
OF = Type("an id and a position", _is_place)
TEXT_OR_NULL = Type("a text, or null", lambda value: value is None or isinstance(value, str))
SHARE_OR_NULL = Type(
    "a number from 0 to 1, or null", lambda value: value is None or _is_share(value)
)
ANYTHING = Type("anything", lambda _: True)

SHAPES: Mapping[str, Mapping[str, Type]] = {
    "documents": {"id": TEXT, "text": TEXT, "source": TEXT, "metadata": METADATA},
    "dropped": {"id": TEXT, "source": TEXT, "reason": TEXT},
    "rejected": {"source": TEXT, "record": NUMBER_OR_NULL, "error": TEXT, "rest": YES_OR_NO},
    "removed": {
        "id": TEXT,
        "position": NUMBER,
        "at": NUMBER_OR_NULL,
        "text": TEXT,
        "reason": REASON,
        **dict.fromkeys(("rule", "of", "similarity", "count"), ANYTHING),
    },
    "signatures": {"id": TEXT, "paragraph": NUMBER},
    "warnings": {
        **dict.fromkeys(("kind", "name", "unit", "told"), TEXT),
        **dict.fromkeys(("lost", "of"), NUMBER),
        "share": SHARE,
        "typical": SHARE_OR_NULL,
        "cause": TEXT_OR_NULL,
    },
    NEAR_COPIES: {"paragraph": NUMBER, "of": OF, "similarity": SHARE},
}
"""By kind of row, the keys that it has, and what stands under each."""

DEMANDS: Mapping[str, Mapping[str, Type]] = {
    Reason.BOILERPLATE: {"rule": TEXT, "of": NULL, "similarity": NULL, "count": NULL},
    Reason.TEMPLATE: {"at": NULL, "rule": NULL, "of": NULL, "similarity": NULL, "count": NUMBER},
    Reason.DUPLICATE: {"at": NULL, "rule": NULL, "of": OF, "similarity": SHARE, "count": NULL},
}
"""What a removed row must have under some keys, by its reason."""


def what_is_wrong(row: object, kind: str) -> str | None:
    """What is not as it should be in a row of a kind; None where nothing."""
    if not isinstance(row, dict):
        return "the row is no object"
    for told in _wrong(row, SHAPES[kind]):
        return told
    if kind == "removed":
        for told in _wrong_values(row, DEMANDS[row["reason"]]):
            return f"{told}, as its reason is {row['reason']}"
    return None


def _wrong(row: Mapping[str, Any], shape: Mapping[str, Type]) -> Iterator[str]:
    for name in sorted(row.keys() - shape.keys()):
        yield f"{name!r} is a key that is not known"
    yield from _wrong_values(row, shape)


def _wrong_values(row: Mapping[str, Any], shape: Mapping[str, Type]) -> Iterator[str]:
    for name, kind in shape.items():
        if name not in row:
            yield f"{name} is missing"
        elif not kind.holds(row[name]):
            yield f"{name} must be {kind.told}"
