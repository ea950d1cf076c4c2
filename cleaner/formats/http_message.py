"""Responses of web servers as archives hold them (RFC 9110, 9112): headers, packed bodies."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from backports import zstd

from cleaner.errors import RecordError

STATUS = re.compile(rb"HTTP/[0-9.]{1,5} ([0-9]{3})\b")
END = re.compile(rb"\r?\n\r?\n")
FOLDED = re.compile(rb"\r?\n[ \t]+")
CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9][\w.:+-]{1,40})", re.IGNORECASE)
LONGEST_HEADERS = 1 << 16
CHUNK = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,999})?\r?\n")
NONE = {"identity", "binary", "none", "utf-8", ""}
"""What servers name that pack nothing."""
MARKS = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
"""How packed bodies begin. Archives often hold bodies unpacked, under headers that say packed."""
ALIASES = {"x-gzip": "gzip"}


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A response. The body is packed as `codings` say, the last one outermost."""

    status: int
    media_type: str
    charset: str | None
    codings: tuple[str, ...]
    body: bytes


def parse_message(block: bytes) -> HttpMessage | None:
    """Take a response apart; None if it is none."""
    status = STATUS.match(block)
    end = END.search(block, 0, LONGEST_HEADERS)
    if not status or not end:
        return None
    headers = _headers(block[: end.start()])
    kind = headers.get("content-type", "")
    charset = CHARSET.search(kind)
    codings = f"{headers.get('content-encoding', '')},{headers.get('transfer-encoding', '')}"
    names = (ALIASES.get(one.strip(), one.strip()) for one in codings.lower().split(","))
    return HttpMessage(
        status=int(status[1]),
        media_type=kind.partition(";")[0].strip().lower(),
        charset=charset[1] if charset else None,
        codings=tuple(name for name in names if name not in NONE),
        body=block[end.end() :],
    )


def _headers(head: bytes) -> Mapping[str, str]:
    """The first value of each name, in lower case."""
    headers: dict[str, str] = {}
    for line in FOLDED.sub(b" ", head).decode("latin-1").split("\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def unpacked_body(body: bytes, codings: tuple[str, ...], most: int) -> bytes:
    """The body as it was before it was packed, if it is: `most` + 1 bytes of it at most.

    Raises:
        RecordError: it is damaged, or packed in a way that is not known.

    """
    for coding in reversed(codings):
        try:
            body = _unpacked(body, coding, most + 1)
        except (zlib.error, zstd.ZstdError, OSError, EOFError) as error:
            raise RecordError(f"the page's {coding} data are damaged: {error}") from None
    return body


def _unpacked(body: bytes, coding: str, most: int) -> bytes:
    if coding == "chunked":
        return _joined(body)
    if not body.startswith(MARKS.get(coding, b"")):
        return body
    if coding == "gzip":
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, most)
    if coding == "zstd":
        return zstd.ZstdDecompressor().decompress(body, most)
    if coding == "deflate":
        return _inflated(body, most)
    if coding == "br":
        return _unpacked_brotli(body, most)
    raise RecordError(f"the page is packed as {coding[:40]!r}, which is not read")


def _joined(body: bytes) -> bytes:
    """A body without the marks of its chunks; as it is where it has none.

    What follows a damaged mark is left as it stands: a page that ends oddly is still a page.
    """
    pieces: list[bytes] = []
    at = 0
    while chunk := CHUNK.match(body, at):
        size = int(chunk[1], 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[chunk.end() : chunk.end() + size])
        at = chunk.end() + size
    return b"".join([*pieces, body[at:]])


def _inflated(body: bytes, most: int) -> bytes:
    """What the standard calls deflate has a header, what some servers send has none."""
    try:
        return zlib.decompressobj().decompress(body, most)
    except zlib.error:
        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, most)
        except zlib.error:
            return body


def _unpacked_brotli(body: bytes, most: int) -> bytes:
    """No mark tells Brotli data: what is text as it stands was not packed."""
    from fastwarc.stream_io import BrotliReader

    from cleaner.stages.content_kind import looks_like_text

    if looks_like_text(body[:1000]) and b"<" in body[:1000]:
        return body
    return BrotliReader(BytesIO(body)).read(most)
