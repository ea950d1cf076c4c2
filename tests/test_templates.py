"""Templates, and copies that are marked and not dropped, through the whole run."""

import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from conftest import output_bytes, read_output, write_rows
from hypothesis import given
from hypothesis import strategies as st
from strategies import a_run_each

from cleaner import Cleaner, Config, removals, run
from cleaner.duplicates import groups

BOX = "Read this and much more in our app"
PROSE = "The harbour of Port Alder opened to ships again on Monday, nine days after the storm."


def own_text(name):
    return f"The boat called {name} came into the harbour with a torn sail and a tired crew."


def row(name, *lines, site="alder"):
    text = "\n\n".join([own_text(name), *lines])
    return {"id": name, "url": f"https://{site}.example/{name}", "text": text}


def run_rows(folder, rows, config=None):
    write_rows(folder / "raw" / "rows.jsonl", rows)
    run(folder / "raw", folder / "clean", config or Config(), overwrite=True)
    return read_output(folder / "clean")


def removed_as(output, reason):
    return [one for one in output.removed if one["reason"] == reason]


NAMES = [f"{first}{second}" for first in "klmnp" for second in "aeiou"]


def test_a_short_line_of_many_documents_goes_from_all_of_them(tmp_path):
    rows = [row(name, *([BOX] if at < 6 else [])) for at, name in enumerate(NAMES[:10])]
    output = run_rows(tmp_path, rows)
    removed = removed_as(output, "template")
    assert [(one["id"], one["position"], one["text"]) for one in removed] == [
        (name, 1, BOX) for name in NAMES[:6]
    ]
    assert {one["count"] for one in removed} == {6}
    assert output.summary["counts"]["paragraphs"]["removed_by_reason"] == {"template": 6}


def test_case_and_punctuation_do_not_hide_a_template(tmp_path):
    rows = [row(name, BOX.upper() + "!" if at % 2 else BOX) for at, name in enumerate(NAMES[:6])]
    assert len(removed_as(run_rows(tmp_path, rows), "template")) == 6


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row(name, PROSE) for name in NAMES[:9]], "prose is a copy to keep once"),
        ([row(name, "Ingredients") for name in NAMES[:9]], "a word may be a heading"),
        ([row(name, BOX) for name in NAMES[:4]], "too few documents"),
        ([row(name, *([BOX] if at < 6 else [])) for at, name in enumerate(NAMES)], "a small share"),
        ([row(name, BOX, site=name) for name in NAMES[:9]], "every site has it once"),
        ([row("ka", *[BOX] * 9), *(row(name) for name in NAMES[1:5])], "in one document only"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_template(tmp_path, rows, why):
    output = run_rows(tmp_path, rows, Config(min_words=12))
    assert removed_as(output, "template") == [], why


def test_prose_that_repeats_is_kept_once(tmp_path):
    output = run_rows(tmp_path, [row(name, PROSE) for name in NAMES[:9]])
    assert len(removed_as(output, "duplicate")) == 8
    assert PROSE in output.documents[0]["text"]


def test_templates_that_are_all_there_is(tmp_path):
    output = run_rows(tmp_path, [{"id": name, "text": BOX} for name in NAMES[:6]])
    assert output.documents == []
    assert len(removed_as(output, "template")) == len(output.dropped) == 6


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("From the right", False),
        ("Why there is debate", False),
        ("Kim Abel, Port Post", False),
        ("Deals at 7", True),
        ("Share this: Pocket", True),
        ("Why there is still debate", True),
    ],
)
def test_a_line_of_few_words_may_be_a_heading(tmp_path, line, goes):
    output = run_rows(tmp_path, [row(name, line, PROSE) for name in NAMES[:6]])
    assert len(removed_as(output, "template")) == 6 * goes


def test_each_new_template_does_not_cost_another_search(tmp_path):
    """Half of the documents go with their line, so that half of the rest hold the next one."""
    rows = [
        {"id": f"d{holders}x{at}", "text": f"Line {holders} of all the boxes"}
        for holders in (32, 16, 8, 8)
        for at in range(holders)
    ]
    with patch.object(removals, "find_copies", wraps=removals.find_copies) as searches:
        output = run_rows(tmp_path, rows, Config(template_share=0.5))
    assert len(removed_as(output, "template")) == 64
    assert searches.call_count == 1


def test_sites_are_told_apart_by_folder_where_there_is_no_address(tmp_path):
    for folder, count in (("one", 6), ("two", 3)):
        (tmp_path / "raw" / folder).mkdir(parents=True)
        for name in NAMES[:count]:
            text = f"{own_text(folder + name)}\n\n{BOX}"
            (tmp_path / "raw" / folder / f"{name}.txt").write_text(text, encoding="utf-8")
    run(tmp_path / "raw", tmp_path / "clean")
    removed = removed_as(read_output(tmp_path / "clean"), "template")
    assert {one["id"].split("/")[0] for one in removed} == {"one"}
    assert len(removed) == 6


def test_documents_that_go_as_copies_do_not_make_others_templates_later(tmp_path):
    # Twenty documents, twelve of them copies of one: of the eight that stay, five hold the line.
    copies = [{**row("ka"), "id": f"copy{number}"} for number in range(12)]
    rows = [row(name, *([BOX] if at < 5 else [])) for at, name in enumerate(NAMES[:8])]
    once = run_rows(tmp_path / "one", [*rows, *copies])
    assert len(removed_as(once, "template")) == 5
    run(tmp_path / "one" / "clean" / "documents", tmp_path / "twice")
    assert read_output(tmp_path / "twice").removed == []


