"""What the first bytes of a file tell of it, where its name lies or says nothing."""

import re

from cleaner.stages.source_file import Compression, Format

LOOKED_AT = 1 << 14
"""Bytes, unpacked."""
PACKED = {
    Compression.GZIP: re.compile(rb"\x1f\x8b\x08"),
    # Data, or what programs keep beside them, such as a dictionary.
    Compression.ZSTD: re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
    Compression.BZIP2: re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)"),
    Compression.XZ: re.compile(rb"\xfd7zXZ\x00"),
}
WARC = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n")
TAR_AT, TAR_MARK = 257, b"ustar"
SPACE = rb"(?:\xef\xbb\xbf)?\s{0,999}"
PROLOGUE = SPACE + rb"(?:<\?xml\b[^>]{0,300}>\s{0,99})?(?:<!--.{0,999}?-->\s{0,99}){0,9}"
HTML = re.compile(PROLOGUE + rb"<(?:!doctype\s{1,9}html\b|html[\s>])", re.IGNORECASE | re.DOTALL)
XML = re.compile(PROLOGUE + rb"<(?:TEI|doc)[\s>]", re.DOTALL)
"""Roots of the files that extractors of articles write: TEI, and trafilatura's own."""
OBJECT = rb"\{\s{0,999}\"(?:[^\"\\\n]|\\.){1,200}\"\s{0,99}:"
ONE_OBJECT = re.compile(SPACE + OBJECT, re.DOTALL)
ROWS = re.compile(SPACE + OBJECT + rb"[^\n]*\}[ \t\r]*\n\s*\{", re.DOTALL)
"""An object that ends with its line, and another below it."""
SPREAD = re.compile(
    SPACE
    + rb"(?:\[\s{0,999})?\{[ \t\r]{0,99}\n\s{0,999}\"(?:[^\"\\\n]|\\.){0,200}\"\s{0,99}:|"
    + SPACE
    + rb"\[\s{0,999}"
    + OBJECT
)
"""An array of objects, or one that is spread over lines."""
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
DOCUMENTS = (b"[Content_Types].xml", b"mimetype", b"META-INF/", b"_rels/")
"""Names of the first member of a ZIP archive that is a document or a program."""
NAME_AT = 30


def compression_of(head: bytes) -> Compression:
    """How bytes are packed that begin so."""
    found = (packing for packing, mark in PACKED.items() if mark.match(head))
    return next(found, Compression.NONE)


def format_of(head: bytes) -> Format | None:
    """What the unpacked bytes that begin so are; None where that is not sure.

    Text is never sure: any file of words may be somebody's notes.
    """
    if head.startswith(b"PK\x03\x04") and not head.startswith(DOCUMENTS, NAME_AT):
        return Format.ZIP
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if WARC.match(head):
        return Format.WARC
    if head[TAR_AT:].startswith(TAR_MARK):
        return Format.TAR
    return _text_format(head)


def _text_format(head: bytes) -> Format | None:
    if HTML.match(head):
        return Format.HTML
    if SPREAD.match(head):
        return Format.JSON
    if ROWS.match(head):
        return Format.JSONL
    return Format.XML if XML.match(head) else None


def settled_format(named: Format | None, head: bytes) -> Format | None:
    """What a file holds by its name and its first bytes; None if neither tells.

    A row may be damaged, and another file's only row long: such tell nothing against a name.
    """
    found = format_of(head)
    if found:
        return found
    is_json = named in (Format.JSONL, Format.JSON)
    return Format.JSON if not is_json and ONE_OBJECT.match(head) else named


def looks_like_text(head: bytes) -> bool:
    """Whether bytes hold text and no control characters. Those of packed files do not."""
    return bool(head) and not CONTROLS.search(head)
