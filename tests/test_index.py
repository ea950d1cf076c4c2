"""The index of an earlier corpus: what it refuses, how it grows, what becomes of cut-off runs."""

import json
import subprocess
import sys
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from conftest import read_output, write_rows
from hypothesis import given
from hypothesis import strategies as st

from cleaner import CleanerError, Config, UsageError, job, run, workspace
from cleaner.duplicates.sketch import Line, sketch_lines
from cleaner.earlier import extending
from cleaner.earlier.index import EarlierCorpus
from cleaner.earlier.manifest import Manifest, read_manifest
from cleaner.earlier.packing import packed, unpacked
from cleaner.earlier.parameters import TOKENS_VERSION
from cleaner.earlier.tables import in_order
from cleaner.lock import held
from cleaner.output.restore import restored_rows
from cleaner.output.verify import verify

STORY = (
    "The harbour of Port Alder opened to ships again on Monday morning, and the boats that had "
    "waited outside came in one after the other."
)
CHANGED = STORY.replace("other.", "other again.")
BOX = "Read this and much more in our app"


def article(name, *lines):
    own = f"The boat called {name} came into the harbour with a torn sail and a tired crew."
    text = "\n\n".join([own, *lines])
    return {"id": name, "url": f"https://alder.example/{name}", "text": text}


class Days:
    """Runs day by day in a folder, each against an index that it is then added to."""

    def __init__(self, folder):
        self.folder = folder
        self.index = folder / "index"

    def add(self, day, *rows, config=None, **options):
        raw = self.folder / f"raw-{day}"
        if rows:
            write_rows(raw / f"{day}.jsonl", rows)
        given = {"against": self.index, "save_index": self.index, **options}
        return run(raw, self.folder / day, config or Config(), **given)

    def output(self, day):
        return read_output(self.folder / day)

    def manifest(self):
        return read_manifest(self.index)


@pytest.fixture
def days(tmp_path):
    made = Days(tmp_path)
    made.add("monday", article("kite", STORY), article("lark"))
    return made


def test_what_an_earlier_day_holds_goes_and_says_what_it_copies(days):
    summary = days.add("tuesday", article("mole", CHANGED), article("kite", STORY))
    removed = days.output("tuesday").removed
    assert [(one["id"], one["of"], one["similarity"] == 1) for one in removed] == [
        ("mole", {"id": "kite", "position": 1}, False),
        ("kite#2", {"id": "kite", "position": 0}, True),
        ("kite#2", {"id": "kite", "position": 1}, True),
    ]
    assert summary.against["removed"] == 3
    assert (summary.against["index"], summary.against["runs"]) == ("index", ["monday"])
    assert days.output("tuesday").summary["against"] == summary.against


def test_documents_of_all_days_make_a_template(tmp_path):
    days = Days(tmp_path)
    days.add("monday", *(article(name, BOX) for name in ("kite", "lark", "mole")))
    days.add("tuesday", *(article(name, BOX) for name in ("newt", "otter")))
    assert {(one["reason"], one["count"]) for one in days.output("tuesday").removed} == {
        ("template", 5)
    }
    assert days.output("monday").removed == []


def test_a_template_is_no_original(tmp_path):
    """Five documents of one site make it one, so that in another site it stays, as in one run."""
    days, box = Days(tmp_path), "Read this and much more of what the harbour does in our new app"
    days.add("monday", *(article(name, box) for name in ("kite", "lark")))
    away = {"id": "away", "url": "https://elm.example/away", "text": box}
    days.add("tuesday", *(article(name, box) for name in ("mole", "newt", "otter")), away)
    assert [row["id"] for row in days.output("tuesday").documents][-1] == "away"


def test_earlier_documents_that_hold_nothing_but_templates_are_none_of_their_site(tmp_path):
    """Four boxes in sixteen documents are too few; in the eleven that keep something, enough."""
    days, line = Days(tmp_path), "Call the night desk: 555 0100"
    config = Config(template_documents=4)

    def alone(name):
        return {"id": name, "url": f"https://alder.example/{name}", "text": line}

    boxes, others = [article(name, BOX) for name in "abc"], [article(name) for name in "defghij"]
    days.add("monday", *map(alone, "klmn"), *boxes, *others, config=config)
    assert {one["text"] for one in days.output("monday").removed} <= {line}
    days.add("tuesday", alone("o"), article("p", BOX), config=config)
    removed = days.output("tuesday").removed
    assert [(one["text"], one["count"]) for one in removed] == [(line, 5), (BOX, 4)]


