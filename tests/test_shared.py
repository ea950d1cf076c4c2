"""The articles that this program was first asked for, line by line. They are not ours to copy."""

import re
import shutil

import ftfy
import pytest
from conftest import SHARED, read_output, shared_rows

from cleaner import run

WORD = re.compile(r"\w+")
FITTING = {
    "ad_marker": ("ad_marker.",),
    "caption": ("caption.",),
    "photo_credit": ("photo_credit.",),
    "embed": ("embed.",),
    "promo": ("promo.",),
    "comment_form": ("comment_form.",),
    "navigation": ("navigation.",),
    "byline": ("byline.",),
    "duplicate": ("duplicate",),
}


def words(line):
    return " ".join(WORD.findall(ftfy.fix_text(line).casefold()))


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    labels = shared_rows("gold/seeds.jsonl")
    folder = tmp_path_factory.mktemp("seeds")
    shutil.copytree(SHARED / "seeds", folder / "raw")
    run(folder / "raw", folder / "clean")
    return labels, read_output(folder / "clean")


def test_every_labelled_line(output):
    labels, cleaned = output
    checked = 0
    for labelled in labels:
        name = labelled["file"]
        kept = [words(text) for text in cleaned.document(name)["text"].split("\n\n")]
        for line in labelled["lines"]:
            reasons = [
                row["rule"] or row["reason"]
                for row in cleaned.removed
                if row["id"] == name and words(row["text"]) == words(line["text"])
            ]
            if line["label"] == "keep":
                assert words(line["text"]) in kept
            elif line["label"] != "either":
                assert any(reason.startswith(FITTING[line["label"]]) for reason in reasons), line
            checked += 1
    assert checked > 100


def test_the_repeated_paragraphs_name_the_first_ones(output):
    _, cleaned = output
    last = max(row["id"] for row in cleaned.documents)
    copies = [row for row in cleaned.removed if row["id"] == last]
    assert [(row["position"], row["of"], row["similarity"]) for row in copies] == [
        (22, {"id": last, "position": 18}, 1.0),
        (23, {"id": last, "position": 19}, 1.0),
    ]
