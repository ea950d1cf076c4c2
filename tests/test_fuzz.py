"""Any bytes, to everything that reads some. `FUZZ_EXAMPLES` says how many are tried of each."""

import os

import pytest
from fuzz_targets import SEEDS, TARGETS
from hypothesis import given, settings
from hypothesis import strategies as st
from input_formats import zip_of

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
SLOW = {"outputs", "ids"}
FOUND: list[tuple[str, bytes]] = [
    ("formats", b"\x04" + zip_of({"?": b"A member without a name."}).replace(b"?", b"\0")),
]


def changed(seed):
    """A seed with some bytes of it replaced by others."""
    piece = st.tuples(st.integers(0, len(seed)), st.integers(0, 8), st.binary(max_size=8))
    return st.lists(piece, max_size=4).map(lambda pieces: put_in(seed, pieces))


def put_in(seed, pieces):
    for at, length, piece in pieces:
        seed = seed[:at] + piece + seed[at + length :]
    return seed


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_break_a_promise(name):
    some = [st.binary(max_size=200), *map(changed, SEEDS[name])]

    @settings(max_examples=max(EXAMPLES // 5, 1) if name in SLOW else EXAMPLES)
    @given(st.one_of(some))
    def holds(data):
        TARGETS[name](data)

    holds()


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_once_found_stays_mended(name, data):
    TARGETS[name](data)
