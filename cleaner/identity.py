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
from cleaner.schema import OPTIONS, flag_of
from cleaner.stages.discover import Inventory
from cleaner.stages.source_file import SourceFile

LONGEST_TOLD = 200
"""Characters. Rules of one's own are longer, and nobody would read them in a message."""

LISTING = "input.jsonl.gz"
OPTION, VERSION = "option", "version of"
"""What may differ between two runs."""


class InputChangedError(CleanerError):
    """A file was changed while the run read it, so that its output would be of no one input."""

    def __init__(self, what: str, *, bytes_before: int, is_gone: bool) -> None:
        super().__init__(what)
        self.bytes_before = bytes_before
        """Work on so much of the input holds nothing of that file."""
        self.is_gone = is_gone


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
        for kind, values in ((OPTION, self.options), (VERSION, self.versions)):
            changed = list(changes(kind, earlier[f"{kind.partition(' ')[0]}s"], values))
            if changed:
                return ", ".join(changed)
        if self.has_input_of(earlier):
            return _changed_index(earlier.get("against"), self.against)
        told = f"the input has changed{_told(self.files, listing)}"
        here, there = self.files[:1], earlier.get("content")
        if there and here and here[0].digest is None:
            return (
                f"{told}; files that were only touched are the same with --input-identity content"
            )
        if not there and here and here[0].digest is not None:
            return (
                f"{told}; that run was begun with --input-identity stat and left no digests, so "
                "a file is the same for it only with its old time of change"
            )
        return told

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
    before = 0
    for file in files:
        yield file
        change = _change(file)
        if change:
            # Of an empty file the work is at the same byte before and after it.
            clear = before - (not file.size)
            is_gone = not file.path.exists()
            raise InputChangedError(f"{file.path} {change}", bytes_before=clear, is_gone=is_gone)
        before += file.size


def _change(file: SourceFile) -> str | None:
    """What has become of a file since it was listed; None where nothing."""
    try:
        status = file.path.stat()
    except FileNotFoundError:
        return "is gone"
    except OSError as error:
        return f"cannot be read any more ({error.strerror})"
    is_as_listed = (status.st_size, status.st_mtime_ns) == (file.size, file.modified)
    if is_as_listed or (file.digest and _content(file.path) == file.digest):
        return None
    if status.st_size != file.size:
        return f"was changed (it had {file.size:,} bytes and has {status.st_size:,})"
    return _change_of_bytes(file)


def _change_of_bytes(file: SourceFile) -> str:
    if file.digest is not None:
        return "was changed (its bytes are others)"
    return (
        "was changed, or only touched (it has another time of change; with --input-identity "
        "content a touched file is the same)"
    )


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


def changes(kind: str, earlier: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[str]:
    """What differs, in words: options, or versions of libraries that both runs needed.

    A library that only one of them needs comes with other input or options.
    """
    for name in {**values, **earlier}:
        is_told = kind == OPTION or (name in earlier and name in values)
        if is_told and earlier.get(name) != values.get(name):
            yield _changed(kind, name, earlier.get(name), values.get(name))


def _changed(kind: str, name: str, earlier: object, value: object) -> str:
    option = OPTIONS.get(name) if kind == OPTION else None
    if option and option.off:
        flags = option.off, flag_of(name)
        return f"option was {flags[bool(earlier)]} and is {flags[bool(value)]}"
    what = f"{kind} {flag_of(name) if option else name}"
    told = f"{what} was {_in_words(earlier)} and is {_in_words(value)}"
    return told if len(told) <= LONGEST_TOLD else f"{what} was another"


def _in_words(value: object) -> str:
    """A list of names without its signs; all else as it is."""
    if value is None or value == []:
        return "none"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return repr(value)


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
        if file.digest is not None and digest is not None:
            if file.digest != digest:
                return f"{file.name} was changed"
        elif file.size != size:
            return f"{file.name} was changed"
        elif file.modified != modified:
            return f"{file.name} was changed or touched"
    row = next(rows, None)
    if row is None:
        raise LookupError("the listing is not that of another input")
    return f"{row[0]} is gone"
