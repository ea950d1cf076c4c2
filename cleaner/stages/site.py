"""Which site or source a document is from: lines that its documents share are no text of theirs."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from cleaner.stages.source_file import OF_MANY, told_by_name

SOURCES_HELD = 256
"""The rows of one file come one after the other."""


def site_of(source: str, metadata: Mapping[str, Any]) -> str:
    """The host of the document's address; without one, its folder, or the file of rows it is in."""
    return host_of(metadata) or " ".join(place_of(source))


@lru_cache(maxsize=SOURCES_HELD)
def place_of(source: str) -> tuple[str, str]:
    """`file` and its name for a file of rows, `folder` and its name for what is in another."""
    path = PurePosixPath(source)
    if told_by_name(path.name).format in OF_MANY:
        return "file", str(path)
    return "folder", str(path.parent)


USUAL_ADDRESS = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?#][ -Z^-~]*)?")
"""As most are: then the host is known without all that `urlsplit` looks for."""


def host_of(metadata: Mapping[str, Any]) -> str | None:
    """The host of the document's address, without `www.`; None where there is none."""
    url = metadata.get("url")
    if not isinstance(url, str):
        return None
    if usual := USUAL_ADDRESS.fullmatch(url):
        return usual[1].removeprefix("www.")
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:  # not an address after all, such as one with a bracket too few
        return None
    return host.removeprefix("www.") if host else None
