"""Rows of JSON, one a line, whatever a document's metadata holds."""

import json
from typing import Any

import orjson


def dump_line(row: object) -> bytes:
    """A row as one line of UTF-8 with its line feed.

    orjson refuses integers beyond 64 bits and deep nesting; the standard library takes them.
    """
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode() + b"\n"


def load_line(line: bytes) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Read what `dump_line` wrote."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)
