"""Bytes to text: which encoding, how that was decided, and how sure it is.

In this order: a byte-order mark, UTF-16 and UTF-32 by their looks, escape sequences, UTF-8, mostly
UTF-8, the declared encoding if the bytes do not contradict it, what looks most like text.
Encodings have the names, and labels the meaning, of the WHATWG Encoding Standard.
"""

from dataclasses import dataclass
from typing import Any

from cleaner.charsets.declared import byte_order_mark, declared_encoding, page_language
from cleaner.charsets.encodings import decode_as, name_of_label

SURE = 0.8
"""A reading of less confidence is guessed. Of those at 0.8 to 0.9 one in a hundred was wrong when
measured, of those below every fifth."""

SEVEN_BIT = {
    b"\x1b$)C": "iso-2022-kr",
    b"\x1b$B": "iso-2022-jp",
    b"\x1b$@": "iso-2022-jp",
    b"\x1b$(D": "iso-2022-jp",
    b"\x1b(I": "iso-2022-jp",
    b"\x1b(J": "iso-2022-jp",
}
"""Escape sequences of encodings whose bytes are all ASCII, so that they pass for UTF-8."""
HZ, HZ_SHIFT = "hz-gb-2312", b"~{"
"""The same without escape sequences, so that it must be declared."""

MOST_ERRORS = 0.02
"""Share of the characters beyond ASCII that may mean nothing in the declared encoding: a record may
be cut off, or have some that the encoding's table lacks."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read."""

    text: str
    charset: str
    """The name that the Encoding Standard gives it, or `utf-32le`, `utf-32be`."""
    decided_by: str
    """'byte-order mark', 'declared', 'valid UTF-8', 'mostly UTF-8', 'escape sequences',
    'zero bytes', 'detected', or 'guessed' where there is too little evidence to be sure."""
    confidence: float | None = None
    """From 0 to 1; None where nothing was guessed."""


def how_decoded(decoded: Decoded) -> dict[str, Any]:
    """How a text was read, for a document's metadata."""
    how: dict[str, Any] = {"charset": decoded.charset, "decided_by": decoded.decided_by}
    if decoded.confidence is not None:
        how["confidence"] = decoded.confidence
    return how


@dataclass(frozen=True, slots=True)
class _Stated:
    """What is stated of some bytes, read only where it matters."""

    data: bytes
    is_html: bool
    header: str | None

    def encoding(self) -> str | None:
        return self.header or declared_encoding(self.data, is_html=self.is_html)

    def language(self) -> str | None:
        return page_language(self.data) if self.is_html else None


def decode_bytes(data: bytes, *, is_html: bool, declared: str | None = None) -> Decoded:
    """Decode a file. Never fails: undecodable bytes become replacement characters.

    `declared` is a label that came with the bytes, as in an HTTP header; it goes before what a page
    says of itself. Bytes that are valid UTF-8 beat a declaration of another: they are no accident.
    """
    mark = byte_order_mark(data)
    if mark:
        data = data[len(mark[0]) :]
        marked = _as_marked(data, mark[1])
        if marked:
            return marked
    stated = _Stated(data, is_html, name_of_label(declared) if declared else None)
    return _seven_bit(data, stated) if data.isascii() else _utf8(data) or _eight_bit(data, stated)


def _as_marked(data: bytes, encoding: str) -> Decoded | None:
    """The text after a mark; None if the bytes contradict it."""
    if encoding != "utf-8" and b"\0" not in data and _utf8(data):
        return None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        is_cut = error.end >= len(data) - 1 and error.start > 0
        if encoding == "utf-8" and not is_cut:
            return None
        text = data.decode(encoding, "replace")
    return Decoded(text, encoding, "byte-order mark")


def _seven_bit(data: bytes, stated: _Stated) -> Decoded:
    """ASCII, and what looks like it."""
    wide = _wide(data)
    if wide:
        return wide
    escapes = SEVEN_BIT.items() if b"\x1b" in data else ()
    escape = next((name for start, name in escapes if start in data), None)
    if escape and _has_few_errors(text := decode_as(data, escape)):
        return Decoded(text, escape, "escape sequences")
    if (
        b"~" in data  # by itself it is looked for in a fraction of the time
        and HZ_SHIFT in data
        and stated.encoding() == HZ
        and _has_few_errors(text := decode_as(data, HZ))
    ):
        return Decoded(text, HZ, "declared")
    return Decoded(data.decode(), "utf-8", "valid UTF-8")


def _utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode(), "utf-8", "valid UTF-8")
    except UnicodeDecodeError:
        return None


def _eight_bit(data: bytes, stated: _Stated) -> Decoded:
    # Numpy and the tables are not loaded for UTF-8.
    from cleaner.charsets.detect import detect
    from cleaner.charsets.mixed import decode_mixed, is_partly_utf8, other_lines, utf8_but_cut_off

    wide = _wide(data)
    if wide:
        return wide
    cut = utf8_but_cut_off(data)
    if cut is not None:
        return Decoded(cut, "utf-8", "mostly UTF-8")
    language = stated.language()
    if is_partly_utf8(data):
        others = other_lines(data)
        encoding = detect(others, language=language).encoding if others else "windows-1252"
        return Decoded(decode_mixed(data, encoding), "utf-8", "mostly UTF-8")
    declared = stated.encoding()
    guess = detect(data, language=language, declared=declared)
    if declared and declared != "utf-8" and not guess.contradicts:
        text = decode_as(data, declared)
        if _has_few_errors(text):
            return Decoded(text, declared, "declared")
    decided_by = "detected" if guess.confidence >= SURE else "guessed"
    return Decoded(decode_as(data, guess.encoding), guess.encoding, decided_by, guess.confidence)


def _has_few_errors(text: str) -> bool:
    errors = text.count("\ufffd")
    return not errors or errors <= MOST_ERRORS * sum(not each.isascii() for each in text)


def _wide(data: bytes) -> Decoded | None:
    if data.isascii() and b"\0" not in data:
        return None
    from cleaner.charsets.wide import wide_encoding

    encoding = wide_encoding(data)
    return Decoded(data.decode(encoding, "replace"), encoding, "zero bytes") if encoding else None
