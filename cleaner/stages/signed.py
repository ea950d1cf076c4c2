"""Write the MinHash signatures of what is kept, for those who search it with datasketch."""

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.document import CleanDocument
from cleaner.duplicates.shingles import shingle_lists
from cleaner.duplicates.signatures import PERMUTATIONS, minhash_signatures
from cleaner.duplicates.sketch import CHARACTERS_AT_ONCE
from cleaner.duplicates.tokens import tokens_of
from cleaner.json_lines import dump_line
from cleaner.stages.rejection import Rejection
from cleaner.stretches import stretches
from cleaner.words import count_words

PARAGRAPHS_AT_ONCE = 1_000
HEADER_BYTES = 128
"""Of an .npy file of two dimensions: numpy leaves room in it for any number of rows."""


def signatures_of(texts: Sequence[str], config: Config | None = None) -> NDArray[np.uint32]:
    """MinHash signatures of paragraphs, as `cleaner run --signatures` writes them.

    Args:
        texts: paragraphs, repaired as `clean_text` does.
        config: its shingle size is used; the defaults if None.

    Returns:
        Shape (texts, 128). A row is the `hashvalues` of a datasketch `LeanMinHash` with seed 1 and
        the scheme "affine32". Of a text without letter or digit all values are 2**32 - 1.

    """
    size = (config or Config()).shingle_size
    parts = [np.empty((0, PERMUTATIONS), dtype=np.uint32)]
    lines = [text.replace("\n", " ") for text in texts]
    for some in stretches(lines, map(len, lines), CHARACTERS_AT_ONCE):
        tokens, _ = tokens_of(some)
        parts.append(minhash_signatures(shingle_lists(tokens, size)))
    return np.concatenate(parts)


def write_signatures(
    outcomes: Iterable[CleanDocument | Rejection], folder: Path, config: Config
) -> Iterator[CleanDocument | Rejection]:
    """Hand outcomes on, and write the signatures of the paragraphs that they keep.

    Only of paragraphs long enough to be compared. `signatures.npy` gets the bare rows, without a
    header; `signatures.jsonl`, line by line, whose they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting: list[tuple[str, int, str]] = []
    with (
        (folder / "signatures.npy").open("wb") as signatures,
        (folder / "signatures.jsonl").open("wb") as places,
    ):

        def write() -> None:
            some, waiting[:] = waiting[:PARAGRAPHS_AT_ONCE], waiting[PARAGRAPHS_AT_ONCE:]
            signatures.write(signatures_of([text for _, _, text in some], config).data)
            places.writelines(
                dump_line({"id": name, "paragraph": number}) for name, number, _ in some
            )

        for outcome in outcomes:
            if isinstance(outcome, CleanDocument):
                waiting.extend(compared_paragraphs(outcome, config))
            while len(waiting) >= PARAGRAPHS_AT_ONCE:
                write()
            yield outcome
        write()


def compared_paragraphs(document: CleanDocument, config: Config) -> Iterator[tuple[str, int, str]]:
    """Id, number in the kept text, and text of the paragraphs that the search compares."""
    for number, text in enumerate(document.kept):
        if count_words(text) >= config.min_words:
            yield document.id, number, text


def signature_header(file_bytes: int = HEADER_BYTES) -> bytes:
    """The header of an .npy file of signatures that is, with it, so long."""
    rows = (file_bytes - HEADER_BYTES) // (4 * PERMUTATIONS)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<u4", "fortran_order": False, "shape": (rows, PERMUTATIONS)}
    )
    return header.getvalue()
