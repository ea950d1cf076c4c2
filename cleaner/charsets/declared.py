"""What bytes say of themselves: marks, declarations, the language of a page."""

import codecs
import re

from cleaner.charsets.encodings import name_of_label

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
"""UTF-32 before UTF-16: the mark of one begins with the mark of the other."""

LABEL = rb"[\"']?\s{0,9}([A-Za-z0-9][\w.:+-]{1,40})"
NOT_SHOWN = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|title|textarea|noscript)\b.*?(?:</\1\s{0,9}>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
"""Where what looks like a declaration is none. `noscript` too: it may hold a page of its own."""
META_CHARSET = re.compile(rb"<meta\s[^>]{0,500}?\bcharset\s{0,9}=\s{0,9}" + LABEL, re.IGNORECASE)
XML_ENCODING = re.compile(rb"\s{0,99}<\?xml\s[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}[\"']" + LABEL)
LANGUAGE = re.compile(
    rb"<html\s[^>]{0,500}?\blang\s{0,9}=\s{0,9}[\"']?([A-Za-z-]{2,12})", re.IGNORECASE
)
IN_TEXT = re.compile(
    rb"^\W{0,9}Content-Type: text/\w+; charset=" + LABEL + rb"|-\*-.{0,40}\bcoding: " + LABEL,
    re.IGNORECASE | re.MULTILINE,
)
"""The header of a mail or of a program's translations, and what editors go by."""

WITHIN = 1 << 16
"""Browsers look for a declaration in the first 1,024 bytes; many a page has it later."""
WITHIN_TEXT = 4096
LANGUAGE_WITHIN = 4096


def byte_order_mark(data: bytes) -> tuple[bytes, str] | None:
    """The mark that the bytes begin with, and its encoding."""
    return next((found for found in BYTE_ORDER_MARKS if data.startswith(found[0])), None)


def declared_encoding(data: bytes, *, is_html: bool) -> str | None:
    """The encoding that a page or a text says it is in; None if it says nothing known.

    A page that could be read so far as to find `utf-16` in it is not UTF-16: the standard
    reads such a label as UTF-8, and `x-user-defined` as windows-1252.
    """
    label = _page_label(data[:WITHIN]) if is_html else _text_label(data[:WITHIN_TEXT])
    name = name_of_label(label.decode("latin-1")) if label else None
    return {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}.get(
        name or "", name
    )


def page_language(data: bytes) -> str | None:
    """The language that a page says it is in, as `pt-BR`."""
    match = LANGUAGE.search(data[:LANGUAGE_WITHIN])
    return match[1].decode("ascii") if match else None


def _page_label(head: bytes) -> bytes | None:
    match = XML_ENCODING.match(head) or META_CHARSET.search(NOT_SHOWN.sub(b"", head))
    return match[1] if match else None


def _text_label(head: bytes) -> bytes | None:
    match = XML_ENCODING.match(head) or IN_TEXT.search(head)
    return next(filter(None, match.groups()), None) if match else None
