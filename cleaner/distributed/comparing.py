"""Compare paragraphs of a part with earlier ones, of which other parts send what is compared."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.crowds import lists_of
from cleaner.distributed.deciding import FOREIGN, SIMILAR, WAITING, state_before
from cleaner.distributed.parts import Part
from cleaner.distributed.steps import Search, told
from cleaner.distributed.tables import TO, Columns, Rows, addressed, objects, some
from cleaner.duplicates.contenders import Contenders, parity_sketches
from cleaner.duplicates.meetings import UNDECIDED
from cleaner.duplicates.shingles import HashLists, bounds
from cleaner.duplicates.verify import Pairs, similar_pairs

FOUND: Columns = {
    TO: "int64",
    "paragraph": "int64",
    "document": "int64",
    "negations": "int64",
    "state": "int64",
    "shingles": "binary",
    "numbers": "binary",
    "names": "binary",
}
LISTS = ("shingles", "numbers", "names")
AT_ONCE = 1 << 12


def shapes_of(shares: Iterator[Rows], search: Search, number: int) -> Iterator[Rows]:
    """Send what is compared of paragraphs to the parts that ask for them."""
    for at, rows in addressed(shares):
        part, asked = search.layout.part(at), told(rows, "earlier")
        wanted = np.unique(np.stack((asked["earlier"], asked["by"]), axis=1), axis=0)
        part.put(f"{search.name}/wanted-{number}", wanted)
        contenders, state = search.contenders(part), state_before(part, search, number)
        members = numbers_of(contenders, part, wanted[:, 0])
        for first in range(0, len(wanted), AT_ONCE):
            chosen = members[first : first + AT_ONCE]
            lists = {name: blobs(getattr(contenders, name).take(chosen)) for name in LISTS}
            yield {
                TO: wanted[first : first + AT_ONCE, 1],
                "paragraph": wanted[first : first + AT_ONCE, 0],
                "document": contenders.documents[chosen] + part.first_document,
                "negations": contenders.negations[chosen],
                "state": state[chosen].astype(np.int64),
                **lists,
            }


def numbers_of(
    contenders: Contenders, part: Part, paragraphs: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The numbers among a part's contenders of paragraphs of the whole run."""
    return np.searchsorted(contenders.paragraphs, paragraphs - part.first_paragraph)


def blobs(lists: HashLists) -> NDArray[np.object_]:
    """The hashes of each list as bytes."""
    pieces = np.split(lists.hashes, lists.offsets[1:-1])[: len(lists)]
    return objects([piece.tobytes() for piece in pieces])


def compare(part: Part, search: Search, number: int, foreign: Rows) -> None:
    """Leave in a part which of its pairs are similar, and what is known of others' paragraphs."""
    foreign = some(foreign, np.argsort(foreign["paragraph"]))
    pairs = part.got(f"{search.name}/pairs-{number}", np.int64).reshape(-1, 2)
    contenders = search.contenders(part)
    own = np.unique(pairs[pairs >= part.first_paragraph])
    paragraphs = np.concatenate((foreign["paragraph"], own))
    gathered = _gather(contenders, numbers_of(contenders, part, own), foreign, part)
    places = np.searchsorted(paragraphs, pairs)
    found = similar_pairs(gathered, Pairs(places[:, 0], places[:, 1]), search.terms)
    similar = np.empty(len(found.pairs), dtype=SIMILAR)
    similar["later"] = numbers_of(contenders, part, paragraphs[found.pairs.later])
    similar["earlier"] = paragraphs[found.pairs.earlier]
    similar["document"] = gathered.documents[found.pairs.earlier]
    similar["similarity"] = found.similarities
    part.put(f"{search.name}/similar-{number}", similar)
    known = np.empty(len(foreign["paragraph"]), dtype=FOREIGN)
    known["paragraph"] = foreign["paragraph"]
    known["state"] = np.where(foreign["state"] == UNDECIDED, WAITING, foreign["state"])
    part.put(f"{search.name}/foreign-{number}", known)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Paragraphs of others and then of the part, side by side."""

    documents: NDArray[np.int64]
    statements: NDArray[np.uint8]
    negations: NDArray[np.int64]
    parities: NDArray[np.uint64]
    shingles: HashLists
    numbers: HashLists
    names: HashLists
    contenders: Contenders
    own: NDArray[np.int64]
    """Their numbers among the part's contenders."""

    def shingles_in_order(self, numbers: NDArray[np.int64]) -> HashLists:
        """The shingles of some of the part's own as the text has them."""
        first = len(self.documents) - len(self.own)
        return self.contenders.shingles_in_order(self.own[numbers - first])


def _gather(contenders: Contenders, own: NDArray[np.int64], foreign: Rows, part: Part) -> _Gathered:
    def joined(name: str) -> HashLists:
        theirs = lists_of(foreign[name].tolist())
        ours: HashLists = getattr(contenders, name).take(own)
        sizes = np.concatenate((theirs.sizes(), ours.sizes()))
        return HashLists(np.concatenate((theirs.hashes, ours.hashes)), bounds(sizes))

    shingles, theirs = joined("shingles"), foreign["document"]
    others = np.ones(len(theirs), dtype=np.uint8)  # it is asked of later ones alone
    return _Gathered(
        np.concatenate((theirs, contenders.documents[own] + part.first_document)),
        np.concatenate((others, contenders.statements[own])),
        np.concatenate((foreign["negations"], contenders.negations[own])),
        parity_sketches(shingles),
        shingles,
        joined("numbers"),
        joined("names"),
        contenders,
        own,
    )
