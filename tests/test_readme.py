"""What the README shows is what happens. Its Python runs as a doctest."""

import json
import re
import subprocess
import sys

import pytest
from conftest import ROOT, cleaner, output_bytes

from cleaner import clean_text
from cleaner.rules import load_rules

README = (ROOT / "README.md").read_text("utf-8")
BEFORE = re.search(r"```text\n(.*?)```", README, re.DOTALL)[1]
AFTER, REMOVED = (
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)
)


DEFAULT_HALVES = {
    "--help",
    "--straight-quotes",
    "--keep-widths",
    "--numbers-agree",
    "--names-agree",
    "--negations-agree",
}


def test_before_and_after():
    result = clean_text(BEFORE)
    assert result.text == AFTER["text"]
    assert dict(result.metadata) == AFTER["metadata"]
    assert len(result.removed) == 7
    row = next(removal for removal in result.removed if removal.position == REMOVED["position"])
    assert (row.text, row.mark.rule) == (REMOVED["text"], REMOVED["rule"])


def test_the_program_for_datasketch_prints_what_is_said(tmp_path):
    after = README.split("<!-- program: datasketch -->")[1]
    program, printed = re.search(
        r"```python\n(.*?)```\n\nIt prints `(.*?)`", after, re.DOTALL
    ).groups()
    cleaner("run", ROOT / "raw", tmp_path / "clean", "--signatures")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == printed


def test_options_are_those_of_the_command_line():
    help_text = cleaner("run", "--help").stdout
    table = README.split("## Options")[1].split("## In a program")[0]
    for option in re.findall(r"`(--[a-z-]+)", table):
        assert option in help_text, option
    for option in re.findall(r"(--[a-z-]+)", help_text):
        assert option in README or option in DEFAULT_HALVES, option


def test_categories_and_map():
    for category in {rule.category for rule in load_rules()}:
        assert f"`{category}`" in README
    tree = README.split("## The map of the code")[1]
    for name in re.findall(r"^      ([a-z_]+(?:\.py|/))", tree, re.MULTILINE):
        assert (ROOT / "cleaner" / name).exists(), name


@pytest.mark.parametrize("name", ["README.md"])
def test_the_sample_output_folder_explains_itself(name, tmp_path):
    text = (ROOT / "clean" / name).read_text("utf-8")
    cleaner("run", ROOT / "raw", tmp_path / "clean")
    for path in output_bytes(tmp_path / "clean"):
        assert path in text
