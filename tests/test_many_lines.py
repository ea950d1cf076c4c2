"""What is worked on together comes out as it does line by line."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import Config
from cleaner.document import Mark, MarkedDocument, MarkedParagraph, Reason
from cleaner.duplicates import eligible
from cleaner.duplicates.eligible import eligible_lines
from cleaner.stretches import stretches
from cleaner.word_counts import word_counts
from cleaner.words import count_words, is_prose, is_statement

# Spaces of all kinds, scripts without any, planes beyond the first, halves of pairs.
CHARACTERS = (
    "ab. ?\t\x0b\x1c\x1f\x85\xa0\u1680\u2028\u3000é中あไ\uffff\U0001f600\U00020001\U0003ffff\ud800"
)
lines = st.lists(st.text(CHARACTERS, max_size=60), max_size=8)


@given(lines)
@example(["", " ", "a", " a  b ", "中", "a中b", "中 中 中", "\U00020001"])
def test_words_of_many_lines_are_those_of_each(some):
    assert word_counts(some).tolist() == [count_words(line) for line in some]


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 20))
def test_stretches_are_all_items_in_order_and_no_longer_than_they_must(sizes, most):
    cut = list(stretches(list(enumerate(sizes)), sizes, most))
    assert [item for some in cut for item in some] == list(enumerate(sizes))
    for some in cut[:-1]:
        assert sum(size for _, size in some) >= most
    for some in cut:
        assert sum(size for _, size in some[:-1]) < most


@given(st.lists(lines, max_size=4), st.integers(1, 30))
def test_lines_are_eligible_whatever_stands_beside_them(texts, at_once):
    documents = [document_of(some) for some in texts]
    config = Config(min_words=4)
    together = list(eligible_lines(documents, config))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eligible, "CHARACTERS_AT_ONCE", at_once)
        assert list(eligible_lines(documents, config)) == together
    alone = [
        line
        for number, one in enumerate(documents)
        for line in eligible_lines([one], config, number)
    ]
    assert alone == together
    for line in together:
        assert line.text == texts[line.document][line.position]
        assert line.is_compared == (count_words(line.text) >= 4)
        assert line.is_statement == is_statement(line.text)
        assert not (line.is_short and is_prose(line.text))


def test_lines_that_are_marked_or_placed_are_not_eligible():
    text = "The ferry to Port Alder leaves at seven"
    mark = Mark(Reason.BOILERPLATE, "promo.watch")
    document = document_of([text, text, text])
    paragraphs = [MarkedParagraph(text, mark), MarkedParagraph(text, None, "byline.by")]
    document = MarkedDocument(
        "a", "a", (*paragraphs, document.paragraphs[2]), metadata={}, risky=True, repaired={}
    )
    assert [line.position for line in eligible_lines([document], Config(min_words=4))] == [2]


def document_of(texts):
    return MarkedDocument("a", "a", tuple(map(MarkedParagraph, texts)), {}, True, {})
