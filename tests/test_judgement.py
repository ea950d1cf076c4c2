"""Which near-copies are copies: labelled hard cases, both ways round, by the default options."""

import json
from pathlib import Path

import pytest
from conftest import read_output, write_rows

from cleaner import Cleaner, Config, run
from cleaner.duplicates.facts import facts_of
from cleaner.duplicates.tokens import token_hash, tokens_of

CASES = json.loads((Path(__file__).parent / "cases" / "near_copies.json").read_text("utf-8"))


def texts(case):
    """The two paragraphs; a long one is a numbered repetition of a short one."""
    long = [
        f"{case[side]} in the {letters(number)} week" if "repeat" in case else case[side]
        for side in ("one", "other")
        for number in range(case.get("repeat", 1))
    ]
    half = len(long) // 2
    return " ".join(long[:half]), " ".join([*long[half:], *case.get("end", "").split()])


def letters(number):
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")


def known_failures(case):
    reason = case.get("known_failure")
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


PARAMETERS = [pytest.param(case, id=case["kind"], marks=known_failures(case)) for case in CASES]


@pytest.mark.parametrize("case", PARAMETERS)
@pytest.mark.parametrize("order", [1, -1], ids=["", "turned round"])
def test_hard_case(case, order):
    first, second = texts(case)[::order]
    documents = [{"id": "a", "text": first}, {"id": "b", "text": second}]
    found = list(Cleaner().clean(documents))
    assert bool(found[1].removed) == case["copy"]


def test_a_run_judges_as_the_stream_does(tmp_path):
    for number, case in enumerate(CASES):
        rows = [{"id": side, "text": text} for side, text in zip("ab", texts(case), strict=True)]
        write_rows(tmp_path / f"raw{number}" / "rows.jsonl", rows)
        run(tmp_path / f"raw{number}", tmp_path / f"clean{number}")
        removed = read_output(tmp_path / f"clean{number}").removed
        expected = case["copy"] != ("known_failure" in case)
        assert bool(removed) == expected, case["kind"]


def test_capitals_make_names_in_a_run_as_in_the_stream(tmp_path):
    story = "On the quay the {} sailors sold a {} to the crew of the ferry that came in at noon."
    made = [("Polish", "turkey"), ("polish", "Turkey"), ("polish", "turkey"), ("Polish", "turkey")]
    rows = [{"id": str(at), "text": story.format(*words)} for at, words in enumerate(made)]
    write_rows(tmp_path / "raw" / "rows.jsonl", rows)
    run(tmp_path / "raw", tmp_path / "clean")
    gone = {(row["id"], row["of"]["id"]) for row in read_output(tmp_path / "clean").removed}
    assert gone == {("2", "0"), ("3", "0")}
    stream = list(Cleaner().clean(rows))
    assert {(one.id, one.removed[0].mark.of.id) for one in stream if one.removed} == gone


def test_there_are_hard_cases_of_both_kinds():
    assert sum(case["copy"] for case in CASES) > 15
    assert sum(not case["copy"] for case in CASES) > 15


@pytest.mark.parametrize(
    ("text", "numbers", "names", "negations"),
    [
        ("The ferry and 12 boats, zwölf in all", ["12"], [], 0),
        ("A4 paper of 1,000 sheets", ["a4", "1", "000"], [], 0),
        ("We saw Ada Lindqvist. She and Mira left", [], ["ada", "lindqvist", "mira"], 0),
        ("He met Sen. Okafor of St. Alder", [], ["sen", "okafor", "st", "alder"], 0),
        ("“Nobody,” said I, “isn't no one”", [], [], 3),
        ("๑๕ คน", ["๑", "๕"], [], 0),
        ("due, seize, elf, sept, sin", [], [], 0),
        ("the Ärzte of Ö", [], ["ärzte"], 0),
        ("nicht, kein, pas, не", [], [], 4),
        ("Straße SS ŉ Word", [], ["ss", "word"], 0),
    ],
)
def test_facts(text, numbers, names, negations):
    tokens, spans = tokens_of(["Some other Words 7", text, ""])
    facts = facts_of(tokens, spans, Config())
    for found, expected in ((facts.numbers, numbers), (facts.names, names)):
        hashes = found.hashes[found.offsets[1] : found.offsets[2]].tolist()
        assert hashes == sorted(token_hash(word) for word in expected)
    assert facts.negations.tolist() == [0, negations, 0]


def test_a_fact_word_is_one_token():
    with pytest.raises(ValueError, match="'two words' is not one token but 2"):
        token_hash("two words")
