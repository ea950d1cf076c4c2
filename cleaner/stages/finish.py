"""Apply the marks: part the kept from the removed, and read what the removed lines told."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from cleaner.config import Config
from cleaner.document import (
    CleanDocument,
    Findings,
    KeptCopy,
    Mark,
    MarkedDocument,
    MarkedParagraph,
    Reason,
    Removal,
)
from cleaner.rules import RuleSet, ruleset_for
from cleaner.stages.company import Known, in_company
from cleaner.stages.damage import damage
from cleaner.stages.dates import iso_date
from cleaner.stages.metadata import DAMAGED, NEAR_COPIES, REPAIRED, filled_in, in_order, with_date
from cleaner.stages.place import mark_by_place
from cleaner.words import count_words, ends_like_a_sentence, is_prose

PROGRAMS_OWN = (NEAR_COPIES, DAMAGED)
"""Metadata that is told anew of every text, whatever a row brings under these names."""

LONGEST_HEADLINE = 30
"""Words."""


def finish(
    document: MarkedDocument, findings: Findings, config: Config, *, asks_again: bool = True
) -> CleanDocument:
    """Take out what is marked and what was found to be a template or a copy.

    Where a line stands, and beside what, is asked once more: with the prose around it gone as a
    duplicate, a byline may now stand at the head. Asking again of the result would change nothing.
    Of a document for which that takes too long it is not asked.
    """
    rules = ruleset_for(config.disabled_rules, config.own_rules)
    with_findings = list(document.paragraphs)
    for position, mark in findings.removed.items():
        with_findings[position] = with_findings[position]._replace(mark=mark)
    if asks_again:
        paragraphs, removed, told = _settled(with_findings, document, rules, config)
    else:
        paragraphs, removed, told = with_findings, tuple(_removals(with_findings)), {}
    kept = tuple([text for text, mark, _, _ in paragraphs if mark is None])
    metadata = {name: one for name, one in document.metadata.items() if name not in PROGRAMS_OWN}
    if findings.copies:
        told[NEAR_COPIES] = _told_copies(paragraphs, findings.copies)
    if document.repaired:
        told[REPAIRED] = document.repaired
    if lost := damage(kept, config.damaged_share):
        told[DAMAGED] = lost
    return CleanDocument(
        id=document.id,
        source=document.source,
        kept=kept,
        removed=removed,
        metadata=in_order(with_date(filled_in(metadata, told))),
        repaired=document.repaired,
    )


def _settled(
    paragraphs: Sequence[MarkedParagraph], document: MarkedDocument, rules: RuleSet, config: Config
) -> tuple[Sequence[MarkedParagraph], tuple[Removal, ...], dict[str, Any]]:
    """The paragraphs with the marks that place and company add, until these add nothing.

    With them what is removed, and what that tells.
    """
    while True:
        paragraphs = mark_by_place(paragraphs, rules, risky=document.risky)
        removed = tuple(_removals(paragraphs))
        told = _told_by_removed(removed, rules)
        if headline := _headline(paragraphs):
            told["title"] = headline
        taken = in_company(
            paragraphs,
            Known(document.metadata, told),
            rules,
            config.min_words - 1,
            risky=document.risky,
        )
        if not taken:
            return paragraphs, removed, told
        paragraphs = [
            one._replace(mark=Mark(Reason.BOILERPLATE, taken[at])) if at in taken else one
            for at, one in enumerate(paragraphs)
        ]


def _removals(paragraphs: Sequence[MarkedParagraph]) -> Iterator[Removal]:
    for position, (text, mark, _, cuts) in enumerate(paragraphs):
        for cut in cuts:
            yield Removal(position, cut.text, Mark(Reason.BOILERPLATE, cut.rule), cut.at)
        if mark is not None:
            yield Removal(position, text, mark)


def _told_by_removed(removed: Sequence[Removal], rules: RuleSet) -> dict[str, Any]:
    """Author, date and breadcrumb, as the named groups of the rules find them."""
    told: dict[str, Any] = {}
    for removal in removed:
        rule = removal.mark.rule
        if removal.at is None and rule is not None and rule in rules:
            for name, value in rules.captured(rule, removal.text).items():
                told.setdefault(name, (iso_date(value) or value) if name == "date" else value)
    return told


def _told_copies(
    paragraphs: Sequence[MarkedParagraph], copies: Mapping[int, KeptCopy]
) -> list[dict[str, Any]]:
    """Which kept paragraphs, counted from 0 in the text, copy what, and how closely."""
    kept = [at for at, paragraph in enumerate(paragraphs) if paragraph.mark is None]
    return [
        {
            "paragraph": number,
            "of": {"id": copies[at].of.id, "position": copies[at].of.position},
            "similarity": copies[at].similarity,
        }
        for number, at in enumerate(kept)
        if at in copies
    ]


def _headline(paragraphs: Sequence[MarkedParagraph]) -> str | None:
    """The first paragraph that stays, if it reads like a headline over what follows.

    Failing that, if it does so over what goes as a copy of another document's text.
    """
    kept = [one.text for one in paragraphs if one.mark is None]
    first = kept[0] if kept else ""
    if count_words(first) > LONGEST_HEADLINE or ends_like_a_sentence(first):
        return None
    if not any(map(str.isalnum, first)):
        return None
    copies = (one.text for one in paragraphs if one.mark and one.mark.reason is Reason.DUPLICATE)
    return first if any(map(is_prose, chain(kept, copies))) else None
