"""Whether what comes by a pipe can be rows of JSON, one a line, as no name tells what it is."""

import codecs
import io
from typing import cast

from cleaner.errors import UsageError
from cleaner.formats.rows import wide_encoding
from cleaner.stages.content_kind import LOOKED_AT, compression_of, format_of
from cleaner.stages.source_file import FORMATS, Compression, Format
from cleaner.stages.unpack import DAMAGED, NotReadError, unpacked

HINTS = {Format.JSON: "; jq -c '.[]' makes rows of an array"}
"""What else can be done about some formats."""
UNREAD = (*DAMAGED, NotReadError, OSError)
SEPARATORS = (b",", b";", b"\t", b"|")


def check_rows(start: bytes) -> None:
    """Refuse what begins as no rows of JSON do.

    A row may be damaged: where any of the first lines begins as an object does, or all are blank,
    it is rows.

    Args:
        start: the first bytes of the stream, as they came.

    Raises:
        UsageError: it says what comes instead, and how to run it.

    """
    head = _unpacked(start)
    found = format_of(head)
    if found is Format.JSONL or (found is None and _may_be_rows(head)):
        return
    found = found or _of_lines(head)
    suffix = next((one for one, format_ in FORMATS.items() if format_ is found), "")
    raise UsageError(
        f"the standard input is {_called(found)}, and - is for rows of JSON, one a line; write it "
        f"to a file and name that: cleaner run FILE{suffix} CLEAN{HINTS.get(found, '')}"
    )


def holds_nothing(start: bytes) -> bool:
    """Whether the first bytes are all of a stream, and it is empty, packed or not."""
    try:
        return len(start) < LOOKED_AT and not _opened(start)
    except UNREAD:
        return False


def _unpacked(start: bytes) -> bytes:
    """What the first bytes unpack to; nothing of what is damaged, which will be told as such."""
    try:
        return _opened(start)
    except UNREAD:
        return b""


def _opened(start: bytes) -> bytes:
    packing = compression_of(start)
    if packing is Compression.NONE:
        return start
    with unpacked(io.BytesIO(start), packing, expansion=LOOKED_AT) as stream:
        return cast("io.BufferedReader", stream).read1(LOOKED_AT)


def _may_be_rows(head: bytes) -> bool:
    lines = [line.strip() for line in _narrow(head).splitlines()]
    return not any(lines) or any(line.startswith(b"{") for line in lines)


def _narrow(head: bytes) -> bytes:
    """The bytes in UTF-8 where they are in an encoding that writes a brace otherwise."""
    wide = wide_encoding(head[:4])
    if wide:
        return head.decode(wide, "ignore").encode("utf-8", "ignore")
    return head.removeprefix(codecs.BOM_UTF8)


def _of_lines(head: bytes) -> Format:
    """A table, if its first two lines are parted by the same sign as often; else text."""
    first, second = [*head.splitlines(), b"", b""][:2]
    for sign in SEPARATORS:
        if first.count(sign) == second.count(sign) > 0:
            return Format.TABLE
    return Format.TEXT


def _called(found: Format) -> str:
    return "a table (CSV or TSV)" if found is Format.TABLE else str(found)
