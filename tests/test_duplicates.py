"""Near-duplicates against brute force, and signatures against datasketch."""

import unicodedata
from itertools import islice, permutations

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Config
from cleaner.duplicates import search_paragraphs
from cleaner.duplicates.bands import band_keys, candidate_probability, rows_per_band
from cleaner.duplicates.shingles import HashLists, as_sets, shingle_lists
from cleaner.duplicates.signatures import EMPTY, minhash_signatures
from cleaner.duplicates.tokens import sequence_keys, tokens_of
from cleaner.words import UNSPACED_CHARACTER

ALPHABET = "ab cé' -.,9Жд́ 漢字ทส่ー🦆ŉßİ_\u200b\U00020000"
texts = st.text(alphabet=ALPHABET, max_size=40)
WORDS = [f"word{number}" for number in range(40)]
sentences = st.lists(st.sampled_from(WORDS[:12]), min_size=1, max_size=14).map(" ".join)


def tokens_one_by_one(text):
    """The tokens as the documentation defines them, without numpy."""
    tokens, run = [], ""
    for character in [*text.casefold(), " "]:
        if UNSPACED_CHARACTER.match(character) and unicodedata.category(character)[0] in "LMN":
            tokens += [run] if run else []
            tokens.append(character)
            run = ""
        elif unicodedata.category(character)[0] in "LMN":
            run += character
        else:
            tokens += [run] if run else []
            run = ""
    return tokens


def test_anagrams_are_told_apart():
    """Of numbers with the same digits, none shares its hash with another."""
    numbers = ["".join(digits) for digits in islice(permutations("1234567890"), 0, 2_000_000, 7)]
    tokens, _ = tokens_of([" ".join(numbers)])
    assert len(set(tokens.hashes.tolist())) == len(numbers)


def shingles_one_by_one(text, size):
    tokens = tokens_one_by_one(text)
    if len(tokens) < size:
        return {tuple(tokens)} if tokens else set()
    return {tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)}


def jaccard(one, other):
    return len(one & other) / len(one | other) if one | other else 0.0


def brute_force(paragraphs, size=3):
    sets = [shingles_one_by_one(text, size) for text in paragraphs]
    return lambda one, other: jaccard(sets[one], sets[other])


JACCARD_ALONE = {"numbers_agree": False, "names_agree": False, "negations_agree": False}


def found_copies(paragraphs, config):
    return {
        copy.place: (copy.of, copy.similarity) for copy in search_paragraphs(paragraphs, config)
    }


def shingle_sets(paragraphs, size):
    tokens, _ = tokens_of(paragraphs)
    return as_sets(shingle_lists(tokens, size))


def listed(lists):
    return [
        lists.hashes[start:end].tolist()
        for start, end in zip(lists.offsets, lists.offsets[1:], strict=False)
    ]


@given(st.lists(texts, max_size=6), st.integers(1, 4))
def test_shingle_sets_have_the_jaccard_of_the_tokens_themselves(paragraphs, size):
    hashed = [set(one) for one in listed(shingle_sets(paragraphs, size))]
    plain = [shingles_one_by_one(text, size) for text in paragraphs]
    assert [len(one) for one in hashed] == [len(one) for one in plain]
    for one in range(len(paragraphs)):
        for other in range(len(paragraphs)):
            assert jaccard(hashed[one], hashed[other]) == jaccard(plain[one], plain[other])


@given(st.lists(texts, max_size=6))
def test_sets_ascend_and_keys_tell_sequences_of_tokens_apart(paragraphs):
    assert all(one == sorted(set(one)) for one in listed(shingle_sets(paragraphs, 3)))
    tokens, _ = tokens_of(paragraphs)
    keys = [tuple(key) for key in sequence_keys(tokens).tolist()]
    plain = [tuple(tokens_one_by_one(text)) for text in paragraphs]
    for one in range(len(paragraphs)):
        for other in range(len(paragraphs)):
            assert (keys[one] == keys[other]) == (plain[one] == plain[other])


def test_hashes_that_agree_in_their_upper_bits_are_sorted_all_the_same():
    hashes = np.array([3, 1, 2, 1], dtype=np.uint64)
    sets = as_sets(HashLists(hashes, np.array([0, 3, 4])))
    assert listed(sets) == [[1, 2, 3], [1]]


def test_words_that_a_polynomial_cannot_tell_apart_differ():
    # The Thue-Morse word and its complement: any polynomial hash modulo 2**64 takes them for one.
    word = "".join("ab"[number.bit_count() % 2] for number in range(2048))
    tokens, _ = tokens_of([word, word.translate(str.maketrans("ab", "ba"))])
    assert len(set(tokens.hashes.tolist())) == 2
    sequence = " ".join(word)
    tokens, _ = tokens_of([sequence, sequence.translate(str.maketrans("ab", "ba"))])
    assert len({tuple(key) for key in sequence_keys(tokens).tolist()}) == 2


def test_every_character_keeps_its_token_when_its_case_is_folded():
    characters = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    paragraphs = [f"a{character}b" for character in characters if character != "\n"]
    together, _ = tokens_of(paragraphs)
    plain = [len(tokens_one_by_one(paragraph)) for paragraph in paragraphs]
    assert together.counts.tolist() == plain


