"""Tables in columns: Parquet files, by Arrow's reader, a few rows at a time."""

import base64
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet

from cleaner.config import Config
from cleaner.document import Envelope, Kind, Record
from cleaner.formats.limits import ReadItem, check_number, most_bytes, too_large
from cleaner.formats.named_columns import check_columns
from cleaner.json_lines import dump_line
from cleaner.stages.fields import field_names, value_at, without
from cleaner.stages.rejection import Rejection
from cleaner.stages.row import unfolded
from cleaner.stages.unpack import FREE_MEGABYTES, NotReadError

AT_ONCE = 8 << 20
"""Bytes of rows, by the average of their group."""
MOST_ROWS = 1024
MOST_SCHEMA_BYTES = 64 << 20
DAMAGED = (pa.ArrowException, OSError, ValueError, OverflowError)


def read_parquet(stream: BinaryIO, source: str, config: Config) -> Iterator[ReadItem]:
    """The rows of a file, numbered from 1. The stream must be one that can be wound back.

    Raises:
        NotReadError: it is damaged, or unpacks to too much.

    """
    number = 0
    rows = _rows(stream, config)
    while (row := _next_of(rows, number)) is not None:
        number += 1
        check_number(number, config, "rows")
        yield _item(source, number, row, config)
    if not number:
        yield Rejection(source, None, "the file holds no rows")


def _next_of(rows: Iterator[dict[str, Any]], number: int) -> dict[str, Any] | None:
    try:
        return next(rows, None)
    except DAMAGED as error:
        after = f" after row {number}" if number else ""
        told = (str(error).splitlines() or [type(error).__name__])[0]
        raise NotReadError(
            f"the Parquet file is damaged or cut off{after} ({told}); fetch it again"
        ) from None


def _rows(stream: BinaryIO, config: Config) -> Iterator[dict[str, Any]]:
    table = parquet.ParquetFile(
        stream,
        buffer_size=1 << 16,
        thrift_string_size_limit=MOST_SCHEMA_BYTES,
        thrift_container_size_limit=MOST_SCHEMA_BYTES >> 3,
    )
    check_columns(table.schema_arrow.names, config)
    for number in range(table.num_row_groups):
        group = table.metadata.row_group(number)
        _check_expansion(group, config)
        average = max(group.total_byte_size // max(group.num_rows, 1), 1)
        at_once = min(max(AT_ONCE // average, 1), MOST_ROWS)
        for batch in table.iter_batches(at_once, row_groups=[number], use_threads=False):
            yield from batch.to_pylist()


def _check_expansion(group: parquet.RowGroupMetaData, config: Config) -> None:
    """Refuse what says of itself that it unpacks to too much."""
    packed = sum(group.column(at).total_compressed_size for at in range(group.num_columns))
    size = group.total_byte_size
    if size > FREE_MEGABYTES << 20 and size > config.max_expansion * packed:
        raise NotReadError(
            f"the file unpacks to more than {FREE_MEGABYTES} MB and {config.max_expansion} times "
            "its size; raise --max-expansion to read it"
        )


def _item(source: str, number: int, row: Mapping[str, Any], config: Config) -> ReadItem:
    """A row of a JSONL file with the same fields; or, of a column of bytes, those bytes."""
    texts, pages = field_names(config.text_field), field_names(config.html_field)
    held = next((name for name in (*texts, *pages) if value_at(row, name)), "")
    data = value_at(row, held)
    envelope = Envelope()
    if isinstance(data, bytes):
        kind = Kind.TEXT if held in texts else Kind.HTML
        envelope = _envelope(without(row, [held]), config)
    else:
        kind, data = Kind.ROW, dump_line(_as_json(row)).rstrip()
    if len(data) > most_bytes(config):
        return too_large(source, number, config)
    return Record(source, number, kind, data, envelope)


def _envelope(row: Mapping[str, Any], config: Config) -> Envelope:
    own = value_at(row, config.id_field)
    if not isinstance(own, str | int) or isinstance(own, bool) or own == "":
        return Envelope(metadata=unfolded(_as_json(row)))
    return Envelope(str(own), metadata=unfolded(_as_json(without(row, [config.id_field]))))


def _as_json(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """A value as JSON has it: times in ISO 8601, bytes that are no text in Base64."""
    if isinstance(value, Mapping):
        return {str(name): _as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    if isinstance(value, datetime | date | time | bytes):
        return _text_of(value) if isinstance(value, bytes) else value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()
