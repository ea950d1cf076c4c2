"""Bytes to text: which encoding, how that was decided, and how sure it is.

Labels are read as browsers read them (WHATWG Encoding Standard, section 4.2): iso-8859-1 and
ascii mean windows-1252, gb2312 means gb18030, shift_jis its Windows form.
"""

import codecs
import re
from dataclasses import dataclass

import chardet

# Importing it registers the sloppy-* codecs: windows code pages whose holes decode to the
# control character of the same number, as the standard has it, instead of failing.
import ftfy.bad_codecs  # noqa: F401

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: the mark of one begins with the mark of the other."""

WEB_MEANING = {
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "windows-874",
    "tis-620": "windows-874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
"""From Python's name of what a label says to what the web means by it."""

SLOPPY = {f"cp{number}": f"sloppy-windows-{number}" for number in (874, *range(1250, 1259))}

SEVEN_BIT = ("iso2022", "hz")
"""Encodings whose bytes are all ASCII, so that they pass for UTF-8."""

META_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']")
DECLARED_WITHIN = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read."""

    text: str
    charset: str
    decided_by: str
    """'byte-order mark', 'declared', 'valid UTF-8', 'detected' or 'fallback'."""
    confidence: float | None
    """What the detector said, from 0 to 1; None where nothing was guessed."""


def decode_bytes(data: bytes, *, is_html: bool) -> Decoded:
    """Decode a file. Never fails: undecodable bytes become replacement characters.

    Bytes that are valid UTF-8 beat a declared one-byte charset: such bytes are no accident.
    """
    for mark, marked_codec in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(marked_codec, "replace")
            return Decoded(text, marked_codec, "byte-order mark", None)
    declared = declared_charset(data) if is_html else None
    attempts: list[tuple[str | None, str]] = [("utf-8", "valid UTF-8"), (declared, "declared")]
    if declared and declared.startswith(SEVEN_BIT):
        attempts.reverse()
    for codec, decided_by in attempts:
        strict = _strictly(data, codec)
        if codec and strict is not None:
            return Decoded(strict, codec, decided_by, None)
    return _detected(data)


def declared_charset(data: bytes) -> str | None:
    """The codec that an HTML page's own XML or meta declaration names, if Python has it."""
    head = data[:DECLARED_WITHIN]
    match = XML_ENCODING.search(head) or META_CHARSET.search(head)
    return web_codec(match[1].decode("ascii", "replace")) if match else None


def web_codec(label: str) -> str | None:
    """The codec that the web means by a label; None for an unknown one.

    A page that could be read so far as to find `utf-16` in it is not UTF-16: the standard
    reads such a label as UTF-8.
    """
    try:
        name = codecs.lookup(label.strip().lower()).name
    except (LookupError, ValueError):  # unknown, or not a name at all
        return None
    if name.startswith(("utf-16", "utf-32", "utf-7")):
        return "utf-8"
    return WEB_MEANING.get(name, name)


def _strictly(data: bytes, codec: str | None) -> str | None:
    if codec is None:
        return None
    try:
        # str() because a codec that is not for text (base64, zip) can be looked up as well.
        return str(data, _with_holes_filled(codec))
    except (UnicodeError, LookupError):
        return None


def _with_holes_filled(codec: str) -> str:
    name = codecs.lookup(codec).name
    return SLOPPY.get(name, name)


def _detected(data: bytes) -> Decoded:
    guess = chardet.detect(data)
    codec = web_codec(guess["encoding"] or "")
    text = _strictly(data, codec)
    if codec and text is not None:
        return Decoded(text, codec, "detected", round(guess["confidence"], 3))
    return Decoded(data.decode("utf-8", "replace"), "utf-8", "fallback", 0.0)
