"""One document with its reasons, and two outputs against each other, by Python and the terminal."""

import json
import shutil
from collections import Counter

import pytest
from conftest import cleaner, read_output, write_rows
from hypothesis import given
from strategies import SENTENCES, corpus
from test_promises import write_corpus

from cleaner import CleanerError, Config, UsageError, run
from cleaner.compare import Change, changed_settings, differences
from cleaner.document import CleanDocument
from cleaner.explain import explain
from cleaner.output.restore import restored_rows

STORY = (
    "The harbour of Port Alder opened to ships again on Monday morning after a storm tore the "
    "north quay from its foundations and left the town without its ferry for three long weeks."
)
NEAR = STORY.replace("long weeks", "long winter weeks")
OWN = "The bakery on Mill Lane has won a prize for a rye loaf that takes three days to make."
CUT = f"{SENTENCES[4]} [INSIGHT]"
ROWS = [
    {"id": "first", "text": f"{STORY}\n\nAdvertisement"},
    {"id": "second", "text": f"{OWN}\n\nAdvertisement\n\n{NEAR}\n\n{CUT}"},
    {"id": "nothing", "text": "Advertisement"},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("compare")
    write_rows(place / "rows.jsonl", ROWS)
    write_rows(place / "fewer.jsonl", ROWS[1:])
    for name, config in {
        "clean": Config(workers=1),
        "kept": Config(workers=1, across_documents="keep"),
        "disabled": Config(workers=1, disabled_rules=("ad_marker",)),
    }.items():
        run(place / "rows.jsonl", place / name, config)
    run(place / "fewer.jsonl", place / "fewer", Config(workers=1))
    return place


def told(first, second):
    return [(one.change, one.id, one.text, one.causes) for one in differences(first, second)]


def test_an_output_is_like_itself(place):
    assert told(place / "clean", place / "clean") == []
    assert changed_settings(place / "clean", place / "clean") == []


def test_what_an_option_changed_is_told(place):
    clean, kept, disabled = (place / name for name in ("clean", "kept", "disabled"))
    assert told(clean, kept) == [(Change.KEPT, "second", NEAR, ("duplicate", None))]
    assert told(kept, clean) == [(Change.REMOVED, "second", NEAR, (None, "duplicate"))]
    assert changed_settings(clean, kept) == ["option --across-documents was 'drop' and is 'keep'"]
    assert told(clean, disabled) == [
        (Change.KEPT, name, "Advertisement", ("ad_marker.label", None))
        for name in ("first", "second", "nothing")
    ]


def test_flags_that_say_no_and_libraries_are_told_as_a_run_tells_them(place, tmp_path):
    shutil.copytree(place / "clean", tmp_path / "clean")
    path = tmp_path / "clean" / "summary.json"
    row = json.loads(path.read_text())
    row["configuration"]["names_agree"] = False
    row["configuration"]["disabled_rules"] = ["byline"]
    row["versions"] |= {"lxml": "0.1", "pyarrow": "9"}
    path.write_text(json.dumps(row))
    told = changed_settings(place / "clean", tmp_path / "clean")
    assert told[:2] == [
        "option --disable was none and is byline",
        "option was --names-agree and is --any-names",
    ]
    assert [one.partition(" was ")[0] for one in told[2:]] == ["version of lxml"]


def test_documents_that_only_one_has_are_told(place):
    alone = [(Change.ONLY_FIRST, "first", "", (None, None))]
    back = (Change.KEPT, "second", NEAR, ("duplicate", None))
    assert told(place / "clean", place / "fewer") == [back, *alone]
    assert (Change.ONLY_SECOND, "first", "", (None, None)) in told(place / "fewer", place / "clean")


def kept_in(clean):
    rows = read_output(clean).documents
    return {row["id"]: Counter(row["text"].split("\n\n")) for row in rows}


@given(corpus)
def test_the_differences_lead_from_one_output_to_the_other(tmp_path_factory, rows):
    place = tmp_path_factory.mktemp("any")
    write_corpus(place / "raw", rows)
    run(place / "raw", place / "one", Config(workers=1))
    run(place / "raw", place / "two", Config(workers=1, across_documents="keep", min_words=3))
    one, two = (
        {
            row["id"]: Counter(row["text"].split("\n\n"))
            for row in read_output(place / name).documents
        }
        for name in ("one", "two")
    )
    for difference in differences(place / "one", place / "two"):
        kept = one.setdefault(difference.id, Counter())
        if difference.change in {Change.REMOVED, Change.GONE}:
            kept[difference.text] -= 1
        if difference.change in {Change.KEPT, Change.NEW}:
            kept[difference.text] += 1
    assert {name: +kept for name, kept in one.items() if +kept} == two


@given(corpus)
def test_an_explained_document_is_the_document_before_removal(tmp_path_factory, rows):
    place = tmp_path_factory.mktemp("any")
    write_corpus(place / "raw", rows)
    run(place / "raw", place / "clean", Config(workers=1))
    for row in read_output(place / "clean").documents:
        found, paragraphs = explain(place / "clean", row["id"])
        kept = [one.text for one in paragraphs if one.mark is None]
        assert kept == row["text"].split("\n\n")
        whole = [one for one in paragraphs if not one.is_part]
        assert [one.position for one in whole] == list(range(len(whole)))
        if len(whole) == len(paragraphs):
            assert tuple(one.text for one in whole) == CleanDocument.paragraphs(found.document)
        for one in paragraphs:
            if one.mark and one.mark.of:
                assert one.original is not None


def test_the_terminal_shows_a_document_with_its_reasons(place):
    done = cleaner("explain", place / "clean", "second")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "second (rows.jsonl), written",
        "2 of 4 paragraphs kept",
        "",
        f"     0  {OWN}",
        "-    1  Advertisement",
        "        boilerplate: ad_marker.label",
        f"-    2  {NEAR}",
        "        copy of paragraph 0 of first, 0.91 alike",
        f"        which reads: {STORY}",
        f"     3  {SENTENCES[4]}",
        "-  cut   [INSIGHT]",
        "        boilerplate: inline.tag",
    ]
    assert "dropped: " in cleaner("explain", place / "clean", "nothing").stdout


