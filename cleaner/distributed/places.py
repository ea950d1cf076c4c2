"""Places: shares of all buckets, where paragraphs meet by what little decides who is compared.

A place knows of a paragraph its document, the size of its set of shingles and its parity sketch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.distributed.crowds import LONG, RARE
from cleaner.distributed.parts import Part, got_column, made_folder, put_column
from cleaner.distributed.steps import Search, all_parts
from cleaner.distributed.tables import (
    TO,
    Columns,
    Rows,
    Tables,
    addressed,
    objects,
    signed,
    some,
    unsigned,
)
from cleaner.duplicates.buckets import MemberWriter
from cleaner.duplicates.contenders import PARITY_WORDS
from cleaner.duplicates.shingles import HashLists, bounds

MEMBERS: Columns = {
    TO: "int64",
    "key": "int64",
    "member": "int64",
    "role": "int64",
    "face": "binary",
}
DONE: Columns = {"place": "int64"}
FACE = -1
"""In the place of a role: the row tells what a paragraph is like."""
FACE_NUMBERS = 3 + PARITY_WORDS
NO_HASHES = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Faces:
    """What a place knows of the paragraphs that meet there, side by side."""

    paragraphs: NDArray[np.int64]
    """Their numbers in the whole run, ascending."""
    documents: NDArray[np.int64]
    statements: NDArray[np.uint8]
    shingles: HashLists
    """Only the sizes of the sets."""
    parities: NDArray[np.uint64]
    negations: NDArray[np.int64]
    """Not known here; nor are the next."""
    numbers: HashLists
    names: HashLists

    def shingles_in_order(self, numbers: NDArray[np.int64]) -> HashLists:
        """Not known."""
        return HashLists(NO_HASHES, np.zeros(len(numbers) + 1, dtype=np.int64))

    @classmethod
    def in_folder(cls, folder: Path) -> "Faces":
        """Those of a place."""
        faces = got_column(folder / "faces", np.int64).reshape(-1, FACE_NUMBERS)
        empty = HashLists(NO_HASHES, np.zeros(len(faces) + 1, dtype=np.int64))
        return cls(
            got_column(folder / "paragraphs", np.int64),
            faces[:, 0],
            faces[:, 1].astype(np.uint8),
            HashLists(NO_HASHES, bounds(faces[:, 2])),
            faces[:, 3:].view(np.uint64),
            np.zeros(len(faces), dtype=np.int64),
            empty,
            empty,
        )


def place_folder(search: Search, number: int) -> Path:
    """The folder of a place."""
    return search.layout.work / search.name / f"place-{number:06d}"


def fill_places(search: Search, tables: Tables) -> NDArray[np.int64]:
    """Bring the members of all buckets to their places; the numbers of those that have some."""
    parts = all_parts(search.layout, tables)
    rows = parts.mapped(partial(_tell, search=search), MEMBERS).by(TO, ["role", "key", "member"])
    done = rows.mapped(partial(_settle, search=search), DONE).collected()
    return np.sort(done["place"])


def _tell(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, _ in addressed(shares):
        part = search.layout.part(number)
        contenders, visits = search.contenders(part), list[NDArray[np.int64]]()
        paragraphs = contenders.paragraphs + part.first_paragraph
        for way in ("bands", RARE, LONG):
            keys, members, roles = _rows_of(part, f"{search.name}/{way}")
            places = (keys % np.uint64(search.places)).astype(np.int64)
            visits.append(np.stack((places, members), axis=1))
            yield {
                TO: places,
                "key": signed(keys),
                "member": paragraphs[members],
                "role": roles.astype(np.int64),
            }
        visited = np.unique(np.concatenate(visits), axis=0)
        part.put(f"{search.name}/visits", visited)
        faces = np.empty((len(paragraphs), FACE_NUMBERS), dtype=np.int64)
        faces[:, 0] = contenders.documents + part.first_document
        faces[:, 1] = contenders.statements
        faces[:, 2] = contenders.shingles.sizes()
        faces[:, 3:] = contenders.parities.view(np.int64)
        some_faces = faces[visited[:, 1]]
        yield {
            TO: visited[:, 0],
            "member": paragraphs[visited[:, 1]],
            "role": np.full(len(visited), FACE),
            "face": objects([one.tobytes() for one in some_faces]),
        }


def _rows_of(
    part: Part, name: str
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint8]]:
    return (
        part.got(f"{name}.keys", np.uint64),
        part.got(f"{name}.members", np.int64),
        part.got(f"{name}.roles", np.uint8),
    )


def _settle(shares: Iterator[Rows], search: Search) -> Iterator[Rows]:
    for number, rows in addressed(shares):
        made_folder(place_folder(search, number), partial(_fill, rows=rows))
        yield {"place": np.array([number])}


def _fill(folder: Path, rows: Rows) -> None:
    is_face = rows["role"] == FACE
    faces, members = some(rows, is_face), some(rows, ~is_face)
    order = np.argsort(faces["member"])
    paragraphs = faces["member"][order]
    numbers = np.frombuffer(b"".join(faces["face"][order].tolist()), dtype=np.int64)
    put_column(folder / "paragraphs", paragraphs)
    put_column(folder / "faces", numbers)
    by_bucket = np.lexsort((members["member"], members["key"]))
    with MemberWriter(folder) as writer:
        writer.append(
            unsigned(members["key"][by_bucket]),
            np.searchsorted(paragraphs, members["member"][by_bucket]),
            members["role"][by_bucket].astype(np.uint8),
        )
