"""Records to content: the text or HTML of a record, its id, and what it says of itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cleaner.charsets.binary import is_mostly_controls, kind_of_binary
from cleaner.config import Config
from cleaner.document import Content, Kind, Record
from cleaner.errors import RecordError
from cleaner.stages.charset import Decoded, decode_bytes, how_decoded
from cleaner.stages.row import content_of_row, parse_row

STREAM = "stream"
"""Source of the documents that a program gives. No file of rows has a name without a suffix."""


def decode(record: Record, config: Config) -> Content:
    """Read a record's bytes.

    Raises:
        RecordError: the file is not text, the row is not a JSON object or holds neither text nor
            HTML.

    """
    if record.kind is Kind.ROW:
        return _decode_row(record, config)
    if record.kind is Kind.XML:
        # Only here, as it takes a library that other input does without.
        from cleaner.formats.extracted_xml import content_of_xml

        return content_of_xml(record)
    return _decode_document(record, config)


def _decode_document(record: Record, config: Config) -> Content:
    is_html, envelope = record.kind is Kind.HTML, record.envelope
    decoded = decode_file(_unpacked(record, config), is_html=is_html, declared=envelope.charset)
    return Content(
        id=envelope.id or _name_of(record),
        source=record.source,
        is_html=is_html,
        text=decoded.text,
        metadata=_with_encoding(envelope.metadata, how_decoded(decoded)),
    )


def _unpacked(record: Record, config: Config) -> bytes:
    if not record.envelope.codings:
        return record.data
    from cleaner.formats.http_message import unpacked_body

    most = config.max_record_megabytes << 20
    data = unpacked_body(record.data, record.envelope.codings, most)
    if len(data) > most:
        raise RecordError(
            f"it unpacks to more than {config.max_record_megabytes} MB; "
            "raise --max-record-megabytes to read it"
        )
    return data


def _name_of(record: Record) -> str:
    """The id of a record that has none of its own; in a program's stream, its number from 0."""
    if record.source == STREAM:
        return str((record.number or 1) - 1)
    return record.source if record.number is None else f"{record.source}:{record.number}"


def decode_file(data: bytes, *, is_html: bool, declared: str | None = None) -> Decoded:
    """The text of a file that is named as text.

    Raises:
        RecordError: it is something else.

    """
    kind = kind_of_binary(data)
    if kind:
        raise RecordError(f"the file is not text but {kind}; give it a name that says so")
    decoded = decode_bytes(data, is_html=is_html, declared=declared)
    if is_mostly_controls(decoded.text):
        raise RecordError(
            "the file is not text: too many of its characters are control characters, "
            f"read as {decoded.charset}; give it a name that says what it is"
        )
    return decoded


def _decode_row(record: Record, config: Config) -> Content:
    decoded = decode_bytes(record.data, is_html=False)
    is_plain = decoded.decided_by == "valid UTF-8"
    row = parse_row(record.data if is_plain else decoded.text.encode(), config)
    content = content_of_row(row, record.source, _name_of(record), config)
    how = record.envelope.metadata.get("encoding")
    if how is None and not is_plain:
        how = how_decoded(decoded)
    return (
        content if how is None else replace(content, metadata=_with_encoding(content.metadata, how))
    )


def _with_encoding(metadata: Mapping[str, Any], how: Mapping[str, Any]) -> dict[str, Any]:
    """With how the bytes were read, under a name that is not taken."""
    return {**metadata, "row_encoding" if "encoding" in metadata else "encoding": how}