lines = st.lists(st.sampled_from([BOX, "Another line of a box", PROSE, "Yes."]), max_size=3)
sites = st.lists(st.tuples(st.sampled_from(["x", "y"]), lines), max_size=12)


@a_run_each
@given(sites, st.sampled_from([0.0, 0.3, 0.6]), st.booleans())
def test_templates_are_stable_and_told_apart_by_counting(made, share, little_memory):
    config = Config(template_documents=2, template_share=share, min_words=4)
    rows = [row(f"d{at}", *some, site=name) for at, (name, some) in enumerate(made)]
    with (
        tempfile.TemporaryDirectory() as name,
        patch.object(groups, "BYTES_PER_ROW", 1 << 40 if little_memory else groups.BYTES_PER_ROW),
    ):
        folder = Path(name)
        once = run_rows(folder, rows, config)
        run(folder / "clean" / "documents", folder / "twice", config)
        assert read_output(folder / "twice").removed == []
        for removal in removed_as(once, "template"):
            site = made[int(removal["id"][1:])][0]
            theirs = [some for other, some in made if other == site]
            assert removal["count"] == sum(removal["text"] in some for some in theirs) >= 2
        for document in once.documents:
            site = made[int(document["id"][1:])][0]
            theirs = [some for other, some in made if other == site]
            for line in (BOX, "Another line of a box"):
                if line in document["text"]:
                    holders = sum(line in some for some in theirs)
                    assert holders < 2 or holders < share * len(theirs)


STORY = "Nobody on board was hurt when the ferry turned back in the storm on Sunday night."
NEAR = STORY.replace("Nobody", "Luckily nobody")


@pytest.mark.parametrize(
    ("within", "across", "kept", "told"),
    [
        ("drop", "drop", ["s", ""], [None, None]),
        ("mark", "mark", ["ss", "s"], [[1], [0]]),
        ("keep", "keep", ["ss", "s"], [None, None]),
        ("drop", "keep", ["s", "s"], [None, None]),
        ("keep", "drop", ["ss", ""], [None, None]),
        ("drop", "mark", ["s", "s"], [None, [0]]),
        ("mark", "drop", ["ss", ""], [[1], None]),
        ("keep", "mark", ["ss", "s"], [None, [0]]),
        ("mark", "keep", ["ss", "s"], [[1], None]),
    ],
)
def test_actions_within_and_across_documents(tmp_path, within, across, kept, told):
    rows = [
        {"id": "a", "text": f"{STORY}\n\n{STORY}"},
        {"id": "b", "text": f"{STORY}\n\n{own_text('ka')}"},
    ]
    config = Config(within_documents=within, across_documents=across)
    output = run_rows(tmp_path, rows, config)
    texts = [document["text"] for document in output.documents]
    assert [text.count(STORY) * "s" for text in texts] == kept
    copies = [document["metadata"].get("near_copies") for document in output.documents]
    assert [one and [copy["paragraph"] for copy in one] for one in copies] == told
    for one in copies:
        for copy in one or ():
            assert (copy["of"], copy["similarity"]) == ({"id": "a", "position": 0}, 1.0)
    stream = list(Cleaner(config).clean(rows))
    assert [document.text for document in stream] == texts
    assert [document.metadata.get("near_copies") for document in stream] == copies
    before = output_bytes(tmp_path / "clean")["documents/part-00000.jsonl"]
    run(tmp_path / "clean" / "documents", tmp_path / "twice", config)
    assert output_bytes(tmp_path / "twice")["documents/part-00000.jsonl"] == before


def test_marks_are_counted_and_those_of_an_earlier_run_go(tmp_path):
    rows = [{"id": name, "text": STORY, "near_copies": 3} for name in "ab"]
    config = Config(across_documents="mark")
    output = run_rows(tmp_path, rows, config)
    assert output.summary["counts"]["paragraphs"]["marked_as_copies"] == 1
    run(tmp_path / "clean" / "documents", tmp_path / "again")
    again = read_output(tmp_path / "again")
    assert [(one["id"], one["metadata"]) for one in again.documents] == [("a", {})]


def test_a_headline_is_told_where_its_text_goes_as_a_copy():
    documents = [f"The ferry in the storm\n\n{STORY}", f"Storm and ferry\n\n{STORY}"]
    titles = [one.metadata["title"] for one in Cleaner().clean(documents)]
    assert titles == ["The ferry in the storm", "Storm and ferry"]


def test_a_headline_below_a_copy_is_told_at_once(tmp_path):
    rows = [{"id": "a", "text": STORY}, {"id": "b", "text": f"{STORY}\n\nStorm\n\n{PROSE}"}]
    output = run_rows(tmp_path, [*rows, {"id": "c", "text": f"***\n\n{own_text('ka')}"}])
    assert [one["metadata"].get("title") for one in output.documents] == [None, "Storm", None]


def test_a_dropped_copy_is_not_what_a_marked_one_names(tmp_path):
    # b's two copies: one of the other document goes, so that nothing is left to be marked.
    rows = [
        {"id": "a", "text": STORY},
        {"id": "b", "text": f"{own_text('ka')}\n\n{NEAR}\n\n{NEAR}"},
    ]
    config = Config(within_documents="mark", across_documents="drop", threshold=0.8)
    output = run_rows(tmp_path, rows, config)
    assert [one["of"] for one in output.removed] == [{"id": "a", "position": 0}] * 2
    assert "near_copies" not in output.document("b")["metadata"]
