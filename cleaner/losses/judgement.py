"""Where far more was lost than elsewhere, which mostly is a fault and not a poor page.

A source is compared with the lower median of the sources of its kind: the median stays what it is
when a few sources go wrong, however wrong. What counts is what a source lost of that which the
typical one keeps, so the same option serves a corpus that loses 2 % and one that loses half.
"""

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest
from itertools import islice
from operator import attrgetter
from pathlib import Path
from statistics import median_low

from cleaner.config import Config
from cleaner.errors import CleanerError
from cleaner.losses.ledger import Ledger, Source
from cleaner.losses.tally import CORPUS, NAMED, NOT_RULES, NUMBERED, SITE, UNREAD, WHOLE, saved_rows
from cleaner.losses.warning import (
    CHARACTERS,
    RECORDS,
    RULE,
    UNNAMED,
    Loss,
    LossWarning,
    warning_of,
)

LEAST_RECORDS = 10
"""Of fewer records a share says little: one dropped of three is a third."""
LEAST_LOST_RECORDS = 5
"""Fewer that are rejected or dropped are accidents, whatever their share."""
LEAST_DOCUMENTS, LEAST_CHARACTERS = 5, 5_000
"""A source with less text, some two articles of it, is not judged by the text that it lost."""
RULES_LEAST_DOCUMENTS, RULES_LEAST_CHARACTERS = 20, 20_000
"""In a corpus with less no rule is judged: the share that one may take would be a line or two."""
LEAST_NAMED = 0.01
"""The share of documents with ids of their own from which a field for ids is no mistake."""
HALF = 0.5
"""The share of a whole corpus that may go before that is told: crawls rightly repeat themselves."""
MOST_WARNINGS = 1_000
"""Sites, files and folders that are told of, those with the largest losses; and as many files and
folders that could not be read to the end."""

Shares = Mapping[tuple[str, str], float]
"""By kind of source and unit."""


def warnings_of(losses: Iterable[Path], config: Config, work: Path) -> tuple[LossWarning, ...]:
    """The warnings of a run: of the corpus, its ids, what was not read to its end, rules, parts.

    Of these that have lost far more than others the largest loss comes first.

    Args:
        losses: files such as `Losses.save` writes.
        config: the options, of which two say what is much.
        work: a folder for a database.

    Raises:
        CleanerError: the database cannot be written.

    """
    try:
        with Ledger(work / "ledger") as ledger:
            for path in losses:
                ledger.add(saved_rows(path))
            return find_warnings(ledger, config)
    except sqlite3.Error as error:
        raise CleanerError(
            f"the work file {work / 'ledger'} cannot be written ({error}); "
            "free some space there and give the same command again"
        ) from error


def find_warnings(ledger: Ledger, config: Config) -> tuple[LossWarning, ...]:
    """The warnings of a run whose losses are in the ledger."""
    corpus = next((one for one in ledger.sources() if one.kind == CORPUS), Source(CORPUS, ""))
    return (
        *_of_corpus(corpus, config.warn_share),
        *_of_ids(corpus, config.id_field),
        *islice(_of_unread(ledger.sources()), MOST_WARNINGS),
        *_of_rules(corpus, config.warn_rule_share),
        *_of_sources(ledger, corpus, config.warn_share),
    )


def _of_corpus(corpus: Source, least: float) -> Iterator[LossWarning]:
    """Of the corpus as a whole: nothing was read, nothing is left, or most is gone."""
    if corpus.lost_records.total() == corpus.records:
        yield warning_of(CORPUS, "", _whole(corpus, RECORDS), None)
        return
    worst = max(_losses(corpus), key=attrgetter("share"), default=None)
    if worst and worst.share >= max(HALF, least):
        yield warning_of(CORPUS, "", worst, None)


def _of_ids(corpus: Source, field: str) -> Iterator[LossWarning]:
    """Of a field for ids that was asked for, where next to no document has its id from there."""
    documents = corpus.by_id[NAMED] + (corpus.by_id[NUMBERED] or corpus.by_id[WHOLE])
    if field != Config().id_field and corpus.by_id[NAMED] < documents * LEAST_NAMED:
        loss = Loss(RECORDS, documents - corpus.by_id[NAMED], documents, UNNAMED)
        yield warning_of(CORPUS, "", loss, None, field)


