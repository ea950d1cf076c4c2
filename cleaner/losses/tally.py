"""What each site, file and folder lost, and to what: tallied in a batch, to be added up later."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from cleaner.document import CleanDocument, Reason
from cleaner.json_lines import dump_line
from cleaner.stages.rejection import Rejection
from cleaner.stages.site import host_of, place_of

READ, REJECTED, DROPPED, UNREAD = "read", "rejected", "dropped", "unread"
"""Causes that count records; all others count characters, `READ` both. `UNREAD` counts those of the
rejected that stand for many, with the reason behind it. None has the dot of a rule, or the name of
a reason."""
NAMED, NUMBERED, WHOLE = "named", "numbered", "whole"
"""Causes that count documents of the corpus by their ids: one of their own, that of a file and a
number, or that of a file alone."""
BY_ID = (NAMED, NUMBERED, WHOLE)
NOT_RULES = {READ, REJECTED, DROPPED, UNREAD, *(reason.value for reason in Reason)}
CORPUS, SITE = "corpus", "site"

Key = tuple[str, str, str]
"""Kind and name of a source (`site`, `file`, `folder`, or the `corpus`, whose name is empty), and
the cause: a rule, `template`, `duplicate`, or one of the above."""


class Losses:
    """Records and characters by source and cause; as many entries as one batch has of these."""

    def __init__(self) -> None:
        self._records: dict[Key, int] = defaultdict(int)
        self._characters: dict[Key, int] = defaultdict(int)

    def watch(
        self, outcomes: Iterable[CleanDocument | Rejection]
    ) -> Iterator[CleanDocument | Rejection]:
        """Note outcomes as they pass."""
        for outcome in outcomes:
            self.note(outcome)
            yield outcome

    def note(self, outcome: CleanDocument | Rejection) -> None:
        """Note what became of one record."""
        by_cause: dict[str, int] = {}
        fates = [READ]
        if isinstance(outcome, Rejection):
            fates += [REJECTED, f"{UNREAD}: {outcome.error}"] if outcome.is_rest else [REJECTED]
        else:
            fates += [] if outcome.kept else [DROPPED]
            for removal in outcome.removed:
                cause = removal.mark.rule or removal.mark.reason.value
                by_cause[cause] = by_cause.get(cause, 0) + len(removal.text)
            by_cause[READ] = sum(by_cause.values()) + sum(map(len, outcome.kept))
            self._records[CORPUS, "", _way_of_id(outcome)] += 1
        for kind, name in _sources(outcome):
            for fate in fates:
                self._records[kind, name, fate] += 1
            for cause, characters in by_cause.items():
                self._characters[kind, name, cause] += characters

    def rows(self) -> Iterator[tuple[str, str, str, int, int]]:
        """Kind and name of a source, cause, records, characters."""
        for key in sorted(self._records.keys() | self._characters.keys()):
            yield *key, self._records.get(key, 0), self._characters.get(key, 0)

    def save(self, path: Path) -> None:
        """Write the rows to a file."""
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as stream:
            stream.writelines(map(dump_line, self.rows()))


def saved_rows(path: Path) -> Iterator[tuple[str, str, str, int, int]]:
    """The rows that `Losses.save` wrote."""
    with path.open("rb") as stream:
        for line in stream:
            try:
                yield tuple(orjson.loads(line))
            except orjson.JSONDecodeError:  # a lone surrogate in a name, which must stay
                yield tuple(json.loads(line))


def _way_of_id(document: CleanDocument) -> str:
    if document.id == document.source:
        return WHOLE
    numbered = document.id.removeprefix(f"{document.source}:")
    is_made_up = numbered != document.id and numbered.partition("#")[0].isdecimal()
    return NUMBERED if is_made_up else NAMED


def _sources(outcome: CleanDocument | Rejection) -> Iterator[tuple[str, str]]:
    yield CORPUS, ""
    yield place_of(outcome.source)
    host = host_of(outcome.metadata) if isinstance(outcome, CleanDocument) else None
    if host:
        yield SITE, host
