"""The dictionary of a zstd file that brings one along, as web archives do.

It stands in a skippable frame before the data, packed or not. See the IIPC's specification of
Zstandard compression for WARC files.
"""

from typing import BinaryIO

from backports import zstd

from cleaner.stages.head import with_head

HEADER = 8
SKIPPABLE = (0x184D2A50, 0x184D2A5F)
"""First and last number that a frame begins with that holds no data."""
FRAME_MARK, DICTIONARY_MARK = b"\x28\xb5\x2f\xfd", b"\x37\xa4\x30\xec"
LONGEST = 16 << 20
"""Bytes of a dictionary, packed and unpacked; those in use have a tenth of a megabyte."""


def with_dictionary(packed: BinaryIO) -> tuple[zstd.ZstdDict | None, BinaryIO]:
    """The dictionary that a stream of zstd frames begins with, and the stream of its data.

    Raises:
        zstd.ZstdError: the dictionary is damaged.

    """
    header, stream = with_head(packed, HEADER)
    mark, size = (int.from_bytes(header[at : at + 4], "little") for at in (0, 4))
    if not SKIPPABLE[0] <= mark <= SKIPPABLE[1] or not 0 < size <= LONGEST:
        return None, stream
    content = stream.read(HEADER + size)[HEADER:]
    if content.startswith(FRAME_MARK):
        content = zstd.ZstdDecompressor().decompress(content, max_length=LONGEST)
    is_dictionary = content.startswith(DICTIONARY_MARK)
    return zstd.ZstdDict(content) if is_dictionary else None, stream
