"""A file's text as it is read on, when its encoding must be known before the first record is."""

import io
from typing import BinaryIO

from cleaner.charsets.encodings import codec_of
from cleaner.formats.rows import wide_encoding
from cleaner.stages.charset import Decoded, decode_bytes
from cleaner.stages.head import with_head

LOOKED_AT = 1 << 18
"""Bytes at the beginning of a file by which its encoding is chosen."""


def with_encoding(stream: BinaryIO) -> tuple[Decoded, BinaryIO]:
    """How a file is to be read, by its beginning; and all of it."""
    head, stream = with_head(stream, LOOKED_AT)
    return decode_bytes(head, is_html=False), stream


def text_of(stream: BinaryIO, decoded: Decoded) -> io.TextIOWrapper:
    """The characters of a file; U+FFFD for bytes that mean nothing, line breaks as they are."""
    head, stream = with_head(stream, 4)
    codec = wide_encoding(head)
    if codec is None:
        codec = WITHOUT_MARK.get(decoded.charset) or codec_of(decoded.charset)
    return io.TextIOWrapper(stream, encoding=codec, errors="replace", newline="")


WITHOUT_MARK = {"utf-8": "utf-8-sig", "utf-32le": "utf-32-le", "utf-32be": "utf-32-be"}
"""Codecs of encodings that the standard does not have, or that must leave out their mark."""
