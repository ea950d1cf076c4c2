"""Records to content: the text or HTML of a record, its id, and what it says of itself."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cleaner.charsets.binary import is_mostly_controls, kind_of_binary
from cleaner.config import Config
from cleaner.document import Content, Kind, Record
from cleaner.errors import RecordError
from cleaner.json_lines import load_line
from cleaner.nearest import perhaps
from cleaner.stages.charset import Decoded, decode_bytes

MOST_FIELDS, LONGEST_FIELD = 64, 64
"""Names of a row, and their characters, among which the one that was meant is looked for."""

STREAM = "stream"
"""Source of the documents that a program gives. No file of rows has a name without a suffix."""
OWN_FIELDS = {"id", "text", "source", "metadata"}
"""A row with just these is one of our own documents; it keeps its id and the source it names."""


def decode(record: Record, config: Config) -> Content:
    """Read a record's bytes.

    Raises:
        RecordError: the file is not text, the row is not a JSON object or holds neither text nor
            HTML.

    """
    if record.kind is Kind.ROW:
        return _decode_row(record, config)
    decoded = decode_file(record.data, is_html=record.kind is Kind.HTML)
    return Content(
        id=record.source,
        source=record.source,
        is_html=record.kind is Kind.HTML,
        text=decoded.text,
        metadata={"encoding": _how_decoded(decoded)},
    )


def decode_file(data: bytes, *, is_html: bool) -> Decoded:
    """The text of a file that is named as text.

    Raises:
        RecordError: it is something else.

    """
    kind = kind_of_binary(data)
    if kind:
        raise RecordError(f"the file is not text but {kind}; give it a name that says so")
    decoded = decode_bytes(data, is_html=is_html)
    if is_mostly_controls(decoded.text):
        raise RecordError(
            "the file is not text: too many of its characters are control characters, "
            f"read as {decoded.charset}; give it a name that says what it is"
        )
    return decoded


def _how_decoded(decoded: Decoded) -> dict[str, Any]:
    how: dict[str, Any] = {"charset": decoded.charset, "decided_by": decoded.decided_by}
    if decoded.confidence is not None:
        how["confidence"] = decoded.confidence
    return how


def _decode_row(record: Record, config: Config) -> Content:
    decoded = decode_bytes(record.data, is_html=False)
    is_plain = decoded.decided_by == "valid UTF-8"
    row = _parse_object(record.data if is_plain else decoded.text.encode(), config)
    if _is_deeper_than(config.max_depth, row):
        raise RecordError(_too_deep(config))
    content = content_of_row(row, record.source, _name_of(record), config)
    if is_plain:
        return content
    name = "row_encoding" if "encoding" in content.metadata else "encoding"
    return replace(content, metadata={**content.metadata, name: _how_decoded(decoded)})


def _name_of(record: Record) -> str:
    """The id of a row without one: its place; in a program's stream, its number from 0."""
    line = record.number or 1
    return str(line - 1) if record.source == STREAM else f"{record.source}:{line}"


def content_of_row(row: Mapping[str, Any], source: str, name: str, config: Config) -> Content:
    """A row's document, id and metadata. `name` is its id where it has none of its own.

    Raises:
        RecordError: the row holds neither text nor HTML.

    """
    field = _document_field(row, config)
    is_own = _is_own_document(row)
    own_id = _own_id(row, "id" if is_own else config.id_field)
    used = {field, *_blank_fields(row, config), *(("id", "source") if is_own else ())}
    if own_id is not None:
        used.add(config.id_field)
    return Content(
        id=own_id or name,
        source=row["source"] if is_own else source,
        is_html=field == config.html_field,
        text=row[field],
        metadata=_unfolded({key: value for key, value in row.items() if key not in used}),
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


def _document_field(row: Mapping[str, Any], config: Config) -> str:
    """The field that holds the document: text, or HTML where there is no text."""
    fields = (config.text_field, config.html_field)
    for field in fields:
        value = row.get(field)
        if isinstance(value, str) and value.strip():
            return field
    for field in fields:
        value = row.get(field)
        if value is not None and not isinstance(value, str):
            raise RecordError(f"field {field!r} holds {_held(value)}; a string is needed")
    if any(field in row for field in fields):
        raise RecordError("the row's text is empty")
    known = ", ".join(repr(name) for name in list(row)[:8]) or "none"
    names = [name for name in list(row)[:MOST_FIELDS] if len(name) <= LONGEST_FIELD]
    near = perhaps(fields[0], names) or perhaps(fields[1], names)
    raise RecordError(
        f"the row has no field {fields[0]!r} or {fields[1]!r} (its fields: {known}{near}); "
        "name the right one with --text-field or --html-field"
    )


def _held(value: object) -> str:
    return "an object" if isinstance(value, dict) else _json_type(value)


def _own_id(row: Mapping[str, Any], field: str) -> str | None:
    """The row's id as text; None where it has none, or one that is no name (a list, null)."""
    own = row.get(field)
    is_number = isinstance(own, int | float) and not isinstance(own, bool)
    return str(own) if is_number or (own and isinstance(own, str)) else None


def _blank_fields(row: Mapping[str, Any], config: Config) -> list[str]:
    """Of the fields that may hold a document, those that say nothing."""
    fields = (config.text_field, config.html_field)
    return [name for name in fields if row.get(name) is None or not str(row[name]).strip()]


def _unfolded(fields: dict[str, Any]) -> dict[str, Any]:
    """Metadata with the names of an inner `metadata` object beside the others, if none clashes."""
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