def test_only_compared_with_an_index_it_stays_as_it_was(days):
    before = days.manifest()
    days.add("tuesday", article("mole", STORY), save_index=None)
    assert len(days.output("tuesday").removed) == 1
    assert days.manifest() == before


def test_the_same_command_again_does_nothing(days):
    before = days.manifest()
    assert days.add("monday").was_done
    assert days.manifest() == before


def test_input_is_added_once_whatever_the_options(days):
    with pytest.raises(UsageError, match=r"the run that wrote monday, .*; add --overwrite to make"):
        days.add("monday", config=Config(added_shingles=2))


def test_how_a_run_with_the_same_input_was_compared_is_told(days):
    days.add("tuesday", article("mole"), against=None)
    with pytest.raises(UsageError, match="the run that wrote tuesday, without --against, added"):
        days.add("tuesday")
    with pytest.raises(UsageError, match="wrote monday, with --against this index, added it"):
        days.add("monday", against=None)
    with pytest.raises(UsageError, match="the run that wrote monday, by other options, added it"):
        days.add("monday", config=Config(added_shingles=2))


def test_the_index_to_compare_with_may_be_the_one_that_is_made(days):
    days.add("monday")
    assert [one.clean for one in days.manifest().runs] == ["monday"]


def test_input_is_not_compared_with_itself(days):
    with pytest.raises(UsageError, match=r"holds this input already: .* monday added it; name an"):
        days.add("monday", save_index=None)
    assert len(days.output("monday").documents) == 2


def test_what_is_held_and_has_no_output_cannot_be_made_again(days):
    with pytest.raises(CleanerError, match=r"holds this input already, and .* does not hold"):
        run(
            days.folder / "raw-monday",
            days.folder / "other",
            against=days.index,
            save_index=days.index,
        )


def test_an_output_that_is_there_is_not_added_later(days):
    days.add("tuesday", article("mole"), save_index=None, against=None)
    with pytest.raises(CleanerError, match="which was not added to"):
        days.add("tuesday", against=None)


def test_a_changed_index_makes_another_run(days):
    days.add("tuesday", article("mole", STORY), save_index=None)
    days.add("wednesday", article("newt", CHANGED))
    with pytest.raises(CleanerError, match="the index of --against has changed"):
        days.add("tuesday", save_index=None)
    with pytest.raises(CleanerError, match=r"\(option --against was given\)"):
        days.add("tuesday", save_index=None, against=None)


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": 0.7},
        {"shingle_size": 2},
        {"min_words": 9},
        {"across_documents": "mark"},
        {"numbers_agree": False},
        {"names_agree": False},
        {"negations_agree": False},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_index_of_other_options_is_refused(days, changed):
    (name, value) = next(iter(changed.items()))
    told = rf"{name} was .* and is {value!r}; run with the options that it was made with"
    with pytest.raises(UsageError, match=told):
        days.add("tuesday", article("mole"), config=replace(Config(), **changed))


def test_an_index_of_another_program_is_refused(days):
    manifest = days.manifest()
    replace(manifest, parameters={**manifest.parameters, "tokens": 0}).save(days.index)
    with pytest.raises(UsageError, match="tokens was 0 and is 1; use the program that made it"):
        days.add("tuesday", article("mole"))


def test_there_must_be_an_index(tmp_path):
    write_rows(tmp_path / "raw" / "a.jsonl", [article("kite")])
    with pytest.raises(UsageError, match="there is no index"):
        run(tmp_path / "raw", tmp_path / "clean", against=tmp_path / "index")
    write_rows(tmp_path / "other" / "a.jsonl", [article("kite")])
    with pytest.raises(UsageError, match="holds files and no index"):
        run(tmp_path / "raw", tmp_path / "clean", save_index=tmp_path / "other")


def test_a_damaged_file_is_found_and_named(days):
    part = days.manifest().parts[0]
    for name, (size, _) in part.files.items():
        if not size:
            continue
        path = days.index / part.name / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(CleanerError, match=f"is damaged: {part.name}/{name} is not as it was"):
            days.add("tuesday", article("mole"))
        path.write_bytes(data)
    path.unlink()
    with pytest.raises(CleanerError, match=f"{part.name}/{name} cannot be read"):
        days.add("tuesday")


