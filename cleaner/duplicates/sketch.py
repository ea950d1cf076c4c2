"""All that the search needs to know of a batch of lines, without their text."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.duplicates.bands import band_keys, rows_per_band
from cleaner.duplicates.facts import facts_of
from cleaner.duplicates.shingles import HashLists, bounds, shingle_lists
from cleaner.duplicates.signatures import minhash_signatures
from cleaner.duplicates.tokens import sequence_keys, tokens_of
from cleaner.json_lines import dump_line, load_line
from cleaner.stretches import stretches

CHARACTERS_AT_ONCE = 1 << 18
"""Arrays of this length and a few times its bytes stay in a core's cache."""
KEPT_BYTES = (1 << 25) - (1 << 13)


class Line(NamedTuple):
    """A line that may be a copy or a template."""

    text: str
    document: int
    position: int
    is_compared: bool
    """Whether the search for near-duplicates compares it."""
    is_short: bool
    """Whether it may be a template: not prose, and not a mere word or two."""
    is_statement: bool = True
    """Whether, said again in its own document, it is said by mistake. Questions to several people,
    items of lists and headings rightly come again."""


@dataclass(frozen=True, slots=True)
class Sketches:
    """Arrays over a batch's compared paragraphs and its short lines, both in document order."""

    documents: NDArray[np.int64]
    """Of each paragraph, the number of its document. Shape (paragraphs,)."""
    positions: NDArray[np.int64]
    """Its position there. Shape (paragraphs,)."""
    keys: NDArray[np.uint64]
    """The key of its whole sequence of tokens. Shape (paragraphs, 2)."""
    bands: NDArray[np.uint64]
    """Its band keys. Shape (paragraphs, bands)."""
    shingles: HashLists
    """Its shingles, in the order of the text, repeated ones too."""
    numbers: HashLists
    names: HashLists
    """The sets of its numbers and names; empty where the options do not ask for them."""
    negations: NDArray[np.int64]
    """Its negating words. Shape (paragraphs,)."""
    statements: NDArray[np.uint8]
    """1 for what may copy another paragraph of its own document, else 0. Shape (paragraphs,)."""
    short_documents: NDArray[np.int64]
    short_positions: NDArray[np.int64]
    """The places of short lines. Shape (short lines,)."""
    short_keys: NDArray[np.uint64]
    """Shape (short lines, 2)."""
    short_paragraphs: NDArray[np.int64]
    """The paragraph, counted in this batch, that a short line also is, or -1."""

    def save(self, path: Path) -> None:
        """Write to a file: a line of JSON with types and shapes, then the bare arrays."""
        arrays: list[NDArray[Any]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            arrays += (value.hashes, value.offsets) if isinstance(value, HashLists) else (value,)
        with path.open("wb") as stream:
            stream.write(dump_line([[array.dtype.str, array.shape] for array in arrays]))
            for array in arrays:
                stream.write(np.ascontiguousarray(array).data)

    @classmethod
    def load(cls, path: Path) -> "Sketches":
        """Read what `save` wrote."""
        with path.open("rb") as stream:
            arrays = [
                np.fromfile(stream, np.dtype(kind), prod(shape)).reshape(shape)
                for kind, shape in load_line(stream.readline())
            ]
        rest = iter(arrays)
        values: dict[str, Any] = {
            field.name: HashLists(next(rest), next(rest)) if field.type is HashLists else next(rest)
            for field in fields(cls)
        }
        return cls(**values)


def sketch_lines(lines: Sequence[Line], config: Config) -> Sketches:
    """Sketch lines that are compared or short. What has no letter or digit is left out."""
    keep_freed_memory()
    sizes = [len(line.text) for line in lines]
    cut = list(stretches(lines, sizes, CHARACTERS_AT_ONCE)) or [lines]
    parts = [_sketch(part, config) for part in cut]
    starts = bounds(np.array([len(part.documents) for part in parts], dtype=np.int64))
    numbered = [
        np.where(part.short_paragraphs < 0, -1, part.short_paragraphs + start)
        for part, start in zip(parts, starts[:-1], strict=True)
    ]
    return Sketches(
        documents=np.concatenate([part.documents for part in parts]),
        positions=np.concatenate([part.positions for part in parts]),
        keys=np.concatenate([part.keys for part in parts]),
        bands=np.concatenate([part.bands for part in parts]),
        shingles=_joined([part.shingles for part in parts]),
        numbers=_joined([part.numbers for part in parts]),
        names=_joined([part.names for part in parts]),
        negations=np.concatenate([part.negations for part in parts]),
        statements=np.concatenate([part.statements for part in parts]),
        short_documents=np.concatenate([part.short_documents for part in parts]),
        short_positions=np.concatenate([part.short_positions for part in parts]),
        short_keys=np.concatenate([part.short_keys for part in parts]),
        short_paragraphs=np.concatenate(numbered),
    )


def keep_freed_memory() -> None:
    """Let the arrays of one step use the memory that those of the last one gave back.

    glibc hands large pieces back to the system at once, and every page that comes anew costs more
    than the arithmetic on it. Once it has seen a piece of 32 MB freed, it keeps smaller ones: see
    M_MMAP_THRESHOLD in mallopt(3). The piece itself is never touched, so takes no memory.
    """
    np.empty(KEPT_BYTES, dtype=np.uint8)


def _joined(lists: Sequence[HashLists]) -> HashLists:
    return HashLists(
        np.concatenate([one.hashes for one in lists]),
        bounds(np.concatenate([one.sizes() for one in lists])),
    )


def _sketch(lines: Sequence[Line], config: Config) -> Sketches:
    tokens, spans = tokens_of([line.text for line in lines])
    has_tokens = tokens.counts > 0
    compared = np.array([line.is_compared for line in lines], dtype=bool) & has_tokens
    short = np.array([line.is_short for line in lines], dtype=bool) & has_tokens
    documents = np.array([line.document for line in lines], dtype=np.int64)
    positions = np.array([line.position for line in lines], dtype=np.int64)
    statements = np.array([line.is_statement for line in lines], dtype=np.uint8)
    keys = sequence_keys(tokens)
    shingles = shingle_lists(tokens.of(compared), config.shingle_size)
    facts = facts_of(tokens, spans, config)
    rows = np.flatnonzero(compared)
    return Sketches(
        documents=documents[compared],
        positions=positions[compared],
        keys=keys[compared],
        bands=band_keys(minhash_signatures(shingles), rows_per_band(config.threshold)),
        shingles=shingles,
        numbers=facts.numbers.take(rows),
        names=facts.names.take(rows),
        negations=facts.negations[compared],
        statements=statements[compared],
        short_documents=documents[short],
        short_positions=positions[short],
        short_keys=keys[short],
        short_paragraphs=np.where(compared, np.cumsum(compared) - 1, -1)[short],
    )
