"""The signatures that a run writes: whose they are, what they are, how they are cut into files."""

import json

import numpy as np
import pytest
from conftest import cleaner, output_bytes, read_output, write_rows
from datasketch import MinHash

from cleaner import Config, run, signatures_of
from cleaner.duplicates.shingles import shingle_lists
from cleaner.duplicates.tokens import tokens_of
from cleaner.words import count_words

STORY = (
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after a storm "
    "tore the north quay from its foundations."
)


def rows(count):
    return [
        {
            "id": f"d{number}",
            "text": f"Boat {number} lies in berth {number * 7}, and its owner {'x' * (number % 9)} "
            f"has paid for {number} nights.\n\nShort line.\n\n{STORY}\n\nAdvertisement",
        }
        for number in range(count)
    ]


def written(clean):
    """Every signature with its place, over all files."""
    arrays = [np.load(path) for path in sorted((clean / "signatures").glob("*.npy"))]
    places = [
        (row["id"], row["paragraph"])
        for path in sorted((clean / "signatures").glob("*.jsonl"))
        for row in map(json.loads, path.read_text("utf-8").splitlines())
    ]
    return places, np.concatenate(arrays)


@pytest.mark.parametrize("shingle_size", [1, 3])
def test_every_compared_paragraph_that_is_kept_has_its_signature(tmp_path, shingle_size):
    write_rows(tmp_path / "raw" / "rows.jsonl", rows(30))
    config = Config(signatures=True, shingle_size=shingle_size)
    run(tmp_path / "raw", tmp_path / "clean", config)
    places, signatures = written(tmp_path / "clean")
    kept = {
        (row["id"], number): text
        for row in read_output(tmp_path / "clean").documents
        for number, text in enumerate(row["text"].split("\n\n"))
        if count_words(text) >= config.min_words
    }
    assert places == list(kept)
    assert signatures.dtype == np.uint32
    for text, signature in zip(kept.values(), signatures, strict=True):
        assert signature.tolist() == by_datasketch(text, shingle_size)


def by_datasketch(text, size):
    tokens, _ = tokens_of([text])
    minhash = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
    for shingle in shingle_lists(tokens, size).hashes.tolist():
        minhash.update(shingle % 2**32)
    return minhash.hashvalues.tolist()


def test_a_text_without_words_has_the_empty_signature():
    assert signatures_of([]).shape == (0, 128)
    assert signatures_of(["...", "a b c"])[0].tolist() == MinHash(128).hashvalues.tolist()


def test_every_text_has_its_row_however_long_or_many_and_whatever_is_in_it():
    texts = [f"line {number} of many\nand its second line" for number in range(3_000)]
    signatures = signatures_of([*texts, "word " * 40_000])
    assert signatures.shape == (3_001, 128)
    for number in (0, 1_500, 2_999):
        assert (signatures[number] == signatures_of([texts[number]])[0]).all()
    assert (signatures_of(["a b\nc"]) == signatures_of(["a b c"])).all()


def test_files_are_cut_together_and_depend_on_no_worker(tmp_path):
    # 4,400 signatures are 2 MB: more than a shard, and more than a batch.
    many = rows(4_400)
    for row in many:
        row["note"] = "n" * 1_000
    write_rows(tmp_path / "raw" / "rows.jsonl", many)
    for workers in (1, 2):
        config = Config(signatures=True, shard_megabytes=1, workers=workers)
        run(tmp_path / "raw", tmp_path / f"clean{workers}", config)
    folder = tmp_path / "clean1" / "signatures"
    arrays = sorted(folder.glob("*.npy"))
    assert len(arrays) > 1
    for path in arrays:
        lines = path.with_suffix(".jsonl").read_text("utf-8").splitlines()
        assert len(np.load(path)) == len(lines) > 0
    assert len(written(tmp_path / "clean1")[0]) == 4_401
    assert output_bytes(tmp_path / "clean1") == output_bytes(tmp_path / "clean2")


def test_a_run_without_them_takes_the_earlier_ones_away(tmp_path):
    write_rows(tmp_path / "raw" / "rows.jsonl", [{"text": "Advertisement"}])
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    assert cleaner("run", raw, clean, "--signatures").returncode == 0
    assert np.load(clean / "signatures" / "part-00000.npy").shape == (0, 128)
    assert cleaner("run", raw, clean).returncode == 1
    assert cleaner("run", raw, clean, "--overwrite").returncode == 0
    assert not list(clean.rglob("*.npy"))
