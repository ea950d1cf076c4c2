"""Whether an index holds a run already, and what can be done about it then."""

from dataclasses import replace
from pathlib import Path

from cleaner.earlier.feed import Feed
from cleaner.earlier.manifest import Held, Manifest
from cleaner.errors import CleanerError, UsageError
from cleaner.identity import RunIdentity, run_digest
from cleaner.workspace import is_done


def with_last_replaced(feed: Feed, identity: RunIdentity) -> Feed:
    """The indexes as they are for a run that is to replace what it has added to one, if it may.

    It may if it was the last: what came after it was compared with it.
    """
    extended = feed.extended
    if (
        not extended
        or not extended.ends_with_last_run
        or not _is_input_of(extended.runs[-1], identity)
    ):
        return feed
    base = extended.without_last()
    compared = base if feed.indexes.is_feed else feed.compared
    return replace(feed, compared=compared, extended=base, replaces=extended.runs[-1].run)


def _is_input_of(one: Held, identity: RunIdentity) -> bool:
    return identity.has_input_of({"input": one.input, "content": one.content})


def _how_again(manifest: Manifest, one: Held) -> str:
    """What to do to make a run again that an index holds."""
    later = manifest.runs[manifest.runs.index(one) + 1 :]
    if not later and manifest.ends_with_last_run:
        return "add --overwrite to make it again and put it in the place of that"
    after = f", and what came after it ({later[0].clean} first) knows of it" if later else ""
    return (
        f"it cannot be taken out{after}; make a new index of what is to stay, run by run, or take "
        "a copy of this one from before"
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
        if not feed.extended or not _is_input_of(one, identity):
            continue
        known = replace(identity, against=one.base) if feed.indexes.is_feed else identity
        if run_digest(known.record()) == one.run:
            return known, True
        raise UsageError(
            f"the index {feed.indexes.save} holds this input already: the run that wrote "
            f"{one.clean}, {_by_what(one, known)}, added it; {_how_again(feed.extended, one)}"
        )
    return identity, False


def _by_what(one: Held, identity: RunIdentity) -> str:
    """What a run did otherwise that an index holds, as far as digests of whole runs tell it."""
    for against, told in ((None, "without --against"), (one.base, "with --against this index")):
        if run_digest(replace(identity, against=against).record()) == one.run:
            return told
    return "by other options"


def _check_other_input(feed: Feed, identity: RunIdentity) -> None:
    """Refuse an index of which each paragraph would be found to be a copy of itself."""
    for one in feed.compared.runs if feed.compared else ():
        if _is_input_of(one, identity):
            raise UsageError(
                f"the index {feed.indexes.against} holds this input already: the run that wrote "
                f"{one.clean} added it; name an index without it for --against"
            )


def has_nothing_to_do(
    feed: Feed, identity: RunIdentity, clean: Path, *, is_added: bool, overwrite: bool
) -> bool:
    """Whether the output is there, and in the index where it is to be.

    Raises:
        CleanerError: only one of the two is so, and the other cannot follow any more.

    """
    save = feed.indexes.save
    done = _is_done(clean, identity, is_added=is_added, overwrite=overwrite)
    if is_added and not done and feed.extended:
        one = next(one for one in feed.extended.runs if _is_input_of(one, identity))
        raise CleanerError(
            f"the index {save} holds this input already, and {clean} does not hold what was made "
            f"of it; {_how_again(feed.extended, one)}"
        )
    if done and save and not is_added:
        raise CleanerError(
            f"{clean} holds the output of this run, which was not added to {save}; add --overwrite "
            "to make it again and add it"
        )
    return done


def _is_done(clean: Path, identity: RunIdentity, *, is_added: bool, overwrite: bool) -> bool:
    if not is_added:
        return is_done(clean, identity, overwrite=overwrite)
    try:
        return is_done(clean, identity, overwrite=False)
    except CleanerError:  # what it advises would not help
        return False
