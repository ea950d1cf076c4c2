"""What the value of an option may be, and what is said of one that it may not be."""

import re
from collections.abc import Collection
from typing import Literal, cast, get_args, get_origin

from cleaner.errors import OptionError
from cleaner.mending.steps import ELSEWHERE, STEPS
from cleaner.nearest import perhaps
from cleaner.rule import OwnRules
from cleaner.schema import OPTIONS

DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
NAMES = tuple[str, ...]
"""The type of an option that is a list."""


def value_of(name: str, kind: object, value: object) -> object:
    """The value as `Config` holds it.

    Args:
        name: the field of `Config`.
        kind: its type.
        value: what it is asked to be.

    Raises:
        OptionError: the option may not be that.

    """
    if kind in (int, float):
        return _number(name, value)
    if kind == NAMES:
        return _names(name, value)
    if kind is str:
        if not isinstance(value, str) or not value:
            raise OptionError(name, f"must be {OPTIONS[name].what}")
    elif kind is bool:
        if not isinstance(value, bool):
            raise OptionError(name, f"is {value!r}; it must be true or false")
    elif get_origin(kind) is Literal:
        if value not in get_args(kind):
            choices = get_args(kind)
            near = perhaps(value, choices)
            raise OptionError(name, f"is {value!r}; it must be one of {', '.join(choices)}{near}")
    elif not isinstance(value, OwnRules):
        raise OptionError(name, f"is {value!r}; it must be what read_rules() gives back")
    return value


def _number(name: str, value: object) -> float:
    least, most = OPTIONS[name].between or (0, 0)
    is_whole = isinstance(least, int)
    right = (int,) if is_whole else (int, float)
    if isinstance(value, right) and not isinstance(value, bool):
        number = cast("float", value)
        if least <= number <= most:
            return number if is_whole else float(number)
    kind = "a whole number" if is_whole else "a number"
    point = ", with a decimal point" if has_decimal_comma(value) else ""
    raise OptionError(name, f"is {value!r}; it must be {kind} from {least} to {most}{point}")


def has_decimal_comma(value: object) -> bool:
    """Whether it is a number as it is written in many countries, which no file here takes."""
    return isinstance(value, str) and bool(DECIMAL_COMMA.fullmatch(value.strip()))


def _names(name: str, value: object) -> tuple[str, ...]:
    is_list = isinstance(value, Collection) and not isinstance(value, str)
    if not is_list or not all(isinstance(one, str) for one in cast("Collection[object]", value)):
        raise OptionError(name, f"is {value!r}; it must be a list of names")
    names = cast("Collection[str]", value)
    if name == "repair_off":
        _check_steps(names)
    return tuple(sorted(set(names)))


def _check_steps(names: Collection[str]) -> None:
    for one in names:
        if one not in STEPS:
            told = ELSEWHERE.get(one) or f"the steps are {', '.join(STEPS)}{perhaps(one, STEPS)}"
            raise OptionError("repair_off", f"is {one!r}, which is no step: {told}")
