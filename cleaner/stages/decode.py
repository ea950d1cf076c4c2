"""Records to content: the text or HTML of a record, its id, and what it says of itself."""

import json
from collections.abc import Mapping
from typing import Any

from cleaner.config import Config
from cleaner.document import Content, Kind, Record
from cleaner.errors import RecordError
from cleaner.json_lines import load_line
from cleaner.stages.charset import Decoded, decode_bytes

OWN_FIELDS = {"id", "text", "source", "metadata"}
"""A row with just these is one of our own documents; it keeps the source that it names."""


def decode(record: Record, config: Config) -> Content:
    """Read a record's bytes.

    Raises:
        RecordError: the row is not a JSON object, or holds neither text nor HTML.

    """
    if record.kind is Kind.ROW:
        return _decode_row(record, config)
    decoded = decode_bytes(record.data, is_html=record.kind is Kind.HTML)
    return Content(
        id=record.source,
        source=record.source,
        is_html=record.kind is Kind.HTML,
        text=decoded.text,
        metadata={"encoding": _how_decoded(decoded)},
    )


def _how_decoded(decoded: Decoded) -> dict[str, Any]:
    how: dict[str, Any] = {"charset": decoded.charset, "decided_by": decoded.decided_by}
    if decoded.confidence is not None:
        how["confidence"] = decoded.confidence
    return how


def _decode_row(record: Record, config: Config) -> Content:
    decoded = decode_bytes(record.data, is_html=False)
    row = _parse_object(decoded.text)
    field = _document_field(row, config)
    metadata = _row_metadata(row, field, config)
    if decoded.charset != "utf-8":
        metadata.setdefault("encoding", _how_decoded(decoded))
    own_source = row["source"] if _is_own_document(row, config) else None
    return Content(
        id=_row_id(row, record, config),
        source=own_source or record.source,
        is_html=field == config.html_field,
        text=row[field],
        metadata=metadata,
    )


def _parse_object(text: str) -> dict[str, Any]:
    try:
        row = load_line(text.encode())
    except json.JSONDecodeError as error:
        raise RecordError(f"the row is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise RecordError("the row is not read: its JSON is nested too deeply") from None
    except ValueError as error:
        raise RecordError(f"the row is not read: {error}") from None
    if not isinstance(row, dict):
        raise RecordError(f"the row is not a JSON object but {_json_type(row)}")
    return row


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
    raise RecordError(
        f"the row has no field {fields[0]!r} or {fields[1]!r} (its fields: {known}); "
        "name the right one with --text-field or --html-field"
    )


def _held(value: object) -> str:
    return "an object" if isinstance(value, dict) else _json_type(value)


def _row_id(row: Mapping[str, Any], record: Record, config: Config) -> str:
    return _own_id(row, config) or f"{record.source}:{record.number}"


def _own_id(row: Mapping[str, Any], config: Config) -> str | None:
    """The row's id as text; None where it has none, or one that is no name (a list, null)."""
    own = row.get(config.id_field)
    is_number = isinstance(own, int | float) and not isinstance(own, bool)
    return str(own) if is_number or (own and isinstance(own, str)) else None


def _row_metadata(row: Mapping[str, Any], field: str, config: Config) -> dict[str, Any]:
    """The row's other fields. An object in `metadata` is unfolded where no name clashes.

    An empty text beside HTML says nothing and goes; an id that is not used as one stays.
    """
    used = {field, config.text_field if field == config.html_field else field}
    if _own_id(row, config) is not None:
        used.add(config.id_field)
    if _is_own_document(row, config):
        used.add("source")
    metadata = {name: value for name, value in row.items() if name not in used}
    inner = metadata.get("metadata")
    if isinstance(inner, dict) and not (inner.keys() & (metadata.keys() - {"metadata"})):
        del metadata["metadata"]
        metadata |= inner
    return metadata


def _is_own_document(row: Mapping[str, Any], config: Config) -> bool:
    return (
        row.keys() == OWN_FIELDS
        and isinstance(row["source"], str)
        and bool(row["source"])
        and isinstance(row["metadata"], dict)
        and config.text_field == "text"
    )
