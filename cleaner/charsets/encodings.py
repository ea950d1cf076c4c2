"""Encodings and their labels as the web has them (WHATWG Encoding Standard, section 4).

iso-8859-1 and ascii are labels of windows-1252, gb2312 of gbk, tis-620 of windows-874. Two that the
standard refuses for the sake of browsers (hz-gb-2312, iso-2022-kr) can be read here.
"""

import codecs
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

HOLES_ARE_CONTROLS = ("cp874", "cp125")
"""Code pages whose unused bytes from 80 to 9F the standard reads as the control characters."""

MAC_UKRAINIAN = str.maketrans({"¢": "Ґ", "∂": "ґ", "¤": "€"})
KOI8_U_OF_BELARUS = str.maketrans({"╝": "ў", "╬": "Ў"})
DIFFERENT_FROM_PYTHON = {"mac_cyrillic": MAC_UKRAINIAN, "koi8-u": KOI8_U_OF_BELARUS}
"""Where the standard's table has other characters than Python's."""

RICHER = {"euc_jp": "euc_jis_2004", "iso2022_jp": "iso2022_jp_ext"}
"""Codecs for text with characters that the usual one lacks."""


@cache
def _codec_of_label() -> Mapping[str, tuple[str, str]]:
    rows = json.loads(files(__package__).joinpath("encodings.json").read_text("utf-8"))
    return {label: (row["name"], row["codec"]) for row in rows for label in row["labels"]}


def name_of_label(label: str) -> str | None:
    """The encoding that a label stands for, whatever its case and outer space; None if unknown."""
    found = _codec_of_label().get(label.strip(" \t\n\f\r").lower())
    return found[0] if found else None


def codec_of(name: str) -> str:
    """Python's codec for an encoding of the standard, by the standard's name.

    Raises:
        KeyError: the standard has no such encoding.

    """
    return _codec_of_label()[name][1]


@cache
def one_byte_table(codec: str) -> str | None:
    """The characters of the 256 bytes, U+FFFE for one that means nothing.

    None for an encoding with characters of several bytes.
    """
    try:
        return (
            "".join(_character(byte, codec) for byte in range(256)) if _is_one_byte(codec) else None
        )
    except UnicodeError:
        return None


def _is_one_byte(codec: str) -> bool:
    return codec.startswith(("cp125", "cp8", "iso8859", "koi8", "mac_"))


def _character(byte: int, codec: str) -> str:
    try:
        character = bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        is_control = codec.startswith(HOLES_ARE_CONTROLS) and byte < 0xA0  # noqa: PLR2004
        return chr(byte) if is_control else "\ufffe"
    return character.translate(DIFFERENT_FROM_PYTHON.get(codec, {}))


def decode_as(data: bytes, name: str) -> str:
    """The text of bytes in an encoding of the standard; U+FFFD for what means nothing in it."""
    codec = codec_of(name)
    table = one_byte_table(codec)
    if table is not None:
        return codecs.charmap_decode(data, "replace", table)[0]
    if codec in RICHER:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            return _with_fewer_errors(data, codec)
    return data.decode(codec, "replace")


def _with_fewer_errors(data: bytes, codec: str) -> str:
    """The usual reading unless the richer one has fewer errors."""
    readings = (data.decode(each, "replace") for each in (codec, RICHER[codec]))
    return min(readings, key=lambda text: text.count("\ufffd"))
