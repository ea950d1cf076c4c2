"""Which site or source a document is from: lines that its documents share are no text of theirs."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

PACKED = (".gz", ".zst")


def site_of(source: str, metadata: Mapping[str, Any]) -> str:
    """The host of the document's address; without one, its folder, or the file of rows it is in."""
    host = _host(metadata.get("url"))
    if host:
        return host.removeprefix("www.")
    path = PurePosixPath(source)
    plain = path.with_suffix("") if path.suffix.lower() in PACKED and path.stem else path
    return f"file {path}" if plain.suffix.lower() == ".jsonl" else f"folder {path.parent}"


def _host(url: object) -> str | None:
    if not isinstance(url, str):
        return None
    try:
        return urlsplit(url.strip()).hostname
    except ValueError:  # not an address after all, such as one with a bracket too few
        return None
