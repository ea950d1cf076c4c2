"""Web archives (ISO 28500): the pages of WARC files, and the texts of WET files, by FastWARC.

A document has the archive's own id of the record, angle brackets included, as other tools that read
web archives have it: it is unlike any other, stays when the archive is packed anew, and tells two
captures of one address apart, which the address does not.
"""

from collections.abc import Iterator
from typing import BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from cleaner.config import Config
from cleaner.document import Envelope, Kind, Record
from cleaner.formats.bounded import UntilDamage
from cleaner.formats.http_message import HttpMessage, parse_message
from cleaner.formats.limits import Found, check_number, most_bytes, read_piecewise, too_large
from cleaner.stages.content_kind import LOOKED_AT, format_of
from cleaner.stages.metadata import WARC_DATE
from cleaner.stages.rejection import Rejection, Skipped
from cleaner.stages.source_file import Format
from cleaner.stages.unpack import DAMAGED, NotReadError, is_too_wide

PAGES = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/plain": Kind.TEXT,
}
FOUND = 200
"""Status of a page that is there."""
OTHER_TYPES = ("warcinfo", "resource", "request", "metadata", "revisit", "continuation")
LONGEST_HEADERS = 1 << 16
"""Bytes. More is read of a message whose body may yet be small enough."""


def read_warc(stream: BinaryIO, source: str, config: Config) -> Iterator[Found]:
    """The records of an archive, in their order; those that are no documents as skipped.

    Raises:
        NotReadError: the archive is damaged; says where.

    """
    # Whatever is packed is unpacked by us, within limits; messages are parsed one by one, as the
    # library gives an archive up for one that is malformed.
    whole = UntilDamage(stream)
    archive = iter(ArchiveIterator(cast("BinaryIO", whole), parse_http=False, stream_detect=False))
    number = 0
    while (record := _next_of(archive, whole, number)) is not None:
        number += 1
        check_number(number, config, "records")
        if record.record_type == WarcRecordType.unknown and record.record_id is None:
            raise _damage(number - 1, "no record begins there", record.stream_pos)
        yield _whole_item(record, source, number, config, whole)
    if not number:
        yield Rejection(source, None, "the file holds no records of a web archive")
    elif stream.read(1):
        raise _damage(number, "what follows is no record")


def _next_of(archive: Iterator[WarcRecord], whole: UntilDamage, number: int) -> WarcRecord | None:
    try:
        record = next(archive, None)
    except OSError as error:
        _check(whole, number)
        raise _damage(number, str(error)) from None
    # The library's way to say that it did not expect this; it is of no class that can be imported.
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise _damage(number, "the library that reads it failed") from None
        raise
    if record is None:
        _check(whole, number)
    return record


def _whole_item(
    record: WarcRecord, source: str, number: int, config: Config, whole: UntilDamage
) -> Found:
    try:
        return _found(record, source, number, config)
    except NotReadError:
        _check(whole, number - 1)
        raise


def _check(whole: UntilDamage, number: int) -> None:
    try:
        whole.check()
    except DAMAGED as error:
        if is_too_wide(error):
            raise
        raise _damage(number, str(error), whole.tell()) from None


def _damage(number: int, what: str, position: int | None = None) -> NotReadError:
    at = "" if position is None else f" at byte {position} of the unpacked data"
    return NotReadError(
        f"the web archive is damaged or cut off after record {number}{at} ({what}); fetch it again"
    )


def _found(record: WarcRecord, source: str, number: int, config: Config) -> Found:
    if record.record_type == WarcRecordType.conversion:
        media = (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if media != "text/plain":
            return Skipped("WARC conversion record that is not plain text", source)
        return _document(record, source, number, Kind.TEXT, config)
    if record.record_type != WarcRecordType.response:
        name = str(record.record_type)
        return Skipped(f"WARC {name if name in OTHER_TYPES else 'other'} record", source)
    return _response(record, source, number, config)


def _response(record: WarcRecord, source: str, number: int, config: Config) -> Found:
    if not (record.headers.get("Content-Type") or "").lower().startswith("application/http"):
        return Skipped("WARC response record of another protocol than HTTP", source)
    block = _block(record, number, config)
    message = parse_message(block)
    if message is None:
        return Rejection(source, number, "the response in the web archive is no HTTP message")
    if message.status != FOUND:
        return Skipped("WARC response record with another status than 200", source)
    kind = _kind(message, record.headers.get("WARC-Identified-Payload-Type") or "")
    if kind is None:
        return Skipped("WARC response record that is neither HTML nor plain text", source)
    if len(message.body) > most_bytes(config):
        return too_large(source, number, config)
    return _record(record, source, number, kind, message)


def _kind(message: HttpMessage, identified: str) -> Kind | None:
    """By what the server says; else by the archive, or by how the body begins."""
    said = message.media_type or identified.strip().lower()
    if said:
        return PAGES.get(said)
    is_html = format_of(message.body[:LOOKED_AT].lstrip()) is Format.HTML
    return Kind.HTML if is_html and not message.codings else None


def _document(record: WarcRecord, source: str, number: int, kind: Kind, config: Config) -> Found:
    block = _block(record, number, config)
    if len(block) > most_bytes(config):
        return too_large(source, number, config)
    return _record(record, source, number, kind, HttpMessage(FOUND, "", "utf-8", (), block))


def _block(record: WarcRecord, number: int, config: Config) -> bytes:
    """A record's block, or so much of it that it is sure to be too large."""
    most = most_bytes(config) + LONGEST_HEADERS
    position = record.stream_pos
    try:
        block = read_piecewise(cast("BinaryIO", record.reader), most + 1)
    except OSError as error:
        raise _damage(number - 1, str(error), position) from None
    if len(block) < min(record.content_length, most + 1):
        raise _damage(number - 1, "its record is not whole", position)
    return block


def _record(
    record: WarcRecord, source: str, number: int, kind: Kind, message: HttpMessage
) -> Found:
    if not message.body.strip():
        return Rejection(source, number, "the page in the web archive is empty")
    headers = record.headers
    said = {"url": headers.get("WARC-Target-URI"), WARC_DATE: headers.get("WARC-Date")}
    envelope = Envelope(
        id=headers.get("WARC-Record-ID") or None,
        charset=message.charset,
        codings=message.codings,
        metadata={name: text for name, text in said.items() if text},
    )
    return Record(source, number, kind, message.body, envelope)
