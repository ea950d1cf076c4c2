"""Decide what a file is: by its first bytes where they tell, else by its name."""

from pathlib import Path

from cleaner.stages.content_kind import (
    LOOKED_AT,
    compression_of,
    format_of,
    looks_like_text,
    settled_format,
)
from cleaner.stages.source_file import Compression, Format, Kind, Named
from cleaner.stages.unpack import DAMAGED, NotReadError, opened_path, unpacked


def settled_kind(path: Path, named: Named) -> Kind | None:
    """What a file is; None if it is of no kind that is read.

    A file that cannot be opened is what its name says: whoever reads it will be told why not.
    """
    try:
        with opened_path(path) as packed:
            head = packed.read(LOOKED_AT)
            packing = compression_of(head)
            if packing is Compression.NONE:
                return kind_of_plain(named, head)
            packed.seek(0)
            with unpacked(packed, packing, expansion=1) as stream:
                inside = stream.read(LOOKED_AT)
    except DAMAGED:
        return _of(named.format, packing)
    except (OSError, NotReadError):
        return _of(named.format, named.compression)
    return kind_of_packed(named, inside, packing)


def kind_of_plain(named: Named, head: bytes) -> Kind | None:
    """What bytes that are not packed are, whatever their name says."""
    is_damaged = not head or not (format_of(head) or looks_like_text(head))
    if named.compression is not Compression.NONE and is_damaged:
        return _of(named.format, named.compression)
    found = settled_format(named.format, head)
    is_other_document = found is Format.ZIP and named.format is None and named.suffixes
    return None if is_other_document else _of(found, Compression.NONE)


def kind_of_packed(named: Named, inside: bytes, packing: Compression) -> Kind | None:
    """What packed bytes are; those that are packed twice are not read by their content."""
    if compression_of(inside) is not Compression.NONE:
        return _of(named.format, packing)
    return _of(settled_format(named.format, inside), packing)


def _of(found: Format | None, packing: Compression) -> Kind | None:
    return None if found is None else Kind(found, packing)
