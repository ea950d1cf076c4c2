"""The promises, as properties over generated corpora, through the whole run."""

import json
import os
import shutil
import tempfile
from itertools import count
from pathlib import Path

import pytest
from conftest import SAMPLES, output_bytes, read_output, write_rows
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import SENTENCES, a_run_each, corpus, text
from test_duplicates import jaccard, shingles_one_by_one

from cleaner import Cleaner, Config, Place, Reason, RecordError, clean_text, run
from cleaner.stages.boilerplate import mark_boilerplate
from cleaner.stages.decode import decode
from cleaner.stages.discover import take_inventory
from cleaner.stages.extract import extract
from cleaner.stages.paragraphs import split_paragraphs
from cleaner.stages.read import read_batches
from cleaner.stages.rejection import Rejection
from cleaner.stages.repair import repair

CONFIG = Config(min_words=5)


def write_corpus(folder, made):
    folder.mkdir(exist_ok=True)
    for number, body in enumerate(made["texts"]):
        (folder / f"{number}.txt").write_bytes(body.encode())
    lines = [row if isinstance(row, str) else json.dumps(row) for row in made["rows"]]
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")


def run_on(made, config=CONFIG):
    """The output of a run, and what each document's paragraphs were before it."""
    with tempfile.TemporaryDirectory() as name:
        raw, clean = Path(name) / "raw", Path(name) / "clean"
        raw.mkdir()
        write_corpus(raw, made)
        run(raw, clean, config)
        return read_output(clean), split_beforehand(raw, config)


def plain_distinct_ids(pages):
    """The ids of documents, made distinct by trying one number after the other."""
    given, own = set(), {page.id for page in pages}
    for page in pages:
        name = page.id
        for number in count(2):
            if name not in given and (name == page.id or name not in own):
                break
            name = f"{page.id}#{number}"
        given.add(name)
        yield name


def split_beforehand(raw, config):
    """The documents as stages split them, in order, without marking or removing anything."""
    split = []
    for batch in read_batches(take_inventory(raw).files, config):
        for item in batch.items:
            if isinstance(item, Rejection):
                continue
            try:
                split.append(
                    split_paragraphs(repair(extract(decode(item, config), config), config))
                )
            except RecordError:
                continue  # rejected; counted by another property
    return split


@a_run_each
@given(corpus)
def test_1_every_document_is_accounted_for(made):
    output, _ = run_on(made)
    counts = output.summary["counts"]
    records = len(made["texts"]) + max(1, len(made["rows"]))
    assert counts["read"] == records
    assert counts["written"] == len(output.documents)
    assert counts["dropped"] == len(output.dropped)
    assert counts["rejected"] == len(output.rejected)
    assert records == len(output.documents) + len(output.dropped) + len(output.rejected)
    names = [row["id"] for row in output.documents + output.dropped]
    assert len(names) == len(set(names))
    paragraphs = counts["paragraphs"]
    kept = sum(len(row["text"].split("\n\n")) for row in output.documents)
    whole = [row for row in output.removed if row["at"] is None]
    assert (paragraphs["kept"], paragraphs["removed"]) == (kept, len(whole))
    assert sum(paragraphs["removed_by_reason"].values()) == len(whole)
    assert sum(paragraphs["cut_by_rule"].values()) == len(output.removed) - len(whole)


@a_run_each
@given(corpus)
def test_2_every_removal_is_explained_and_can_be_undone(made):
    output, beforehand = run_on(made)
    names = {row["id"] for row in output.documents + output.dropped}
    rebuilt = {name: output.paragraphs(name) for name in names}
    assert rebuilt == {
        name: [part.text for part in page.paragraphs]
        for name, page in zip(plain_distinct_ids(beforehand), beforehand, strict=True)
    }
    for row in output.removed:
        if row["reason"] == Reason.DUPLICATE:
            assert row["rule"] is None
            assert row["of"]["id"] in names
        else:
            assert row["rule"]
            assert row["of"] is row["similarity"] is None


@a_run_each
@given(corpus, st.sampled_from([0.6, 0.8]))
def test_3_no_orphans(made, threshold):
    output, _ = run_on(made, Config(min_words=3, threshold=threshold))
    gone = {(row["id"], row["position"]) for row in output.removed if row["at"] is None}
    for row in output.removed:
        if row["reason"] == Reason.DUPLICATE:
            original = (row["of"]["id"], row["of"]["position"])
            assert original not in gone
            stays = output.left(original[0])[original[1]]
            true = jaccard(shingles_one_by_one(row["text"], 3), shingles_one_by_one(stays, 3))
            assert row["similarity"] == true
            assert true >= threshold


def many_rows(count):
    """Enough rows for several batches, with copies among them."""
    return [
        {
            "id": f"n{number}",
            "text": "\n\n".join(
                [
                    f"Notice {number} of the harbour office",
                    SENTENCES[number % len(SENTENCES)],
                    (
                        f"Boat {number * 7919 % 1000} came in from the {number % 5}th buoy with "
                        f"{number % 13} crates of herring and {number % 11} of cod on board."
                    ),
                    "Advertisement",
                ]
            ),
        }
        for number in range(count)
    ]


