"""The indexes that a run is given: one to compare with, one to add to, which may be the same."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.earlier.checking import check_files
from cleaner.earlier.extending import (
    add_published,
    check_manifest_there,
    manifest_of,
    waits_for_addition,
)
from cleaner.earlier.index import EarlierCorpus
from cleaner.earlier.manifest import MANIFEST, Manifest
from cleaner.earlier.parameters import check_parameters, parameters_of
from cleaner.errors import CleanerError, UsageError
from cleaner.lock import held
from cleaner.memory import search_memory

LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Indexes:
    """Folders; None where there is none."""

    against: Path | None = None
    save: Path | None = None

    @property
    def is_feed(self) -> bool:
        """Whether both are one."""
        return (
            self.against is not None
            and self.save is not None
            and self.against.resolve() == self.save.resolve()
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """The indexes of a run while it goes on."""

    indexes: Indexes
    compared: Manifest | None
    """Of the index to compare with."""
    extended: Manifest | None
    """Of the index to add to; but for the last run, where that is made again."""
    replaces: str | None = None
    """The last run of that index, where it is made again."""

    @property
    def earlier(self) -> EarlierCorpus | None:
        """What the run is compared with."""
        if self.compared is None or self.indexes.against is None:
            return None
        return EarlierCorpus(self.indexes.against, self.compared)


NO_FEED = Feed(Indexes(), None, None)


@contextmanager
def opened_indexes(indexes: Indexes, config: Config) -> Iterator[Feed]:
    """Hold the indexes while a run goes on: one to be extended alone, one to compare with shared.

    Raises:
        UsageError: there is none, or it was made by other options.
        CleanerError: another run extends it, or it is damaged.

    """
    against, save = indexes.against, indexes.save
    if against and not indexes.is_feed:
        check_there(against)
    with ExitStack() as stack:
        extended = compared = None
        if save:
            stack.enter_context(_begun(save))
            extended = _checked(save, config) or Manifest(parameters_of(config))
            extended = add_published(save, extended, search_memory(config))
        if against and not indexes.is_feed:
            stack.enter_context(held_for_reading(against))
            _check_nothing_waits(against)
            compared = _checked(against, config)
        yield Feed(indexes, extended if indexes.is_feed else compared, extended)


def check_there(index: Path) -> None:
    """Refuse to compare with what is no index.

    Raises:
        UsageError: there is none.

    """
    if not (index / MANIFEST).exists():
        raise UsageError(
            f"there is no index {index}; make one of the earlier corpus with --save-index"
        )


def held_for_reading(index: Path) -> AbstractContextManager[None]:
    """Keep runs from extending an index.

    Raises:
        CleanerError: one is extending it.

    """
    return held(index / LOCK, index, shared=True, doing="using")


@contextmanager
def _begun(save: Path) -> Iterator[None]:
    """The folder of an index held; taken away again if nothing came to be in it."""
    if save.exists() and not save.is_dir():
        raise UsageError(f"{save} is a file; name a folder for the index")
    was_there = save.exists()
    if was_there and any(save.iterdir()) and not (save / LOCK).exists():
        raise UsageError(f"{save} holds files and no index; name a new folder for the index")
    save.mkdir(parents=True, exist_ok=True)
    with held(save / LOCK, save, doing="using"):
        check_manifest_there(save)
        try:
            yield
        finally:
            if not was_there and {path.name for path in save.iterdir()} == {LOCK}:
                (save / LOCK).unlink()
                save.rmdir()


def _checked(index: Path, config: Config) -> Manifest | None:
    manifest = manifest_of(index)
    if manifest is not None:
        check_parameters(str(index), manifest.parameters, config)
        check_files(index, manifest)
    return manifest


def _check_nothing_waits(index: Path) -> None:
    clean = waits_for_addition(index)
    if clean is not None:
        raise CleanerError(
            f"the run that made {clean} was cut off before it was added to {index}; give its "
            "command again first"
        )


def told_of(feed: Feed, removed: int) -> dict[str, Any] | None:
    """For the summary: the index that a run was compared with, and the paragraphs that this took.

    Nothing in it depends on where the index is, but for the name of its folder.
    """
    if feed.compared is None or feed.indexes.against is None:
        return None
    return {
        "index": feed.indexes.against.name,
        "identity": feed.compared.identity,
        "runs": [one.clean for one in feed.compared.runs],
        "documents": sum(one.documents for one in feed.compared.runs),
        "paragraphs": sum(one.paragraphs for one in feed.compared.runs),
        "removed": removed,
    }