def _of_unread(sources: Iterable[Source]) -> Iterator[LossWarning]:
    """Of files and folders that hold more than was read, however little of them that may be."""
    for source in sources:
        if source.unread and source.kind != CORPUS:
            loss = Loss(RECORDS, source.unread, source.records, UNREAD)
            yield warning_of(source.kind, source.name, loss, None, source.why_unread)


def _of_rules(corpus: Source, least: float) -> Iterator[LossWarning]:
    if corpus.records < RULES_LEAST_DOCUMENTS or corpus.characters < RULES_LEAST_CHARACTERS:
        return
    for rule, lost in sorted(corpus.lost_characters.items(), key=lambda item: (-item[1], item[0])):
        if rule not in NOT_RULES and lost / corpus.characters >= least:
            yield warning_of(RULE, rule, Loss(CHARACTERS, lost, corpus.characters, rule), None)


def _of_sources(ledger: Ledger, corpus: Source, least: float) -> list[LossWarning]:
    """Of sites, files and folders; first those whose loss is the most of the whole corpus."""
    typical = _typical_shares(ledger.sources(), corpus)
    found = (
        (
            loss.lost / _whole(corpus, loss.unit).of,
            source.kind == SITE,
            -number,  # of equal losses the first by name
            warning_of(source.kind, source.name, loss, typical[source.kind, loss.unit]),
        )
        for number, source in enumerate(ledger.sources())
        if source.kind != CORPUS
        for loss in _far_more(source, typical, least)
    )
    return [warning for *_, warning in nlargest(MOST_WARNINGS, found)]


def _typical_shares(sources: Iterable[Source], corpus: Source) -> Shares:
    shares: dict[tuple[str, str], array[float]] = defaultdict(lambda: array("d"))
    last: dict[tuple[str, str], Loss] = {}
    for source in sources:
        for loss in _losses(source):
            shares[source.kind, loss.unit].append(loss.share)
            last[source.kind, loss.unit] = loss
    return {
        key: median_low(values) if len(values) > 1 else _share_of_rest(last[key], corpus)
        for key, values in shares.items()
    }


def _share_of_rest(loss: Loss, corpus: Source) -> float:
    """The share that all but one source lost; its own where it is all there is."""
    whole = _whole(corpus, loss.unit)
    rest = Loss(loss.unit, whole.lost - loss.lost, whole.of - loss.of, None)
    return rest.share if rest.of else loss.share


def _far_more(source: Source, typical: Shares, least: float) -> list[Loss]:
    """The source's loss if it is far more than is typical, in the unit in which it is greater."""
    far = [
        loss
        for loss in _losses(source)
        if is_far_more(loss.share, typical[source.kind, loss.unit], least)
        and (loss.unit == CHARACTERS or loss.lost >= LEAST_LOST_RECORDS)
    ]
    return [max(far, key=attrgetter("share"))] if far else []


def is_far_more(share: float, typical: float, least: float) -> bool:
    """Whether at least such a share is lost of what the typical source keeps.

    >>> is_far_more(0.25, typical=0.05, least=0.2), is_far_more(0.25, typical=0.1, least=0.2)
    (True, False)
    """
    return share > typical and share - typical >= least * (1 - typical)


def _losses(source: Source) -> Iterator[Loss]:
    """The losses of a source in the units of which it has enough to be judged."""
    if source.records >= LEAST_DOCUMENTS and source.characters >= LEAST_CHARACTERS:
        yield _whole(source, CHARACTERS)
    if source.records >= LEAST_RECORDS:
        yield _whole(source, RECORDS)


def _whole(source: Source, unit: str) -> Loss:
    """All that a source lost in one unit."""
    if unit == CHARACTERS:
        return _loss(unit, source.lost_characters, source.characters)
    return _loss(unit, source.lost_records, source.records)


def _loss(unit: str, lost: Counter[str], of: int) -> Loss:
    cause = min(lost, key=lambda name: (-lost[name], name), default=None)
    return Loss(unit, lost.total(), of, cause)