def test_a_damaged_manifest_is_found(days):
    path = days.index / "index.json"
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"documents": 2', b'"documents": 3'))
    with pytest.raises(CleanerError, match=r"index.json is not as it was written"):
        days.add("tuesday", article("mole"))
    path.write_bytes(data[:50])
    with pytest.raises(CleanerError, match=r"index.json cannot be used"):
        days.add("tuesday")


def test_files_that_were_found_right_are_read_once(days):
    days.add("tuesday", article("mole"), save_index=None)
    with patch("cleaner.earlier.checking.digest_of") as digest:
        days.add("wednesday", article("newt"), save_index=None)
    assert not digest.called


def test_one_run_at_a_time_extends_an_index(days):
    with held(days.index / "lock", days.index, shared=True):
        days.add("tuesday", article("mole"), save_index=None)
        with pytest.raises(CleanerError, match=r"another run is using .*index \(process \d+ on"):
            days.add("wednesday", article("newt"))
    with (
        held(days.index / "lock", days.index),
        pytest.raises(CleanerError, match="another run is using"),
    ):
        days.add("wednesday", save_index=None)


@pytest.mark.parametrize("step", ["publish", "add_published", "save"])
def test_a_run_that_is_cut_off_is_added_once(days, step):
    """Before its output is in place; after that; and with its segment in place, too."""
    rows = article("mole", STORY), article("newt", CHANGED)
    where = {"save": (Manifest, "save")}.get(step)
    from cleaner import job

    if step == "add_published":
        stop = patch.object(job, "add_published", side_effect=KeyboardInterrupt)
    else:
        stop = patch.object(*(where or (job, step)), side_effect=KeyboardInterrupt)
    with stop, pytest.raises(KeyboardInterrupt):
        days.add("tuesday", *rows)
    assert len(days.manifest().runs) == 1
    days.add("tuesday")
    assert [one.clean for one in days.manifest().runs] == ["monday", "tuesday"]
    assert {one["of"]["id"] for one in days.output("tuesday").removed} == {"kite"}
    assert days.add("tuesday").was_done
    assert not list(days.index.glob("pending-*"))


@pytest.mark.parametrize(
    ("module", "step"), [(job, "add_published"), (workspace, "_move_into_place")]
)
def test_the_next_day_adds_what_was_cut_off(days, module, step):
    # The second is looked for when the folder is opened, too, before there is anything to move.
    moves = getattr(module, step)
    state = days.folder / "tuesday" / ".cleaner" / "publishing" / "state.json"

    def cut(*arguments):
        if module is job or state.exists():
            raise KeyboardInterrupt
        moves(*arguments)

    with (
        patch.object(module, step, cut),
        pytest.raises(KeyboardInterrupt),
    ):
        days.add("tuesday", article("mole", "A grey cat has left the library, as the town knows."))
    with pytest.raises(CleanerError, match=r"tuesday was cut off before it was added"):
        days.add("wednesday", article("newt"), save_index=None)
    days.add("wednesday")
    assert [one.clean for one in days.manifest().runs] == ["monday", "tuesday", "wednesday"]


def test_many_segments_become_one_that_finds_the_same(tmp_path):
    made = {}
    for fan_out in (2, 100):
        days = Days(tmp_path / str(fan_out))
        with patch.object(extending, "FAN_OUT", fan_out):
            for number in range(5):
                days.add(f"day{number}", article(f"a{number}", STORY if number == 2 else BOX))
            made[fan_out] = days.manifest()
            days.add("last", article("b", CHANGED, BOX), article("a1"))
        made[fan_out, "removed"] = days.output("last").removed
    assert [len(made[fan_out].parts) for fan_out in (2, 100)] == [2, 5]
    assert made[2, "removed"] == made[100, "removed"]
    assert {one["reason"] for one in made[2, "removed"]} == {"duplicate", "template"}


def test_segments_of_one_size_are_merged_and_larger_ones_left():
    def parts(*sizes):
        return [extending.Part(f"{at:06d}-x", 0, size, {}) for at, size in enumerate(sizes)]

    large, small = extending.LEAST_PARAGRAPHS * 9, 10
    cases = {(small,) * 7: 0, (small,) * 8: 1, (large, *(small,) * 8): 2, (large,) * 8: 1}
    for sizes, first in cases.items():
        manifest = Manifest({}, parts=tuple(parts(*sizes)))
        assert extending.first_to_merge(manifest) == first