@settings(max_examples=2)
@given(st.lists(text, max_size=20))
@example([])
def test_5_the_output_does_not_depend_on_the_number_of_workers(extra):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(SAMPLES, folder / "raw")
        rows = many_rows(700) + [{"text": body} for body in extra]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "raw" / "rows.jsonl").write_text(lines, encoding="utf-8")
        outputs = []
        for workers in (1, 2, 3):
            run(folder / "raw", folder / f"clean{workers}", Config(workers=workers))
            outputs.append(output_bytes(folder / f"clean{workers}"))
        assert outputs[0] == outputs[1] == outputs[2]
        assert len(outputs[0]["documents/part-00000.jsonl"].splitlines()) > 600


def test_5_nor_on_the_order_in_which_the_file_system_lists_files(monkeypatch):
    expected = take_inventory(SAMPLES)
    assert len({file.path.parent for file in expected.files}) > 3
    scandir = os.scandir

    class Reversed:
        def __init__(self, path):
            with scandir(path) as entries:
                self.entries = list(entries)[::-1]

        def __enter__(self):
            return iter(self.entries)

        def __exit__(self, *error):
            return False

    monkeypatch.setattr(os, "scandir", Reversed)
    assert take_inventory(SAMPLES) == expected


@given(text)
@settings(max_examples=300)
def test_7_cleaning_a_clean_text_changes_nothing(made):
    once = clean_text(made)
    assert clean_text(once.text).kept == once.kept


@a_run_each
@given(corpus)
def test_7_cleaning_clean_output_changes_nothing(made):
    with tempfile.TemporaryDirectory() as name:
        raw, once, twice = (Path(name) / part for part in ("raw", "once", "twice"))
        raw.mkdir()
        write_corpus(raw, made)
        run(raw, once, CONFIG)
        run(once / "documents", twice, CONFIG)
        first, second = output_bytes(once), output_bytes(twice)
        assert not any(second[name] for name in second if name.startswith("removed"))
        documents = [name for name in first if name.startswith("documents")]
        assert b"".join(second[name] for name in documents) == b"".join(
            first[name] for name in documents
        )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            ["WhatsApp", "By Mira Okafor on March 4, 2024", "Print", "Email", *SENTENCES[:2]],
            id="a byline between words of a run",
        ),
        pytest.param(
            [
                "White House",
                SENTENCES[2],
                "Advertisement",
                "Tom Reyes",
                "By Tom Reyes",
                SENTENCES[2],
            ],
            id="a copy that parted the head from names below it",
        ),
    ],
)
def test_7_lines_in_company_are_taken_at_once_or_never(body):
    config = Config(risky_rules="always")
    once = clean_text("\n\n".join(body), config)
    assert clean_text(once.text, config).removed == ()


@given(text)
def test_7_one_text_by_itself(body):
    once = clean_text(body, CONFIG)
    twice = clean_text(once.text, CONFIG)
    assert twice.removed == ()
    assert twice.kept == once.kept


def test_7_a_byline_whose_prose_went_as_a_copy_goes_too(tmp_path):
    # The case for asking twice where a line stands: the second document's prose is all copied.
    story = [SENTENCES[0], SENTENCES[2], "By Mira Okafor", SENTENCES[4]]
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("\n\n".join(story[:2]), encoding="utf-8")
    (raw / "b.txt").write_text("\n\n".join(story), encoding="utf-8")
    run(raw, tmp_path / "once")
    output = read_output(tmp_path / "once")
    assert output.document("b.txt")["text"] == SENTENCES[4]
    assert output.document("b.txt")["metadata"]["author"] == "Mira Okafor"
    run(tmp_path / "once" / "documents", tmp_path / "twice")
    assert read_output(tmp_path / "twice").documents == output.documents


def test_3_no_document_leans_on_a_line_that_may_still_go(tmp_path):
    # The byline of b goes once b's first prose has gone as a copy; that of c must not copy it.
    byline = "By Mira Okafor on March 4, 2024 at 8:30 AM GMT"
    write_corpus(
        raw := tmp_path / "raw",
        {
            "texts": [
                "\n\n".join([SENTENCES[0], SENTENCES[2]]),
                "\n\n".join([SENTENCES[0], SENTENCES[2], byline, SENTENCES[4]]),
                "\n\n".join([SENTENCES[7], SENTENCES[6], byline, SENTENCES[5]]),
            ],
            "rows": [],
        },
    )
    run(raw, tmp_path / "clean", Config(min_words=5))
    output = read_output(tmp_path / "clean")
    assert output.document("1.txt")["text"] == SENTENCES[4]
    assert byline in output.document("2.txt")["text"]


def test_a_run_of_many_batches_is_the_stream_of_its_documents(tmp_path):
    rows = many_rows(700)
    write_rows(tmp_path / "raw" / "rows.jsonl", rows)
    run(tmp_path / "raw", tmp_path / "clean")
    output = read_output(tmp_path / "clean")
    stream = list(Cleaner().clean(rows))
    assert [row["text"] for row in output.documents] == [one.text for one in stream if one.kept]
    removed = [
        (one.id, removal.position, removal.mark) for one in stream for removal in one.removed
    ]
    assert len({mark.of for _, _, mark in removed}) > 5
    assert [
        (row["id"], row["position"], row["of"] and Place(**row["of"]), row["similarity"])
        for row in output.removed
    ] == [(name, position, mark.of, mark.similarity) for name, position, mark in removed]


@pytest.mark.parametrize("stage", [mark_boilerplate])
def test_a_paragraph_is_only_marked_until_the_last_step(stage):
    page = split_beforehand(SAMPLES, Config())[0]
    marked = stage(page, Config())
    assert [part.text for part in marked.paragraphs] == [part.text for part in page.paragraphs]
