"""Rows of JSON, one a line, whatever a document's metadata holds."""

import json
import math
from typing import Any

import orjson

BEYOND_64_BITS = b"0" * 19
"""Integers of so many digits orjson may turn into floats, and lose some of the digits."""
SAMPLED = b"0" * 4
"""What every fourth byte of them is at least."""
LEAST_OF_64_BITS, MOST_OF_64_BITS = -(1 << 63), (1 << 64) - 1
DIGITS_ALIKE = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))


def dump_line(row: object) -> bytes:
    """A row as one line of UTF-8 with its line feed.

    orjson refuses integers beyond 64 bits, lone surrogates and deep nesting; the standard library
    takes them.
    """
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(row, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def dump_text(value: object) -> str:
    """A value as `dump_for_others` gives it, in a text."""
    return dump_for_others(value).decode().rstrip("\n")


def dump_for_others(row: object) -> bytes:
    """A row as `dump_line` gives it, but for whole numbers beyond 64 bits, which become texts.

    On one such number pandas and datasets refuse a whole file; RFC 7493 advises texts for them.
    """
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return dump_line(_without_large_numbers(row))


def _without_large_numbers(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_large_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_large_numbers(one) for one in value]
    if isinstance(value, int) and not LEAST_OF_64_BITS <= value <= MOST_OF_64_BITS:
        return str(value)
    return value


def may_lose_digits(line: bytes) -> bool:
    """Whether orjson may read a number in this line as another one."""
    # Of so many digits in a row each sample has some; to look at it alone is cheap.
    if SAMPLED not in line[:: len(SAMPLED)].translate(DIGITS_ALIKE):
        return False
    return BEYOND_64_BITS in line.translate(DIGITS_ALIKE)


def load_line(line: bytes) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Read one JSON value.

    Takes what strict readers refuse: NaN and infinities become null, a lone surrogate U+FFFD, and
    integers keep all their digits.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.

    """
    if not may_lose_digits(line):
        try:
            return orjson.loads(line)
        except orjson.JSONDecodeError:
            pass  # the standard library reads more, and says better what is wrong
    return _without_lone_surrogates(json.loads(line, parse_constant=_as_null, parse_float=_finite))


def _as_null(_name: str) -> None:
    """Stand in for NaN and the infinities, which are not JSON."""


def _finite(digits: str) -> float | None:
    """A number, or null for one that no 64-bit float can hold."""
    number = float(digits)
    return number if math.isfinite(number) else None


def _without_lone_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {
            _without_lone_surrogates(name): _without_lone_surrogates(item)
            for name, item in value.items()
        }
    return value