def test_an_output_is_verified_with_its_index_and_without(days):
    days.add("tuesday", article("mole", CHANGED))
    days.add("alone", article("newt"), against=None, save_index=None)
    clean = days.folder / "tuesday"
    alone, compared = verify(clean), verify(clean, days.index)
    assert (alone.copies, alone.not_compared, alone.faults.total) == (0, 1, 0)
    assert (compared.copies, compared.not_compared, compared.faults.total) == (1, 0, 0)
    with pytest.raises(UsageError, match="not compared with an index"):
        verify(days.folder / "alone", days.index)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"id":"kite"', '"id":"gone"', "copy without original"),
        ('"position":1},"similarity"', '"position":7},"similarity"', "copy without original"),
        ("other again.", "other at last.", "wrong similarity"),
    ],
)
def test_verification_with_the_index_finds_what_is_wrong(days, before, after, told):
    days.add("tuesday", article("mole", CHANGED))
    path = days.folder / "tuesday" / "removed" / "part-00000.jsonl"
    path.write_text(path.read_text().replace(before, after))
    assert told in {*verify(days.folder / "tuesday", days.index).faults.firsts}


def test_a_wrong_number_of_copies_of_the_index_is_found(days):
    days.add("tuesday", article("mole", CHANGED))
    path = days.folder / "tuesday" / "summary.json"
    row = json.loads(path.read_text())
    row["against"]["removed"] = 5
    path.write_text(json.dumps(row))
    assert "wrong count" in {*verify(days.folder / "tuesday").faults.firsts}


def test_what_went_as_a_copy_of_an_index_is_restored(days):
    rows = article("mole", CHANGED)
    days.add("tuesday", rows)
    restored = [json.loads(line) for line in restored_rows(days.folder / "tuesday")]
    assert [row["text"] for row in restored] == [rows["text"]]


def test_the_command_line_takes_both_options(days):
    write_rows(days.folder / "raw" / "a.jsonl", [article("mole", STORY)])
    command = [sys.executable, "-m", "cleaner", "run", days.folder / "raw", days.folder / "new"]
    command += ["--against", days.index, "--save-index", days.index]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "of them copies of the index" in told
    assert len(days.manifest().runs) == 2


@given(st.lists(st.integers(0, 2**32 - 1), max_size=50), st.integers(64, 4000))
def test_rows_come_in_the_order_of_their_keys_in_any_memory(keys, memory):
    keys = np.array(keys, dtype=np.uint32)

    def read(first, last):
        inside = np.flatnonzero((keys >= first) & (keys < last))
        return keys[inside], inside

    parts = list(in_order(read, len(keys), 32, memory))
    assert np.concatenate([some for some, _ in parts]).tolist() == sorted(keys.tolist())
    order = np.concatenate([rows for _, rows in parts])
    assert order.tolist() == np.argsort(keys, kind="stable").tolist()


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_forty_eight_bits_of_hashes_are_held(hashes):
    made = unpacked(*packed(np.array(hashes, dtype=np.uint64)))
    assert made.tolist() == [one % 2**48 for one in hashes]


def test_the_version_of_the_tokens_is_raised_when_they_change():
    """If this fails, what an index holds of a text is no longer what a run makes of it."""
    text = "Harbour master Ada Lindqvist did not see 15 boats; 港町の猫が引退した。"
    line = Line(text, 0, 0, is_compared=True, is_short=False)
    sketches = sketch_lines([line], Config())
    numbers = [int(np.bitwise_xor.reduce(sketches.shingles.hashes)), *sketches.keys[0].tolist()]
    facts = [len(sketches.numbers.hashes), len(sketches.names.hashes), int(sketches.negations[0])]
    pinned = [3891313759604403202, 4517875213138854892, 14877851694517429750]
    assert (TOKENS_VERSION, numbers, facts) == (1, pinned, [1, 2, 1])


def test_an_earlier_corpus_gives_its_memory_back(days):
    manifest = days.manifest()
    corpus = EarlierCorpus(days.index, manifest)
    assert len(corpus.segments[0]) == manifest.runs[0].paragraphs == 3
    corpus.release()
    assert len(corpus.segments[0]) == 3


def test_an_index_and_what_is_read_lie_apart(tmp_path):
    raw = tmp_path / "raw"
    write_rows(raw / "rows.jsonl", [{"id": "a", "text": "The ferry is late."}])
    for index in (raw, raw / "feed", tmp_path):
        for option in ("against", "save_index"):
            with pytest.raises(UsageError, match="must lie apart"):
                run(raw, tmp_path / "clean", **{option: index})
