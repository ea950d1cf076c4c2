"""UTF-8 with something else in it: stray bytes, lines of an older encoding, a cut."""

import codecs
import re
from itertools import groupby

from cleaner.charsets.encodings import decode_as

WHOLE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
"""A character of two bytes or more (Unicode Standard, table 3-7)."""
ASCII_BYTES = bytes(range(128))

MOSTLY, LEAST_WHOLE = 0.75, 5
"""Share of the bytes from 80 on that must be in whole characters, and their least number: two
characters of gb18030 may look like one. Of other encodings, ibm866 comes highest by chance, with
some 0.3."""
IN_WHOLE_LINES, LEAST_IN_WHOLE_LINES = 0.25, 8
"""Or the same on lines that are UTF-8 throughout."""


def utf8_but_cut_off(data: bytes) -> str | None:
    """The text of UTF-8 that ends in the midst of a character, without that; None for others."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return None
    return None if text.isascii() else text


def is_partly_utf8(data: bytes) -> bool:
    """Whether so much is UTF-8 that it is no accident."""
    high = _count_high(data)
    if _count_whole(data) >= max(MOSTLY * high, LEAST_WHOLE):
        return True
    lines = (line for line in data.splitlines() if not line.isascii() and _is_utf8(line))
    in_lines = sum(map(_count_high, lines))
    return in_lines >= max(IN_WHOLE_LINES * high, LEAST_IN_WHOLE_LINES)


def other_lines(data: bytes) -> bytes:
    """The lines that are not UTF-8, nor UTF-8 with a stray byte."""
    return b"".join(line for line in data.splitlines(keepends=True) if not _is_mostly_utf8(line))


def decode_mixed(data: bytes, encoding: str) -> str:
    """Lines of UTF-8 as such, their stray bytes as windows-1252, other lines in an encoding."""
    lines = data.splitlines(keepends=True)
    return "".join(
        _with_strays(b"".join(run)) if is_utf8 else decode_as(b"".join(run), encoding)
        for is_utf8, run in groupby(lines, _is_mostly_utf8)
    )


def _with_strays(lines: bytes) -> str:
    pieces: list[str] = []
    end = 0
    for match in WHOLE.finditer(lines):
        pieces += (decode_as(lines[end : match.start()], "windows-1252"), match[0].decode())
        end = match.end()
    return "".join([*pieces, decode_as(lines[end:], "windows-1252")])


def _is_mostly_utf8(line: bytes) -> bool:
    return _is_utf8(line) or 2 * _count_whole(line) >= _count_high(line)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _count_high(data: bytes) -> int:
    return len(data.translate(None, ASCII_BYTES))


def _count_whole(data: bytes) -> int:
    """How many bytes from 80 on are in whole characters."""
    return _count_high(data.decode("utf-8", "ignore").encode())
