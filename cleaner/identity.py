"""What decides the output of a run, so that another run can be told from it."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cleaner.digests import digest_of
from cleaner.errors import CleanerError
from cleaner.stages.discover import Inventory, SourceFile

LONGEST_TOLD = 200
"""Characters. Rules of one's own are longer, and nobody would read them in a message."""

LISTING = "input.jsonl.gz"


class InputChangedError(CleanerError):
    """A file was changed while the run read it, so that its output would be of no one input."""


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What decides the output: the options, the versions, the input."""

    options: Mapping[str, Any]
    versions: Mapping[str, str]
    files: tuple[SourceFile, ...]
    against: str | None = None
    """The identity of the index that it is compared with."""

    def record(self) -> dict[str, Any]:
        """For a file of JSON. The listing of the input is a file of its own."""
        return {
            "options": self.options,
            "versions": self.versions,
            "input": stat_digest(self.files),
            "content": content_digest(self.files),
            "against": self.against,
        }

    def difference(self, earlier: Mapping[str, Any], listing: Path) -> str | None:
        """What an earlier run did otherwise, in a few words; None where nothing.

        Args:
            earlier: the earlier run's record.
            listing: the file with the listing of its input.

        Raises:
            LookupError, TypeError, AttributeError: that is no record of a run.

        """
        for kind, values in (("option", self.options), ("version of", self.versions)):
            before = earlier[f"{kind.partition(' ')[0]}s"]
            changed = [
                _changed(f"{kind} {name}", before.get(name), values.get(name))
                for name in {**values, **before}
                if before.get(name) != values.get(name)
            ]
            if changed:
                return ", ".join(changed)
        if self.has_input_of(earlier):
            return _changed_index(earlier.get("against"), self.against)
        return f"the input has changed{_told(self.files, listing)}"

    def has_input_of(self, earlier: Mapping[str, Any]) -> bool:
        """Whether an earlier run's record is of the same input."""
        content = content_digest(self.files)
        if content and earlier.get("content"):
            return bool(content == earlier["content"])
        return bool(stat_digest(self.files) == earlier["input"])

    def write_listing(self, path: Path) -> None:
        """Write which files the input has, and what each is: a row for each."""
        with gzip.GzipFile(path, "wb", compresslevel=1, mtime=0) as stream:
            for file in self.files:
                row = [file.name, file.size, file.modified, file.digest]
                stream.write(json.dumps(row).encode() + b"\n")


def run_digest(record: Mapping[str, Any]) -> str:
    """A digest of all that decides the output of the run that a record is of."""
    names = ("options", "versions", "against")
    told = [record.get("content") or record["input"], *(record.get(name) for name in names)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _changed_index(earlier: object, index: str | None) -> str | None:
    if earlier == index:
        return None
    if earlier is None:
        return "option --against was not given"
    return "option --against was given" if index is None else "the index of --against has changed"


def with_digests(inventory: Inventory) -> Inventory:
    """The inventory with the digest of each file, which is read for it."""
    files = tuple(replace(file, digest=_content(file.path)) for file in inventory.files)
    return replace(inventory, files=files)


def _content(path: Path) -> str:
    try:
        return digest_of(path)
    except OSError:  # it will be rejected, with the reason
        return ""


def while_unchanged(files: Iterable[SourceFile]) -> Iterator[SourceFile]:
    """The files one by one; when the next is asked for, the last must be what it was.

    Raises:
        InputChangedError: it is not.

    """
    for file in files:
        yield file
        if not _is_unchanged(file):
            raise InputChangedError(
                f"{file.path} was changed while the run went on, which has been given up; "
                "give the same command again when nothing writes to it"
            )


def _is_unchanged(file: SourceFile) -> bool:
    try:
        status = file.path.stat()
    except OSError:
        return False
    if (status.st_size, status.st_mtime_ns) == (file.size, file.modified):
        return True
    return bool(file.digest) and _content(file.path) == file.digest


def stat_digest(files: Iterable[SourceFile]) -> str:
    """A digest of what the input is, without reading it."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.size}\0{file.modified}\n".encode("utf-8", "replace"))
    return digest.hexdigest()


def content_digest(files: Iterable[SourceFile]) -> str | None:
    """A digest of names and contents; None where the contents are not known."""
    digest = hashlib.sha256()
    for file in files:
        if file.digest is None:
            return None
        digest.update(f"{file.name}\0{file.digest}\n".encode("utf-8", "replace"))
    return digest.hexdigest()


def _changed(what: str, earlier: object, value: object) -> str:
    told = f"{what} was {earlier!r} and is {value!r}"
    return told if len(told) <= LONGEST_TOLD else f"{what} was another"


def _told(files: Iterable[SourceFile], listing: Path) -> str:
    """Which file is the first that was added, changed or taken away; nothing if not known."""
    try:
        with gzip.open(listing, "rb") as stream:
            return f": {_first_difference(files, map(json.loads, stream))}"
    except (OSError, EOFError, ValueError, LookupError, TypeError):
        return ""


def _first_difference(files: Iterable[SourceFile], rows: Iterator[Any]) -> str:
    for file in files:
        row = next(rows, None)
        if row is None or file.name < row[0]:
            return f"{file.name} was added"
        if file.name > row[0]:
            return f"{row[0]} is gone"
        _, size, modified, digest = row
        known = file.digest is not None and digest is not None
        if file.digest != digest if known else (file.size, file.modified) != (size, modified):
            return f"{file.name} was changed"
    row = next(rows, None)
    if row is None:
        raise LookupError("the listing is not that of another input")
    return f"{row[0]} is gone"
