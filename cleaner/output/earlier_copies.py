"""Copies of what an index holds, whose originals are in the output of an earlier run."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from cleaner.config import Config
from cleaner.duplicates.facts import facts_of
from cleaner.duplicates.shingles import HashLists, as_sets, bounds, shingle_lists
from cleaner.duplicates.store import LISTS
from cleaner.duplicates.tokens import tokens_of
from cleaner.duplicates.verify import Pairs
from cleaner.earlier.checking import check_files
from cleaner.earlier.feed import check_there, held_for_reading
from cleaner.earlier.index import EarlierCorpus
from cleaner.earlier.manifest import read_manifest
from cleaner.earlier.packing import packed, unpacked
from cleaner.earlier.parameters import check_parameters
from cleaner.earlier.segment import Segment
from cleaner.errors import UsageError
from cleaner.output.copies import report_wrong
from cleaner.output.faults import Fault, FaultKind, Report
from cleaner.output.index import Copy
from cleaner.output.similarity import Sides, verdicts_of
from cleaner.output.summary import SUMMARY, WrittenSummary

AT_ONCE = 1 << 10


@contextmanager
def opened_index(path: Path | None, summary: WrittenSummary) -> Iterator[EarlierCorpus | None]:
    """The index that a run was compared with, every file of it checked; None where none is named.

    No run extends it meanwhile.

    Raises:
        UsageError: there is none, or the run was not compared with one that was made like this.
        CleanerError: a run is extending it, or it is damaged.

    """
    if path is None:
        yield None
        return
    if summary.against is None:
        raise UsageError("the run was not compared with an index; leave --against out")
    check_there(path)
    with held_for_reading(path):
        manifest = read_manifest(path)
        check_parameters(str(path), manifest.parameters, summary.config)
        check_files(path, manifest, anew=True)
        yield EarlierCorpus(path, manifest)


@dataclass(slots=True)
class Elsewhere:
    """Counts the copies whose originals are not in the output, and compares them with an index."""

    summary: WrittenSummary
    corpus: EarlierCorpus | None
    report: Report
    seen: int = field(default=0, init=False)
    removed: int = field(default=0, init=False)

    def take(self, copies: Iterable[Copy]) -> None:
        """Take the copies of documents that are not in the output."""
        for some in _stretches(copies) if self.summary.against else ():
            self.seen += len(some)
            self.removed += sum(not copy.is_marked for copy in some)
            if self.corpus:
                self._compare(some, self.corpus)
        if not self.summary.against:
            for copy in copies:
                told = "the document that it copies is not there"
                self.report(Fault(FaultKind.ORIGINAL, copy.where, told))

    def close(self) -> None:
        """Hold the number of copies that went against that of the summary."""
        told = self.summary.against["removed"] if self.summary.against else 0
        if told != self.removed:
            name = f"against.removed is {told!r}, and the files have {self.removed}"
            self.report(Fault(FaultKind.COUNT, SUMMARY, name))

    def _compare(self, copies: Sequence[Copy], corpus: EarlierCorpus) -> None:
        found = []
        for copy in copies:
            place = corpus.place_of(copy.of_id, copy.of_position)
            if place is None:
                told = f"the index holds no paragraph {copy.of_position} of {copy.of_id!r}"
                self.report(Fault(FaultKind.ORIGINAL, copy.where, told))
            else:
                found.append((copy, place))
        if found:
            sides = _sides(found, self.summary.config)
            numbers = np.arange(len(found))
            pairs = Pairs(numbers, numbers + len(found))
            config = self.summary.config
            verdicts = verdicts_of(sides, pairs, config)
            report_wrong([copy for copy, _ in found], verdicts, config, self.report)


def _sides(found: Sequence[tuple[Copy, tuple[Segment, int]]], config: Config) -> Sides:
    """The copies, then their originals, with hashes as wide as an index holds them."""
    tokens, spans = tokens_of([copy.text for copy, _ in found])
    facts = facts_of(tokens, spans, config)
    ordered = shingle_lists(tokens, config.shingle_size)
    theirs = {"shingles": ordered, "numbers": facts.numbers, "names": facts.names}
    sets = {
        name: _joined(
            [_cut(theirs[name])]
            + [segment.lists_of[name].take(np.array([row])) for _, (segment, row) in found]
        )
        for name in LISTS
    }
    negations = [int(segment.rows["negations"].array[row]) for _, (segment, row) in found]
    return Sides(
        np.arange(2 * len(found)),
        *(ordered, sets["shingles"], sets["numbers"], sets["names"]),
        np.concatenate((facts.negations, np.array(negations, dtype=np.int64))),
    )


def _stretches(copies: Iterable[Copy]) -> Iterator[list[Copy]]:
    left = iter(copies)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _cut(lists: HashLists) -> HashLists:
    return as_sets(HashLists(unpacked(*packed(lists.hashes)), lists.offsets))


def _joined(lists: Sequence[HashLists]) -> HashLists:
    """Lists one behind the other, each a set."""
    sizes = np.concatenate([one.sizes() for one in lists])
    return as_sets(HashLists(np.concatenate([one.hashes for one in lists]), bounds(sizes)))
