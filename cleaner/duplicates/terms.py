"""What a search is asked: which pairs count, when they are copies, how much memory there is."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.duplicates.tokens import mix64


class Relation(StrEnum):
    """Where the two paragraphs of a pair stand."""

    ANY = "any"
    WITHIN = "within a document"
    ACROSS = "across documents"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a search."""

    relation: Relation
    config: Config
    memory: int
    """Bytes to sort and compare in."""


def key_within(
    keys: NDArray[np.uint64], documents: NDArray[np.int64] | NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Keys that are equal only where the documents are, too."""
    return mix64(keys + mix64(documents.astype(np.uint64) + np.uint64(1)))
