"""Put together what is known of a document."""

import re
from collections.abc import Mapping
from typing import Any

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T|$)")

NEAR_COPIES = "near_copies"
"""Which kept paragraphs copy what. The program's own: what a row brings under it is of an earlier
run, and no longer true."""
DAMAGED = "damaged"
"""How many characters of the kept text are lost, where they are many. The program's own as well."""
REPAIRED = "repaired"
"""How many lines and characters were mended, by kind. What a row brings is of an earlier run, and
still true of its text."""
WARC_DATE = "warc_date"
"""When a page was fetched, as its web archive says."""
WELL_KNOWN = (
    *("title", "author", "date", "url", "sitename", "language"),
    *("breadcrumb", WARC_DATE, "encoding", "row_encoding", REPAIRED, DAMAGED, NEAR_COPIES),
)
"""Names of metadata that this program gives, in the order in which they are written."""


def filled_in(given: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, and what was found where nothing was given, or only null or an empty text."""
    missing = {name: value for name, value in found.items() if given.get(name) in (None, "")}
    return dict(given) | missing


def with_date(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the day on which a page was fetched, where nothing says when it was written."""
    fetched = metadata.get(WARC_DATE)
    if metadata.get("date") or not isinstance(fetched, str) or not ISO_DAY.match(fetched):
        return metadata
    return {**metadata, "date": fetched[:10]}


def in_order(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Well-known names first, in one order, so that it does not tell where each was found."""
    first = {name: metadata[name] for name in WELL_KNOWN if name in metadata}
    return first | dict(metadata)
