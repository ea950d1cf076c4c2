"""The search for copies in files: each part against the plainest way to do it."""

import random
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import a_run_each
from test_duplicates import JACCARD_ALONE, brute_force, near_copies, sentences

from cleaner import Cleaner, Config
from cleaner.columns import Column, ColumnWriter, spans
from cleaner.duplicates import (
    buckets,
    crowds,
    groups,
    holdings,
    meetings,
    rounds,
    search_paragraphs,
    verify,
)
from cleaner.duplicates.bands import bands_for
from cleaner.duplicates.buckets import FULL, Members, MemberWriter
from cleaner.duplicates.contenders import gather_contenders, parity_sketches
from cleaner.duplicates.crowds import join_crowds
from cleaner.duplicates.groups import repeated
from cleaner.duplicates.rounds import decide
from cleaner.duplicates.search import find_copies
from cleaner.duplicates.shingles import HashLists
from cleaner.duplicates.sketch import Line, sketch_lines
from cleaner.duplicates.store import Store, StoreWriter
from cleaner.duplicates.terms import Relation, Terms
from cleaner.duplicates.verify import Pairs, shared_counts

LITTLE, MUCH = 64 * 5, 1 << 28
documents = st.lists(st.tuples(sentences, st.integers(0, 3)), max_size=14).map(
    lambda pairs: sorted(pairs, key=lambda pair: pair[1])
)
"""Paragraphs with the number of their document."""