@given(st.lists(texts, min_size=1, max_size=5))
def test_a_paragraph_hashes_the_same_in_any_company(paragraphs):
    together = shingle_sets(paragraphs, 3)
    for at, text in enumerate(paragraphs):
        alone = shingle_sets([text], 3)
        assert listed(together)[at] == alone.hashes.tolist()


@given(st.lists(texts, max_size=6))
def test_signatures_are_those_of_datasketch(paragraphs):
    sets = shingle_sets(paragraphs, 3)
    signatures = minhash_signatures(sets)
    assert signatures.dtype == np.uint32
    for at in range(len(paragraphs)):
        oracle = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
        for value in sets.hashes[sets.offsets[at] : sets.offsets[at + 1]].tolist():
            oracle.update(value & 0xFFFFFFFF)
        assert signatures[at].tolist() == oracle.hashvalues.tolist()


def test_signature_of_nothing_is_datasketchs_empty_one():
    signatures = minhash_signatures(shingle_sets(["", "--"], 3))
    assert (signatures == EMPTY).all()
    assert signatures[0].tolist() == MinHash(num_perm=128, seed=1).hashvalues.tolist()


def test_signatures_load_into_datasketchs_own_index():
    story = "the ferry turned back in the storm and nobody on board was hurt at all that night"
    signatures = minhash_signatures(shingle_sets([story, story + " again", "a different text"], 3))
    index = MinHashLSH(threshold=0.8, num_perm=128)
    hashes = [
        LeanMinHash(seed=1, hashvalues=signature, scheme="affine32") for signature in signatures
    ]
    for name, one in enumerate(hashes):
        index.insert(name, one)
    assert sorted(index.query(hashes[0])) == [0, 1]


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0])
def test_bands_find_pairs_at_the_threshold(threshold):
    rows = rows_per_band(threshold)
    assert candidate_probability(threshold, 128 // rows, rows) >= 0.99


def test_band_keys_differ_between_bands_and_agree_within():
    signatures = np.full((2, 128), 7, dtype=np.uint32)
    keys = band_keys(signatures, 6)
    assert keys.shape == (2, 21)
    assert keys[0].tolist() == keys[1].tolist()
    assert len(set(keys[0].tolist())) == 21


@given(st.lists(sentences, max_size=12), st.sampled_from([0.5, 0.7, 0.8, 0.95]))
def test_no_orphans_and_no_false_copies(paragraphs, threshold):
    config = Config(threshold=threshold, **JACCARD_ALONE)
    copies = found_copies(paragraphs, config)
    similarity = brute_force(paragraphs)
    for at, (of, claimed) in copies.items():
        assert of not in copies, "the one that it copies must stay"
        assert of < at
        assert claimed == similarity(at, of)
        assert claimed >= threshold


@given(st.lists(sentences, max_size=12))
def test_of_the_candidates_the_most_similar_and_then_the_first_is_named(paragraphs):
    config = Config(threshold=0.5, **JACCARD_ALONE)
    copies = found_copies(paragraphs, config)
    similarity = brute_force(paragraphs)
    for at, (of, claimed) in copies.items():
        for other in range(at):
            if other not in copies and similarity(at, other) == 1.0:
                assert claimed == 1.0
                assert of <= other


def near_copies(count, seed):
    """Paragraphs of about 40 words, and for each some with a few words changed."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        words = random.choice(3000, size=random.integers(15, 60)).tolist()
        made.append(words)
        for changes in random.integers(0, 6, size=2):
            copy = list(words)
            for at in random.integers(0, len(copy), size=changes):
                copy[at] = int(random.integers(3000, 9000))
            made.append(copy)
    return [" ".join(f"w{word}" for word in words) for words in made]


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.7, 0.8, 0.9])
def test_nearly_nothing_is_missed(threshold):
    paragraphs = near_copies(250, seed=round(threshold * 100))
    copies = found_copies(paragraphs, Config(threshold=threshold, **JACCARD_ALONE))
    similarity = brute_force(paragraphs)
    # Copies were made in threes, so only a paragraph's own three can be alike.
    wrongly_kept = similar = 0
    for at in range(len(paragraphs)):
        earlier = [other for other in range(at - at % 3, at) if other not in copies]
        if any(similarity(at, other) >= threshold for other in earlier):
            similar += 1
            wrongly_kept += at not in copies
    assert similar > 50
    assert wrongly_kept <= 0.01 * similar


def test_of_two_equally_similar_ones_the_first_is_named():
    config = Config(threshold=0.5, shingle_size=1, **JACCARD_ALONE)
    assert found_copies(["a b c d", "c d e f", "b c d e"], config) == {2: (0, 0.6)}


def test_no_chain_is_followed():
    # B is like A, C is like B but not like A: B goes, C stays.
    words = [f"w{number}" for number in range(40)]
    a, b, c = " ".join(words), " ".join(words[2:]), " ".join(words[5:])
    config = Config(threshold=0.87, **JACCARD_ALONE)
    similarity = brute_force([a, b, c])
    assert similarity(0, 1) >= 0.87
    assert similarity(1, 2) >= 0.87
    assert similarity(0, 2) < 0.87
    assert found_copies([a, b, c], config) == {1: (0, similarity(0, 1))}
