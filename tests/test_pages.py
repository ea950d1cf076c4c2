"""What the README and the pages of `docs/` show is what happens: every block of every page runs."""

import re
from collections import Counter

import pytest
from conftest import ROOT
from markdown_blocks import (
    CI,
    NOT_RUN,
    Block,
    blocks_of,
    broken_links,
    name_of,
    needs_readers,
    pages,
    prose_of,
)
from page_runner import PageRunner, check_toml

PAGES = pytest.mark.parametrize("page", pages(), ids=name_of)
RUN_PAGES = pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=name_of(page), marks=[pytest.mark.readers] * needs_readers(page))
        for page in pages()
    ],
)
BLOCKS = [block for page in pages() for block in blocks_of(page)]
MAY_STAY_UNRUN = {
    "docs/code.md": 1,
    "docs/index.md": 1,
    "docs/python.md": 1,
    "docs/recipes/web-archives.md": 1,
    "docs/spark.md": 3,
}
"""How many blocks of a page cannot run. Each says why."""


@RUN_PAGES
def test_every_block_does_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = PageRunner(tmp_path)
    for block in blocks_of(page):
        runner.perform(block)


@PAGES
def test_every_fence_is_a_block(page):
    fences = re.findall(r"^\s*(?:```|~~~)", page.read_text("utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(blocks_of(page))


@PAGES
def test_links_lead_somewhere(page):
    assert not list(broken_links(page))


@PAGES
def test_files_that_are_named_are_there(page):
    named = re.findall(
        r"`((?:cleaner|tests|benchmarks|docs|\.ci)/[\w./-]+)`", page.read_text("utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_what_does_not_run_says_why():
    unrun = [block for block in BLOCKS if block.is_run_elsewhere]
    reasons = [block.marker.removeprefix(NOT_RUN) for block in unrun if CI not in block.marker]
    assert all(len(reason.split()) > 3 for reason in reasons)
    assert Counter(block.page for block in unrun if CI not in block.marker) == MAY_STAY_UNRUN


def test_commands_of_the_readme_are_run_in_a_fresh_copy():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    names = [block.marker.removeprefix(CI) for block in BLOCKS if block.marker.startswith(CI)]
    assert names == ["run", "test"]
    for name in names:
        assert f"$(command_of {name})" in script


def test_programs_in_files_are_run():
    for number, block in enumerate(BLOCKS):
        if block.language == "python" and block.title not in ("", "output"):
            later = BLOCKS[number + 1 :]
            uses = f"python {block.title}", f"from {block.title.removesuffix('.py')} import"
            assert any(
                one.page == block.page and use in one.text for one in later for use in uses
            ), str(block)


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("python", "", "print(harbour)\n"),
        ("python", "", ">>> 1 + 1\n3\n"),
        ("console", "", "$ echo quay\nharbour\n"),
        ("console", "", "$ false\n"),
        ("console", "", "$ false\n$ echo quay\n"),
        ("console", "", "$ false\n$ echo $?\n0\n"),
        ("console", "", "quay\n"),
        ("bash", "", "false\ntrue\n"),
        ("toml", "", "treshold = 0.9\n"),
        ("toml", "", "[[rule]]\nname = 'x'\n"),
        ("text", "", "quay\n"),
        ("", "", "quay\n"),
        ("text", "output", "quay\n"),
        ("json", "a row of raw/wire/stories.jsonl", '{"id": "wire-001"}\n'),
    ],
)
def test_a_block_that_is_wrong_is_found(tmp_path, language, title, text):
    with pytest.raises(Exception):  # noqa: B017, PT011 - a page fails by any
        PageRunner(tmp_path).perform(Block("page", 1, language, title, text, ""))


def test_a_block_that_is_right_is_not(tmp_path):
    runner = PageRunner(tmp_path)
    for language, title, text in (
        ("python", "", "quay = 'north'\nprint(quay)\n"),
        ("text", "output", "north\n"),
        ("python", "", ">>> quay\n'north'\n"),
        ("console", "", "$ false\n$ echo $?\n1\n$ ls /\n...\ntmp\n...\n"),
        ("toml", "cleaner.toml", "threshold = 0.9\n"),
        ("console", "", "$ cleaner config\n...threshold = 0.9...\n"),
    ):
        runner.perform(Block("page", 1, language, title, text, ""))


@pytest.mark.parametrize("text", ["threshold = 2.0", "[terms]\na = 1"])
def test_toml_is_read_by_the_program(tmp_path, text):
    with pytest.raises(Exception, match="must be"):
        check_toml(tmp_path / "a.toml", Block("page", 1, "toml", "", text, ""))


def test_prose_has_no_blocks():
    assert "```" not in "".join(map(prose_of, pages()))
