"""The indexes that a run is given: one to compare with, one to add to, which may be the same."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.earlier.checking import check_files
from cleaner.earlier.extending import add_published, manifest_of, waits_for_addition
from cleaner.earlier.index import EarlierCorpus
from cleaner.earlier.manifest import MANIFEST, Manifest
from cleaner.earlier.parameters import check_parameters, parameters_of
from cleaner.errors import CleanerError, UsageError
from cleaner.identity import RunIdentity, run_digest
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
    """Of the index to add to."""

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
    if against and not indexes.is_feed and not (against / MANIFEST).exists():
        raise UsageError(
            f"there is no index {against}; make one of the earlier corpus with --save-index"
        )
    with ExitStack() as stack:
        extended = compared = None
        if save:
            stack.enter_context(_begun(save))
            extended = _checked(save, config) or Manifest(parameters_of(config))
            extended = add_published(save, extended, search_memory(config))
        if against and not indexes.is_feed:
            stack.enter_context(held(against / LOCK, against, shared=True, doing="using"))
            _check_nothing_waits(against)
            compared = _checked(against, config)
        yield Feed(indexes, extended if indexes.is_feed else compared, extended)


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


def identity_in(feed: Feed, identity: RunIdentity) -> tuple[RunIdentity, bool]:
    """The run with the index that it is compared with, and whether it was added before.

    A run that has added itself to the index that it was compared with is known by what that was.

    Raises:
        UsageError: another run has added the same input.

    """
    identity = replace(identity, against=feed.compared.identity if feed.compared else None)
    if feed.compared and not feed.indexes.is_feed:
        _check_other_input(feed, identity)
    for one in feed.extended.runs if feed.extended else ():
        if not identity.has_input_of({"input": one.input, "content": one.content}):
            continue
        known = replace(identity, against=one.base) if feed.indexes.is_feed else identity
        if run_digest(known.record()) == one.run:
            return known, True
        raise UsageError(
            f"the index {feed.indexes.save} holds this input already: the run that wrote "
            f"{one.clean}, by other options, added it; name another index for --save-index"
        )
    return identity, False


def _check_other_input(feed: Feed, identity: RunIdentity) -> None:
    """Refuse an index of which each paragraph would be found to be a copy of itself."""
    for one in feed.compared.runs if feed.compared else ():
        if identity.has_input_of({"input": one.input, "content": one.content}):
            raise UsageError(
                f"the index {feed.indexes.against} holds this input already: the run that wrote "
                f"{one.clean} added it; name an index without it for --against"
            )


def has_nothing_to_do(feed: Feed, clean: Path, *, is_added: bool, is_done: bool) -> bool:
    """Whether the output is there, and in the index where it is to be.

    Raises:
        CleanerError: only one of the two is so, and the other cannot follow any more.

    """
    save = feed.indexes.save
    if is_added and not is_done:
        raise CleanerError(
            f"the index {save} holds this input already, and {clean} does not hold what was made "
            "of it; to make it again, name an index without it"
        )
    if is_done and save and not is_added:
        raise CleanerError(
            f"{clean} holds the output of this run, which was not added to {save}; add --overwrite "
            "to make it again and add it"
        )
    return is_done


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
