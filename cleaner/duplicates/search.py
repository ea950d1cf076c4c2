"""Find the copies among all paragraphs of a run, in bounded memory.

    exact copies follow their first ─► buckets of the rest ─► contenders, side by side
                ─► crowds joined by rare shingles ─► rounds of verified pairs ─► decisions

Memory holds a few bytes for each contender and stretches of everything else, which is in files.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from cleaner.columns import Column, spans
from cleaner.config import Config
from cleaner.duplicates.bands import bands_for
from cleaner.duplicates.buckets import Marks, Members, MemberWriter, fill_buckets
from cleaner.duplicates.contenders import Contenders, gather_contenders
from cleaner.duplicates.crowds import join_crowds
from cleaner.duplicates.exact import follow_first
from cleaner.duplicates.rounds import IS_COPY, Decisions, decide
from cleaner.duplicates.sketch import Line, keep_freed_memory, sketch_lines
from cleaner.duplicates.store import Store, StoreWriter
from cleaner.duplicates.terms import Relation, Terms

NOTHING = -1
PARAGRAPHS_AT_ONCE = 1 << 12


@dataclass(frozen=True, slots=True)
class Copies:
    """For each paragraph the one that it copies, if any. Columns over the paragraphs of a run."""

    of: Column
    """The number of the paragraph that stays, or -1. Values are int64."""
    similarity: Column
    """Their true Jaccard similarity; 0 where there is no copy. Values are float64."""

    @classmethod
    def none(cls, folder: Path, size: int) -> "Copies":
        """Columns in a folder that say of no paragraph that it is a copy."""
        return cls(
            Column.filled(folder / "of", np.int64, size, NOTHING),
            Column.filled(folder / "similarity", np.float64, size, 0),
        )

    @classmethod
    def opened(cls, folder: Path) -> "Copies":
        """The columns that a search left in a folder."""
        return cls(Column(folder / "of", np.int64), Column(folder / "similarity", np.float64))

    def release(self) -> None:
        """Give back the memory of what was looked at."""
        self.of.release()
        self.similarity.release()


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph that is a copy, and the one that stays, by their numbers."""

    place: int
    of: int
    similarity: float


def find_copies(
    store: Store, alive: Column, terms: Terms, folder: Path, *, settled: int = 0
) -> Copies:
    """The copies among the paragraphs that are alive.

    Args:
        store: all paragraphs.
        alive: a byte for each paragraph, 0 for one that takes no part.
        terms: which pairs count, when they are copies, how much memory there is.
        folder: for files of this search; those that are not asked for afterwards are deleted.
        settled: so many of the first paragraphs stay, whatever they are like.

    """
    keep_freed_memory()
    size = len(store)
    work = folder / "work"
    copies = Copies.none(folder, size)
    follow_first(store, alive, terms, copies.of)
    heads = Column.filled(work / "heads", np.uint8, size, 0)
    for first, last in spans(size):
        heads.array[first:last] = alive.array[first:last] & (copies.of.array[first:last] == NOTHING)
        copies.release()
    contenders, members = _candidates(store, heads, terms, work)
    first = int(np.searchsorted(contenders.paragraphs, settled))
    decisions = decide(contenders, members, terms, work / "rounds", settled=first)
    _enter(decisions, contenders, copies)
    _let_followers_follow(store, terms.relation, alive, heads, copies)
    shutil.rmtree(work)
    return copies


def _candidates(
    store: Store, heads: Column, terms: Terms, work: Path
) -> tuple[Contenders, Members]:
    """The paragraphs that may be similar to another, and the buckets in which they meet."""
    marks = Marks(
        Column.filled(work / "candidate", np.uint8, len(store), 0),
        Column.filled(work / "crowded", np.uint8, len(store), 0),
    )
    with MemberWriter(work / "buckets") as writer:
        fill_buckets(store, heads, terms, marks, writer)
    contenders = gather_contenders(store, marks.candidate, work / "contenders")
    buckets = Members(work / "buckets")
    with MemberWriter(work / "members") as writer:
        for first, last in spans(len(buckets)):
            paragraphs = buckets.members.array[first:last]
            numbers = np.searchsorted(contenders.paragraphs, paragraphs)
            keys = buckets.buckets.array[first:last].astype(np.uint64)
            writer.append(keys, numbers, buckets.roles.array[first:last])
        crowded = np.flatnonzero(marks.crowded.array[contenders.paragraphs])
        if len(crowded):
            join_crowds(contenders, crowded, terms, work / "crowds", writer)
    return contenders, Members(work / "members")


def _enter(decisions: Decisions, contenders: Contenders, copies: Copies) -> None:
    """Enter what was decided about contenders under the paragraphs that they are."""
    for first, last in spans(len(contenders)):
        numbers = first + np.flatnonzero(decisions.state.array[first:last] == IS_COPY)
        paragraphs = contenders.paragraphs[numbers]
        copies.of.array[paragraphs] = contenders.paragraphs[decisions.of.array[numbers]]
        copies.similarity.array[paragraphs] = decisions.similarity.array[numbers]
        copies.release()


def _let_followers_follow(
    store: Store, relation: Relation, alive: Column, heads: Column, copies: Copies
) -> None:
    """Exact copies copy the first of their kind, or what that copies, and as closely.

    Where only copies in other documents count, those in the first one's document stay as it does;
    and so do, whatever counts, those that are no statements.
    """
    of, similarity = copies.of.array, copies.similarity.array
    for first, last in spans(len(of)):
        is_follower = (alive.array[first:last] > 0) & (heads.array[first:last] == 0)
        rows = first + np.flatnonzero(is_follower)
        theirs = of[rows]
        further = of[theirs]
        has_further = further != NOTHING
        of[rows] = np.where(has_further, further, theirs)
        similarity[rows] = np.where(has_further, similarity[theirs], 1.0)
        documents = store.documents.array
        stays = documents[rows] == documents[of[rows]]
        if relation is not Relation.ACROSS:
            stays &= store.statements.array[rows] == 0
        of[rows[stays]] = NOTHING
        similarity[rows[stays]] = 0
        copies.release()
        store.release()


def search_paragraphs(paragraphs: Sequence[str], config: Config | None = None) -> Iterator[Copy]:
    """The copies in a list of paragraphs, by their places in it.

    No paragraph is too short here: `min_words` and what options say of documents do not count.
    """
    config = config or Config()
    bands = bands_for(config.threshold)
    with TemporaryDirectory(prefix="cleaner-") as name:
        with StoreWriter(Path(name) / "store") as writer:
            for first, last in spans(len(paragraphs), PARAGRAPHS_AT_ONCE):
                lines = [
                    Line(text.replace("\n", " "), place, 0, is_compared=True, is_short=False)
                    for place, text in enumerate(paragraphs[first:last], first)
                ]
                writer.append(sketch_lines(lines, config), 0)
        store = Store(Path(name) / "store", bands)
        alive = Column.filled(Path(name) / "alive", np.uint8, len(store), 1)
        terms = Terms(Relation.ANY, config, config.memory_megabytes << 19)
        copies = find_copies(store, alive, terms, Path(name) / "search")
        for row in np.flatnonzero(copies.of.array != NOTHING).tolist():
            of = int(copies.of.array[row])
            places = int(store.documents.array[row]), int(store.documents.array[of])
            yield Copy(*places, float(copies.similarity.array[row]))
