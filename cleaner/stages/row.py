"""A row of fields to content: which field holds the document, its id, and what is said of it."""

import json
from collections.abc import Mapping
from typing import Any

from cleaner.config import Config
from cleaner.document import Content
from cleaner.errors import RecordError
from cleaner.json_lines import load_line
from cleaner.nearest import perhaps
from cleaner.stages.fields import field_names, text_in, value_at, without

OWN_FIELDS = {"id", "text", "source", "metadata"}
"""A row with just these is one of our own documents; it keeps its id and the source it names."""
NAMES_TOLD = 8
MOST_FIELDS, LONGEST_FIELD = 64, 64
"""Names of a row, and their characters, among which the one that was meant is looked for."""


def parse_row(line: bytes, config: Config) -> dict[str, Any]:
    """The row that a line in UTF-8 is.

    Raises:
        RecordError: it is not a JSON object, or nested more deeply than it may be.

    """
    row = _parse_object(line, config)
    if _is_deeper_than(config.max_depth, row):
        raise RecordError(_too_deep(config))
    return row


def content_of_row(row: Mapping[str, Any], source: str, name: str, config: Config) -> Content:
    """A row's document, id and metadata. `name` is its id where it has none of its own.

    Raises:
        RecordError: the row holds neither text nor HTML.

    """
    texts, pages = field_names(config.text_field), field_names(config.html_field)
    field, text = _document(row, (*texts, *pages))
    is_own = _is_own_document(row)
    id_field = "id" if is_own else config.id_field
    own_id = _own_id(value_at(row, id_field))
    used = [field, *_blank_fields(row, (*texts, *pages)), *(("id", "source") if is_own else ())]
    if field in texts:  # other readings of the same page
        used += [name for name in texts if isinstance(value_at(row, name), str)]
    if own_id is not None:
        used.append(config.id_field)
    return Content(
        id=own_id or name,
        source=row["source"] if is_own else source,
        is_html=field not in texts,
        text=text,
        metadata=unfolded(without(row, used)),
    )


def _parse_object(line: bytes, config: Config) -> dict[str, Any]:
    try:
        row = load_line(line)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        raise RecordError(f"the row is not JSON: {what} at character {error.pos}") from None
    except RecursionError:
        raise RecordError(_too_deep(config)) from None
    except ValueError as error:
        raise RecordError(f"the row is not read: {error}") from None
    if not isinstance(row, dict):
        raise RecordError(f"the row is not a JSON object but {_json_type(row)}")
    return row


def _too_deep(config: Config) -> str:
    return f"the row is nested more than {config.max_depth} levels deep; raise --max-depth"


def _is_deeper_than(levels: int, row: dict[str, Any]) -> bool:
    """Whether objects and lists are nested beyond some depth, told without recursion."""
    level: list[Any] = [row]
    for _ in range(levels):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _json_type(value: object) -> str:
    names = {list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _document(row: Mapping[str, Any], fields: tuple[str, ...]) -> tuple[str, str]:
    """The first field that holds a document, and the document."""
    for field in fields:
        text = text_in(value_at(row, field))
        if text is not None and text.strip():
            return field, text
    for field in fields:
        value = value_at(row, field)
        if value is not None and not isinstance(value, str):
            raise RecordError(f"field {field!r} holds {_held(value)}; a string is needed")
    if any(value_at(row, field) is not None or field in row for field in fields):
        raise RecordError("the row's text is empty")
    known = ", ".join(repr(name) for name in list(row)[:NAMES_TOLD]) or "none"
    names = [name for name in list(row)[:MOST_FIELDS] if len(name) <= LONGEST_FIELD]
    near = next(filter(None, (perhaps(field, names) for field in fields)), "")
    asked = " or ".join([", ".join(map(repr, fields[:-1])), repr(fields[-1])])
    raise RecordError(
        f"the row has no field {asked} (its fields: {known}{near}); "
        "name the right one with --text-field or --html-field"
    )


def _held(value: object) -> str:
    return "an object" if isinstance(value, dict) else _json_type(value)


def _own_id(own: object) -> str | None:
    """The row's id as text; None where it has none, or one that is no name (a list, null)."""
    is_number = isinstance(own, int | float) and not isinstance(own, bool)
    return str(own) if is_number or (own and isinstance(own, str)) else None


def _blank_fields(row: Mapping[str, Any], fields: tuple[str, ...]) -> list[str]:
    """Of the fields that may hold a document, those that say nothing."""
    values = {field: value_at(row, field) for field in fields}
    return [name for name, value in values.items() if value is None or not str(value).strip()]


def unfolded(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields with the names of an inner `metadata` object beside the others, if none clashes."""
    inner = fields.get("metadata")
    if not isinstance(inner, dict) or inner.keys() & (fields.keys() - {"metadata"}):
        return fields
    return {name: value for name, value in fields.items() if name != "metadata"} | inner


def _is_own_document(row: Mapping[str, Any]) -> bool:
    return (
        row.keys() == OWN_FIELDS
        and all(isinstance(row[name], str) and row[name] for name in ("id", "text", "source"))
        and isinstance(row["metadata"], dict)
    )