@contextmanager
def stored(paragraphs, config):
    """A store of paragraphs, each with the number of its document."""
    lines = [
        Line(text, document, place, is_compared=True, is_short=False)
        for place, (text, document) in enumerate(paragraphs)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with StoreWriter(folder / "store") as writer:
            for first, last in spans(len(lines), 5):
                writer.append(sketch_lines(lines[first:last], config), 0)
        yield Store(folder / "store", bands_for(config.threshold)), folder


def copies_of(paragraphs, config, relation=Relation.ANY, memory=MUCH):
    with stored(paragraphs, config) as (store, folder):
        alive = Column.filled(folder / "alive", np.uint8, len(store), 1)
        copies = find_copies(store, alive, Terms(relation, config, memory), folder / "search")
        return dict(enumerate(copies.of.array.tolist())), copies.similarity.array.tolist()


def greedy(paragraphs, threshold, relation=Relation.ANY):
    """Who copies whom, by comparing all pairs one by one in order."""
    similarity = brute_force([text for text, _ in paragraphs])
    of = {}
    for later, (_, document) in enumerate(paragraphs):
        best, best_similarity = -1, 0.0
        for earlier, (_, other) in enumerate(paragraphs[:later]):
            if relation is Relation.WITHIN and document != other:
                continue
            if relation is Relation.ACROSS and document == other:
                continue
            alike = similarity(later, earlier)
            if of[earlier] < 0 and alike >= threshold and alike > best_similarity:
                best, best_similarity = earlier, alike
        of[later] = best
    return of


@contextmanager
def small_steps():
    """Few leaders, small stretches, crowds of three: every path is taken by a handful of lines."""
    with (
        patch.object(rounds, "FIRST_LEADERS", 1),
        patch.object(rounds, "MORE_LEADERS", 2),
        patch.object(meetings, "CHUNK", 3),
        patch.object(meetings, "spans", lambda total, size=4: spans(total, size)),
        patch.object(crowds, "AT_ONCE", 4),
        patch.object(holdings, "AT_ONCE", 6),
        patch.object(groups, "spans", lambda total, size=4: spans(total, size)),
        patch.object(verify, "PAIRS_AT_ONCE", 5),
        patch.object(verify, "ELEMENTS_AT_ONCE", 20),
    ):
        yield


def decided(paragraphs, config, relation, fill, memory=LITTLE):
    """What `decide` makes of all paragraphs when they meet in the buckets that `fill` writes."""
    with stored(paragraphs, config) as (store, folder):
        everyone = Column.filled(folder / "everyone", np.uint8, len(store), 1)
        contenders = gather_contenders(store, everyone, folder / "contenders")
        terms = Terms(relation, config, memory)
        with MemberWriter(folder / "members") as writer:
            fill(contenders, terms, folder, writer)
        decisions = decide(contenders, Members(folder / "members"), terms, folder / "rounds")
        return dict(enumerate(decisions.of.array.tolist()))


def one_bucket(contenders, _terms, _folder, writer):
    size = len(contenders)
    roles = np.full(size, FULL, dtype=np.uint8)
    writer.append(np.zeros(size, dtype=np.uint64), np.arange(size), roles)


def one_crowd(contenders, terms, folder, writer):
    if len(contenders):
        join_crowds(contenders, np.arange(len(contenders)), terms, folder / "crowds", writer)


def one_crowd_without_rare_shingles(contenders, terms, folder, writer):
    with patch.object(crowds, "MOST_TOGETHER", 1):
        one_crowd(contenders, terms, folder, writer)


@pytest.mark.parametrize("fill", [one_bucket, one_crowd])
@given(documents, st.sampled_from([0.4, 0.6, 0.8, 1.0]), st.sampled_from(Relation))
@example([("a b c d e", 0), ("a b c d e", 0), ("a b c d e", 1)], 1.0, Relation.ACROSS)
def test_rounds_decide_what_the_plain_loop_decides(fill, paragraphs, threshold, relation):
    with small_steps():
        decides_as_the_plain_loop(fill, paragraphs, threshold, relation)


@a_run_each
@given(documents, st.sampled_from([0.6, 0.8, 1.0]), st.sampled_from(Relation))
def test_longer_bands_bring_together_what_is_similar(paragraphs, threshold, relation):
    fill = one_crowd_without_rare_shingles
    decides_as_the_plain_loop(fill, paragraphs, threshold, relation)


def test_longer_bands_miss_no_pair_that_is_as_similar_as_the_threshold():
    chance = random.Random(5)  # noqa: S311 - words, not secrets
    paragraphs = []
    for _ in range(150):
        words = [f"w{chance.randrange(10**6)}" for _ in range(48)]
        other = [*words[:20], "else", *words[21:]]
        paragraphs += [(" ".join(words), 0), (" ".join(other), 1)]
    similarity = brute_force([text for text, _ in paragraphs])
    threshold = similarity(0, 1)
    config = Config(threshold=threshold, **JACCARD_ALONE)
    found = decided(paragraphs, config, Relation.ACROSS, one_crowd_without_rare_shingles, 64 << 20)
    assert found == {at: at - 1 if at % 2 else -1 for at in range(len(paragraphs))}


def decides_as_the_plain_loop(fill, paragraphs, threshold, relation):
    config = Config(threshold=threshold, **JACCARD_ALONE)
    found = decided(paragraphs, config, relation, fill)
    expected = greedy(paragraphs, threshold, relation)
    # Of several that stay, the one named may be another where a bucket was gone through in steps.
    assert {at for at, of in found.items() if of >= 0} == {
        at for at, of in expected.items() if of >= 0
    }
    similarity = brute_force([text for text, _ in paragraphs])
    for at, of in found.items():
        if of >= 0:
            assert found[of] < 0
            assert of < at
            assert similarity(at, of) >= threshold


@given(documents, st.sampled_from([0.5, 0.8]), st.sampled_from(Relation))
@example([("a b c d e f g h", 0)] * 2 + [("a b c d e f g h i", 1)] * 3, 0.5, Relation.ACROSS)
def test_the_search_finds_what_the_plain_loop_finds(paragraphs, threshold, relation):
    config = Config(threshold=threshold, **JACCARD_ALONE)
    of, similarities = copies_of(paragraphs, config, relation)
    expected = greedy(paragraphs, threshold, relation)
    similarity = brute_force([text for text, _ in paragraphs])
    assert {at: one for at, one in of.items() if similarities[at] == 1} == {
        at: one for at, one in expected.items() if one >= 0 and similarity(at, one) == 1
    }
    for at, one in of.items():
        if one >= 0:
            assert of[one] < 0
            assert similarities[at] == similarity(at, one)
            same = paragraphs[at][1] == paragraphs[one][1]
            assert relation is Relation.ANY or same == (relation is Relation.WITHIN)


@a_run_each
@given(documents, st.sampled_from(Relation), st.sampled_from([1, 3, 200]))
def test_memory_and_stretches_change_nothing(paragraphs, relation, crowd):
    with patch.object(buckets, "CROWD", crowd):
        config = Config(threshold=0.6)
        expected = copies_of(paragraphs, config, relation)
        with patch.object(groups, "spans", lambda total, size=3: spans(total, size)):
            assert copies_of(paragraphs, config, relation, memory=LITTLE) == expected
            assert copies_of(paragraphs, config, relation, memory=1) == expected


@given(
    st.lists(st.sampled_from([0, 1, 1 << 16, 1 << 63, (1 << 64) - 1, 77 << 40]), max_size=30),
    st.integers(1, 9),
    st.sampled_from([0, groups.MOST_SIEVED]),
)
def test_rows_that_share_a_key_come_together(keys, rows_in_memory, sieved):
    column = np.array(keys, dtype=np.uint64)
    expected = defaultdict(list)
    for row, key in enumerate(keys):
        expected[key].append(row)

    def read(first, last):
        return column[first:last], np.arange(first, last)

    few_at_once = patch.object(groups, "spans", lambda total, size=4: spans(total, size))
    with few_at_once, patch.object(groups, "MOST_SIEVED", sieved):
        found = list(repeated(read, len(keys), rows_in_memory * groups.BYTES_PER_ROW))
    together = defaultdict(list)
    for group in found:
        assert group.firsts().tolist() == [group.keys.tolist().index(key) for key in group.keys]
        assert len(group.rows) <= max(rows_in_memory, 4)
        for key, row in zip(group.keys.tolist(), group.rows.tolist(), strict=True):
            together[key].append(row)
    assert together == {key: rows for key, rows in expected.items() if len(rows) > 1}
    order = [key for group in found for key in group.keys.tolist()]
    assert order == sorted(order)


sets = st.lists(st.sets(st.integers(0, (1 << 64) - 1) | st.integers(0, 9)), min_size=1, max_size=6)


@given(sets)
def test_shared_elements_are_counted_and_parities_never_rule_out_wrongly(made):
    hashes = [np.array(sorted(one), dtype=np.uint64) for one in made]
    lists = HashLists(
        np.concatenate(hashes), np.concatenate(([0], np.cumsum([len(one) for one in made])))
    )
    later, earlier = np.divmod(np.arange(len(made) ** 2), len(made))
    counts = shared_counts(lists, Pairs(later, earlier)).tolist()
    parities = parity_sketches(lists)
    for one, other, count in zip(later, earlier, counts, strict=True):
        assert count == len(made[one] & made[other])
        differing = int(np.bitwise_count(parities[one] ^ parities[other]).sum())
        assert differing <= len(made[one] ^ made[other])
        assert (differing - len(made[one] ^ made[other])) % 2 == 0


def compared_pairs(paragraphs, config, search=search_paragraphs):
    """How many pairs a search looks at, however briefly, and how many copies it finds."""
    looked_at = []
    plain = verify.may_be_similar

    def counting(contenders, pairs, terms):
        looked_at.append(len(pairs))
        return plain(contenders, pairs, terms)

    with patch.object(verify, "may_be_similar", counting):
        copies = list(search(paragraphs, config))
    return sum(looked_at), len(copies)


def letters(number):
    """A number as a word without digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


WORDS = [f"w{letters(number)}" for number in range(60)]


def variants(count, words, changed):
    """One line of so many words, over and over, each time with other words in its middle."""
    middle = words // 2
    return [
        " ".join(
            WORDS[:middle]
            + [f"new{letters(number)}x{letters(at)}" for at in range(changed)]
            + WORDS[middle + changed : words]
        )
        for number in range(count)
    ]


def with_numbers(count):
    line = " ".join(WORDS[:50])
    return [f"{line} {number}00 {line}" for number in range(count)]


@pytest.mark.parametrize(
    ("make", "are_copies"),
    [
        pytest.param(lambda count: [" ".join(WORDS)] * count, True, id="one line"),
        pytest.param(lambda count: variants(count, 60, 1), True, id="alike"),
        pytest.param(lambda count: variants(count, 20, 1), False, id="not quite alike"),
        pytest.param(lambda count: variants(count, 39, 9), False, id="hardly alike"),
        pytest.param(with_numbers, False, id="other numbers"),
    ],
)
def test_a_crowd_does_not_cost_the_square_of_its_size(make, are_copies):
    small, _ = compared_pairs(make(1000), Config())
    large, copies = compared_pairs(make(4000), Config())
    assert copies == (3999 if are_copies else 0)
    assert large <= 4.4 * small + 1000
    assert large <= 4000 * 8 * 21


def spun(count):
    """Text from a form with 24 gaps and two choices for each."""
    random = np.random.default_rng(3)
    choices = random.integers(0, 2, size=(count, 24)).tolist()
    return [
        " ".join(f"{WORDS[2 * at]} {WORDS[2 * at + 1]} {'ab'[choice]}" for at, choice in made)
        for made in map(enumerate, choices)
    ]


def test_of_text_spun_from_a_form_few_pairs_are_compared():
    """No word of it is rare, and two texts share a third of their shingles."""
    lines = spun(4000)
    found = {copy.place for copy in search_paragraphs(lines)}
    with patch.object(buckets, "CROWD", 10), patch.object(crowds, "MOST_PAIRS", 3):
        pairs, _ = compared_pairs(lines, Config())
        assert {copy.place for copy in search_paragraphs(lines)} == found
    assert pairs <= 0.02 * len(lines) ** 2 / 2
    assert found


factual = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["Ada", "Bo", "Cy", "7", "12", "31", "not", "never"]), max_size=4),
        st.sampled_from(["", " and so on"]),
    ),
    max_size=12,
).map(lambda made: [(" ".join([*WORDS[:30], *facts]) + end, 0) for facts, end in made])
"""Nearly equal paragraphs that state some things and not others."""


@pytest.mark.parametrize("fill", [one_crowd, one_crowd_without_rare_shingles])
@given(factual, st.sets(st.sampled_from(["numbers_agree", "names_agree", "negations_agree"])))
@example([(f"{' '.join(WORDS[:12])} {facts}", 0) for facts in ("", "Ada 7", "Ada", "7 Bo")], set())
def test_facts_agree_in_a_crowd_as_anywhere(fill, paragraphs, left_out):
    config = Config(threshold=0.7, added_shingles=1000, **dict.fromkeys(left_out, False))
    in_crowd = decided(paragraphs, config, Relation.ANY, fill, MUCH)
    in_bucket = decided(paragraphs, config, Relation.ANY, one_bucket, MUCH)
    assert {at for at, of in in_crowd.items() if of >= 0} == {
        at for at, of in in_bucket.items() if of >= 0
    }


def test_facts_within_facts_within_facts_cost_no_square():
    """Ever more numbers and names in otherwise equal lines: each holds all before it."""
    numbers = [" ".join(f"{number}00" for number in range(count)) for count in range(16)]
    names = [
        " ".join(f"of {letters(name).title()}q" for name in range(count)) for count in range(16)
    ]
    line = " ".join(WORDS)
    lines = [f"{line} {line[::-1]} {some} {others}" for some in numbers for others in names]
    made = []
    plain = holdings.Holdings.variants

    def counting(self, places):
        variants = plain(self, places)
        made.append(len(variants.salts))
        return variants

    with patch.object(holdings.Holdings, "variants", counting), patch.object(buckets, "CROWD", 20):
        copies = list(search_paragraphs(lines))
    assert copies
    assert sum(made) <= 2 * len(lines) * (holdings.MOST_VARIANTS + 1)


def test_what_stays_of_a_crowd_stays_when_searched_again():
    lines = [
        *variants(600, 60, 1),
        f"{' '.join(WORDS)} said Lindqvist on day 9",
        *(f"{' '.join(WORDS)} on day {number % 40}" for number in range(400)),
    ]
    gone = {copy.place for copy in search_paragraphs(lines)}
    stay = [line for place, line in enumerate(lines) if place not in gone]
    assert len(stay) < 50
    assert list(search_paragraphs(stay)) == []


def test_lines_of_one_document_are_not_compared_where_only_others_count():
    def across(paragraphs, config):
        of, _ = copies_of(paragraphs, config, relation=Relation.ACROSS)
        return [one for one in of.values() if one >= 0]

    lines = variants(2000, 60, 1)
    assert compared_pairs([(line, 0) for line in lines], Config(), across) == (0, 0)
    halves = [(line, number // 1000) for number, line in enumerate(lines)]
    pairs, copies = compared_pairs(halves, Config(), across)
    assert copies == 1000
    assert pairs <= 1000 * 8 * 21


def test_what_adds_a_stretch_stays_in_its_document_only():
    line = " ".join(WORDS)
    added = f"{line} five words of its own"
    for texts, copies in (((line, added), [-1, -1]), ((added, line), [-1, 0])):
        of, _ = copies_of([(text, 0) for text in texts], Config())
        assert list(of.values()) == copies
        of, _ = copies_of(list(zip(texts, (0, 1), strict=True)), Config())
        assert list(of.values()) == [-1, 0]
        stream = list(Cleaner().clean(["\n\n".join(texts)]))
        assert len(stream[0].removed) == copies.count(0)


def test_a_line_feed_inside_a_paragraph_parts_words_only():
    lines = [f"{' '.join(WORDS)}\n{number}" for number in (1, 1, 2)]
    assert [(copy.place, copy.of) for copy in search_paragraphs(lines)] == [(1, 0)]


def test_a_crowd_of_many_kinds_is_decided_as_by_brute_force():
    random = np.random.default_rng(5)
    made = []
    for number in range(600):
        words = list(WORDS[:30])
        for at in random.integers(0, 30, size=random.integers(0, 4)):
            words[at] = f"v{random.integers(0, 25)}"
        made.append((" ".join(words), number))
    config = Config(threshold=0.7, **JACCARD_ALONE)
    with patch.object(buckets, "CROWD", 20):
        of, _ = copies_of(made, config, memory=1 << 14)
    expected = greedy(made, 0.7)
    stay = {at for at, one in of.items() if one < 0}
    assert stay == {at for at, one in expected.items() if one < 0}
    assert 5 < len(stay) < 500


def test_nothing_is_missed_in_small_memory():
    paragraphs = [(text, 0) for text in near_copies(300, seed=8)]
    config = Config(**JACCARD_ALONE)
    assert copies_of(paragraphs, config, memory=1 << 12) == copies_of(paragraphs, config)


def test_columns_hold_what_was_written(tmp_path):
    with ColumnWriter(tmp_path) as writer:
        for first in (0, 5):
            writer.append("numbers", np.arange(first, first + 5))
        writer.append("none", np.empty(0, dtype=np.int64))
    column = Column(tmp_path / "numbers", np.int64)
    column.release()
    assert column.array.tolist() == list(range(10))
    assert (
        len(Column(tmp_path / "none", np.int64)) == len(Column(tmp_path / "never", np.int64)) == 0
    )
    filled = Column.filled(tmp_path / "filled", np.float64, 3, 0.5)
    filled.array[1] = 2
    filled.release()
    assert Column(tmp_path / "filled", np.float64).array.tolist() == [0.5, 2, 0.5]
