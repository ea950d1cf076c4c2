"""How rare texts are thought to be, to choose what is looked for in lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.rules.frequency import BREAK, LONGEST, frequency
from cleaner.rules.keys import Where, keys_of_one


@pytest.mark.parametrize(
    ("frequent", "rare"),
    [
        ("tel", "fax"),  # in other words, as "hotel" and "hotels"
        (" by ", " via "),
        ("in the c", "newsle"),
        (f".{BREAK}", f":{BREAK}"),
        (f"{BREAK}the", f"{BREAK}tap"),
        ("ation", "atoin"),
        ("und", "uqd"),  # what is frequent in another language
        ("на", "щъ"),
        ("2014", "x14"),
    ],
)
def test_what_is_frequent_is_told_from_what_is_rare(frequent, rare):
    assert frequency(frequent) > 3 * frequency(rare) > 0


@given(st.text(alphabet="abest .\n0é新", min_size=LONGEST + 1, max_size=3 * LONGEST))
def test_no_text_is_more_frequent_than_what_begins_it(text):
    assert 0 < frequency(text) <= frequency(text[:-1])


def test_digits_are_all_alike():
    assert frequency("19") == frequency("20")


@pytest.mark.parametrize(
    ("pattern", "where", "texts"),
    [
        (".*(?:our|this|that) newsletters?.*", Where.ANYWHERE, 1),  # one piece stands for all
        (".*(?:hotel|motel|lintel) zither.*", Where.ANYWHERE, 1),
        ("the zither .*", Where.START, 1),
        (".*(?:zither|quagga)", Where.END, 2),
    ],
)
def test_a_first_key_is_of_few_and_rare_texts(pattern, where, texts):
    first = keys_of_one(pattern)[0]
    assert first.where in {where, Where.ANYWHERE}
    assert len(first.texts) == texts
    assert sum(map(frequency, first.texts)) < 0.02
