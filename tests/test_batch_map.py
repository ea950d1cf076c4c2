"""`map_batch`: batches of columns, as `datasets` maps them."""

import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import SENTENCES, html
from strategies import text as made_text

from cleaner import BatchMap, Config, RecordError, clean_html, clean_text, map_batch

STORY = "The ferry turned back in the storm, and nobody on board was hurt."
CONFIG = Config(min_words=5, disabled_rules=["bio", "legal"])


@given(st.lists(st.one_of(made_text, html, st.none(), st.just(3)), max_size=6), st.booleans())
def test_each_document_is_cleaned_by_itself(texts, is_html):
    def alone(body):
        try:
            if not isinstance(body, str) or not body.strip():
                return ""
            return (clean_html if is_html else clean_text)(body, CONFIG).text
        except RecordError:
            return ""

    column = "html" if is_html else "text"
    if is_html:
        texts = [one for one in texts if not (isinstance(one, str) and "<" not in one)]
    numbers = list(range(len(texts)))
    batch = {column: texts, "n": numbers}
    found = map_batch(CONFIG)(batch)
    assert found["text"] == list(map(alone, texts))
    assert found["n"] == numbers
    assert {len(one) for one in found.values()} == {len(texts)}
    for given_text, text, error in zip(
        texts, found["text"], found["cleaner_rejected"], strict=True
    ):
        assert not (error and text)
        assert isinstance(given_text, str) or error
    kept = map_batch(CONFIG, drop_empty=True)(batch)
    assert kept["text"] == [one for one in found["text"] if one]
    assert kept["n"] == [n for n, one in zip(numbers, found["text"], strict=True) if one]
    halves = [map_batch(CONFIG)({column: [one], "n": [0]})["text"][0] for one in texts]
    assert halves == found["text"]


def test_what_is_told():
    body = f"By Mira Okafor on March 4, 2024\n\n{STORY}\n\nAdvertisement\n\n{STORY}"
    rows = {"text": [body, None], "date": ["2024-03-05", "x"], "id": ["a", "b"]}
    found = map_batch()(rows)
    removed = json.loads(found["cleaner_removed"][0])
    assert [(row["id"], row["position"], row["reason"]) for row in removed] == [
        ("a", 0, "boilerplate"),
        ("a", 2, "boilerplate"),
        ("a", 3, "duplicate"),
    ]
    assert json.loads(found["cleaner_metadata"][0]) == {"author": "Mira Okafor"}
    assert found["cleaner_rejected"] == ["", "the row's text is empty"]
    assert (found["date"], found["id"]) == (rows["date"], rows["id"])
    again = map_batch()(found)
    assert again["text"] == found["text"]
    assert again["cleaner_removed"] == ["[]", "[]"]


def test_fields_are_those_of_the_options():
    found = map_batch(Config(text_field="body"))({"body": [f"{STORY}\n\nAdvertisement"]})
    assert found["body"] == [STORY]


def test_one_row_that_breaks_is_one_row(monkeypatch):
    monkeypatch.setattr("cleaner.batch_map.removed_row", lambda *_: 1 / 0)
    found = map_batch()({"text": [STORY, "Advertisement"]})
    assert found["text"] == [STORY, ""]
    assert found["cleaner_rejected"][1] == (
        "the record could not be processed: ZeroDivisionError: division by zero"
    )


PICKLED = """
import hashlib, pickle
from cleaner import Config, map_batch
config = Config(disabled_rules={"legal", "bio"}, min_words=int("5"))
print(hashlib.sha256(pickle.dumps(map_batch(config))).hexdigest())
"""


def test_it_is_pickled_and_always_the_same():
    function = map_batch(CONFIG)
    assert pickle.loads(pickle.dumps(function)) == function  # noqa: S301 - our own
    assert isinstance(function, BatchMap)
    digests = {
        subprocess.run(
            [sys.executable, "-c", PICKLED],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(digests) == 1
    assert pickle.dumps(map_batch(Config(min_words=6))) != pickle.dumps(map_batch())
    assert pickle.dumps(map_batch(drop_empty=True)) != pickle.dumps(map_batch())


def test_another_version_is_another_function(monkeypatch):
    before = pickle.dumps(map_batch())
    monkeypatch.setattr("cleaner.batch_map.program_version", lambda: "99.0")
    assert pickle.dumps(map_batch()) != before


def test_a_wrong_configuration_is_told():
    with pytest.raises(TypeError, match="takes a Config, not str"):
        map_batch("raw")


@pytest.fixture
def data():
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    datasets.disable_progress_bars()
    rows = [
        {"n": at, "text": f"Number {at}.\n\n{SENTENCES[at % 8]}\n\nAdvertisement" * (at != 7)}
        for at in range(40)
    ]
    return datasets.Dataset.from_list(rows)


@pytest.mark.parametrize(("size", "processes"), [(1000, None), (3, None), (7, 2)])
def test_with_datasets(data, size, processes):
    expected = map_batch(CONFIG, drop_empty=True)(data.to_dict())
    found = data.map(
        map_batch(CONFIG, drop_empty=True), batched=True, batch_size=size, num_proc=processes
    )
    assert found.to_dict() == expected
    assert len(found) == 39
    whole = data.map(map_batch(CONFIG), batched=True, batch_size=size)
    assert whole["n"] == data["n"]
    assert whole.filter(lambda row: row["text"])["text"] == found["text"]


def test_the_cache_of_datasets_knows_it_again():
    told = "datasets is not installed"
    Hasher = pytest.importorskip("datasets.fingerprint", reason=told).Hasher  # noqa: N806 - a class
    assert Hasher.hash(map_batch(CONFIG)) == Hasher.hash(
        map_batch(Config(min_words=5, disabled_rules=["legal", "bio"]))
    )
    assert Hasher.hash(map_batch(CONFIG)) != Hasher.hash(map_batch())