def test_the_terminal_shows_what_is_different(place):
    done = cleaner("compare", place / "clean", place / "kept")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [
        "option --across-documents was 'drop' and is 'keep'",
        "kept, duplicate: 1",
    ]
    same = cleaner("compare", place / "clean", place / "clean")
    assert same.stdout == "no differences in what is kept and removed\n"
    rows = cleaner("compare", place / "clean", place / "kept", "--json").stdout
    assert [json.loads(row) for row in rows.splitlines()] == [
        {"change": "kept", "id": "second", "text": NEAR, "first": "duplicate", "second": None}
    ]


def test_of_many_differences_the_first_are_shown_and_the_rest_counted(tmp_path):
    rows = [{"id": f"{n}", "text": f"{n} {OWN}\n\nAdvertisement"} for n in range(5)]
    for name, number in {"three": 3, "five": 5}.items():
        write_rows(tmp_path / f"{name}.jsonl", rows[:number])
        run(tmp_path / f"{name}.jsonl", tmp_path / name, Config(workers=1))
        run(
            tmp_path / f"{name}.jsonl",
            tmp_path / f"{name}-kept",
            Config(workers=1, disabled_rules=("ad_marker",)),
        )
    five = cleaner("compare", tmp_path / "five", tmp_path / "five-kept").stdout.splitlines()
    assert five == [
        "option --disable was none and is ad_marker",
        "kept, ad_marker.label: 5",
        *(f"    {n}: Advertisement" for n in range(3)),
        "    … and 2 more",
    ]
    three = cleaner("compare", tmp_path / "three", tmp_path / "three-kept").stdout.splitlines()
    assert three[-1] == "    2: Advertisement"


def test_outputs_of_different_input_are_told_as_such(place, tmp_path):
    told = "these are outputs of different input: no document is in both"
    write_rows(tmp_path / "other.jsonl", [{"id": "kite", "text": OWN}])
    run(tmp_path / "other.jsonl", tmp_path / "other", Config(workers=1))
    (tmp_path / "nothing").mkdir()
    run(tmp_path / "nothing", tmp_path / "empty", Config(workers=1))
    for first, second, is_told in (
        (place / "clean", tmp_path / "other", True),
        (tmp_path / "other", place / "clean", True),
        (place / "clean", tmp_path / "empty", True),
        (tmp_path / "empty", place / "clean", True),
        (tmp_path / "empty", tmp_path / "empty", False),
        (place / "clean", place / "clean", False),
        (place / "clean", place / "kept", False),
        (place / "clean", place / "fewer", False),
        (place / "fewer", place / "clean", False),
    ):
        lines = cleaner("compare", first, second).stdout.splitlines()
        assert (told in lines) == is_told
        assert lines.count(told) == is_told


@pytest.mark.parametrize("command", [("explain", "an-id"), ("compare", "clean"), ("report",)])
def test_a_folder_that_is_no_output_is_named(place, tmp_path, command):
    name, *rest = command
    done = cleaner(name, tmp_path, *(place / one if one == "clean" else one for one in rest))
    assert done.returncode == 2
    assert f"{tmp_path} holds no summary.json" in done.stderr


def test_an_id_that_is_not_there_and_a_changed_output_are_errors(place, tmp_path):
    for wanted, told in {"zzz": "ids are those in documents/", "Secon": "perhaps 'second'"}.items():
        with pytest.raises(UsageError, match=f"no document with the id '{wanted}'; {told}"):
            explain(place / "clean", wanted)
        with pytest.raises(UsageError, match=f"no document with the id '{wanted}'; {told}"):
            list(restored_rows(place / "clean", ["first", wanted]))
    shutil.copytree(place / "clean", tmp_path / "clean")
    (tmp_path / "clean/removed/part-00000.jsonl").write_text("{}\n")
    with pytest.raises(CleanerError, match="cleaner verify"):
        explain(tmp_path / "clean", "second")
    with pytest.raises(CleanerError, match="cleaner verify"):
        list(differences(place / "clean", tmp_path / "clean"))
