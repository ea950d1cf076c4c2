"""End a file where it can be read no further, with a rejection that says why."""

import lzma
from collections.abc import Callable, Iterator

from cleaner.document import Record
from cleaner.formats.limits import Found
from cleaner.stages.rejection import Rejection
from cleaner.stages.source_file import Format
from cleaner.stages.unpack import DAMAGED, NotReadError, is_too_wide

TOO_MUCH_MEMORY = "Memory usage limit"
"""What the library says of XZ data that need more than they may."""


def settled(
    items: Iterator[Found],
    source: str,
    packing: str,
    format_: Callable[[], Format | None],
    last: int | None = None,
) -> Iterator[Found]:
    """The records of a file; where it is damaged, one rejection for the rest.

    Args:
        items: the records, which raise as readers and unpackers do.
        source: the file's name.
        packing: how it is packed, as a word for the reason.
        format_: tells what it holds, once it was read; None where nothing told it.
        last: the number of the record before the first, where earlier ones were read before.

    """
    try:
        for item in items:
            if not isinstance(item, Rejection | Record):
                yield item
                continue
            if item.source == source:
                last = item.number if isinstance(item, Record) else item.record
            yield item
    except NotReadError as error:
        reason = str(error)
    except DAMAGED as error:
        reason = _damage(error, packing, last)
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or error}"
    except UnicodeError as error:
        reason = f"the UTF-16 or UTF-32 text is damaged or cut off: {error}"
    else:
        return
    holds_many = last is not None or format_() not in {Format.TEXT, Format.HTML, Format.XML}
    yield Rejection(source, None if last is None else last + 1, reason, is_rest=holds_many)


def _damage(error: Exception, packing: str, last: int | None) -> str:
    if is_too_wide(error):
        return "the zstd data needs a window of more than 128 MB; pack it again without --long"
    if isinstance(error, lzma.LZMAError) and TOO_MUCH_MEMORY in str(error):
        return "the XZ data needs more than 128 MB of memory; pack it again without --extreme"
    after = f" after record {last}" if last else ""
    return f"the {packing} data is damaged or cut off{after} ({error}); fetch it again"
