"""Whether a finished output holds what the program promises, by its own files alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.document import Mark, Reason
from cleaner.output.copies import check_copies, copies_in
from cleaner.output.earlier_copies import Elsewhere, opened_index
from cleaner.output.faults import Fault, FaultKind, Faults, Report
from cleaner.output.index import Index
from cleaner.output.losses import LossCheck
from cleaner.output.machine import told_in_a_line
from cleaner.output.rows import Output, read_rows
from cleaner.output.signatures import SignatureCheck
from cleaner.output.summary import (
    SUMMARY,
    WrittenSummary,
    changed_files,
    other_files,
    read_summary,
)
from cleaner.output.walk import FinishedDocument, walk
from cleaner.rules import RuleSet, ruleset_for
from cleaner.stages.counts import Counts
from cleaner.stages.rejection import Rejection
from cleaner.stages.write import why_nothing_is_left
from cleaner.versions import program_version

NOT_ON_RECORD = ("repaired",)
"""Counts that the files do not tell: what was repaired in documents that were dropped."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and what is wrong with it."""

    counts: Counts
    copies: int
    """Copies whose similarity was computed."""
    not_compared: int
    """Copies of an earlier corpus, of which there was no index to compare with."""
    faults: Faults


def verify(clean: str | Path, against: str | Path | None = None) -> Verification:
    """Check that a finished output holds what the program promises, by its own files alone.

    Args:
        clean: the output folder of a finished run.
        against: the index that the run was compared with, or one that holds more by now; without
            it, copies of the earlier corpus are counted and not compared.

    Returns:
        What was looked at, and its faults: none if `faults.total` is 0.

    Raises:
        UsageError: no run has finished there, or there is no such index.
        CleanerError: the summary is damaged, so that nothing else can be checked, or the index is,
            or a run is extending it.

    >>> from tempfile import TemporaryDirectory
    >>> from cleaner import run
    >>> with TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     (folder / "raw").mkdir()
    ...     written = (folder / "raw" / "ferry.txt").write_text("The ferry is late again.")
    ...     summary = run(folder / "raw", folder / "clean")
    ...     found = verify(folder / "clean")
    >>> found.faults.total, found.counts.kept
    (0, 1)

    """
    clean = Path(clean)
    summary = read_summary(clean)
    output = Output(clean, summary.config)
    faults = Faults()
    with (
        told_in_a_line(),
        Index() as index,
        LossCheck(summary.config) as losses,
        opened_index(Path(against) if against else None, summary) as corpus,
    ):
        index.read_ids(output, faults.note)
        counts = Counts()
        for row in read_rows(output, "rejected", faults.note):
            names = ("source", "record", "error", "rest")
            rejection = Rejection(*map(row.values.__getitem__, names))
            counts.note(rejection)
            losses.note(rejection)
        copies = _check_documents(output, summary, index, (counts, losses), faults.note)
        elsewhere = Elsewhere(summary, corpus, faults.note)
        if copies:
            check_copies(output, index, faults.note, elsewhere.take)
        elsewhere.close()
        files = (*changed_files(clean, summary), *other_files(clean))
        for fault in (*_wrong_counts(summary.counts, counts), *files):
            faults.note(fault)
        if _is_of_this_version(summary):
            for fault in losses.faults(summary.warnings, counts.dropped):
                faults.note(fault)
    not_compared = 0 if corpus else elsewhere.seen
    return Verification(counts, copies - not_compared, not_compared, faults)


def _check_documents(
    output: Output,
    summary: WrittenSummary,
    index: Index,
    notes: tuple[Counts, LossCheck],
    report: Report,
) -> int:
    """Check and count all documents, enter the copies in the index, and return how many."""
    config, copies = summary.config, 0
    rules = _known_rules(summary)
    signatures = SignatureCheck(output, report) if config.signatures else None
    for number, finished in enumerate(walk(output, index, report)):
        for one in notes:
            one.note(finished.document)
        index.note_document(number, finished.document.id)
        for fault in _faults_of(finished, config, rules):
            report(fault)
        if signatures:
            signatures.add(finished.document)
        if finished.is_whole:
            for copy in copies_in(finished, number):
                index.note_copy(copy)
                copies += 1
    if signatures:
        signatures.close()
    return copies


def _known_rules(summary: WrittenSummary) -> RuleSet | None:
    """The rules of the run; None where another version of the program has made the output."""
    if not _is_of_this_version(summary):
        return None
    return ruleset_for(summary.config.disabled_rules, summary.config.own_rules)


def _is_of_this_version(summary: WrittenSummary) -> bool:
    return summary.versions.get("cleaner") == program_version()


def _faults_of(
    finished: FinishedDocument, config: Config, rules: RuleSet | None
) -> Iterator[Fault]:
    """What is wrong with one document by itself."""
    for removal, where in zip(finished.document.removed, finished.rows, strict=True):
        if rules is not None and not _is_known(removal.mark, rules):
            told = f"the run had no rule {removal.mark.rule!r}"
            yield Fault(FaultKind.RULE, where, told)
        count = removal.mark.count
        if count is not None and count < config.template_documents:
            least = config.template_documents
            told = f"{count} documents hold it, and the option asks for {least}"
            yield Fault(FaultKind.TEMPLATE, where, told)
    if finished.reason is not None:
        reason = why_nothing_is_left(finished.document)
        if finished.reason != reason:
            yield Fault(FaultKind.DROPPED, finished.where, f"its removed rows say: {reason}")


def _is_known(mark: Mark, rules: RuleSet) -> bool:
    if mark.reason is not Reason.BOILERPLATE or mark.rule is None:
        return True
    return mark.rule in rules or mark.rule in rules.context


def _wrong_counts(written: Mapping[str, Any], counts: Counts) -> Iterator[Fault]:
    """The counts of the summary that are not those of the files."""
    found = {name: one for name, one in counts.as_row().items() if name not in NOT_ON_RECORD}
    told = {name: one for name, one in written.items() if name not in NOT_ON_RECORD}
    yield from _differences("counts", told, found)


def _differences(name: str, written: object, found: object) -> Iterator[Fault]:
    if isinstance(written, dict) and isinstance(found, dict):
        for key in sorted({*written, *found}):
            yield from _differences(f"{name}.{key}", written.get(key), found.get(key))
    elif type(written) is not type(found) or written != found:
        told = f"{name} is {written!r}, and the files have {found!r}"
        yield Fault(FaultKind.COUNT, SUMMARY, told)
