"""What the README shows is what happens. Its Python runs as a doctest."""

import json
import re
import shlex
import subprocess
import sys

import pytest
from conftest import ROOT, cleaner, output_bytes

from cleaner import Config, clean_text, read_rules
from cleaner.config_file import preset_names
from cleaner.mending.steps import STEPS
from cleaner.rules import load_rules
from cleaner.rules.tables import KEYS

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
    "--no-signatures",
    "--metadata-as-object",
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


def test_the_rule_file_is_right_and_changes_what_is_said(tmp_path):
    chapter = README.split("## Your own rules")[1].split("\n## ")[0]
    (tmp_path / "mine.toml").write_text(re.search(r"```toml\n(.*?)```", chapter, re.DOTALL)[1])
    tested, tried = re.findall(r"\.venv/bin/cleaner (rules .*)\n((?:[^`\n]+\n)+)", chapter)
    for command, printed in (tested, tried):
        assert cleaner(*shlex.split(command), cwd=tmp_path).stdout == printed
    own = read_rules(tmp_path / "mine.toml")
    prose = "The harbour of Port Alder opened to ships again on Monday morning, after nine days."
    text = f"Penned by Mira Okafor\n\n{prose}\n\nFrom the pages of Seafront, our weekend magazine"
    assert clean_text(text, Config(own_rules=own)).text == prose
    for key in KEYS:
        assert f"`{key}`" in chapter


def test_options_are_those_of_the_command_line():
    help_text = cleaner("run", "--help").stdout
    table = README.split("## Options")[1].split("## Your own rules")[0]
    for option in re.findall(r"`(--[a-z-]+)", table):
        assert option in help_text, option
    for option in re.findall(r"(--[a-z-]+)", help_text):
        assert option in README or option in DEFAULT_HALVES, option


def test_the_configuration_file_is_right(tmp_path):
    chapter = README.split("## Configuration")[1].split("\n## ")[0]
    text = re.search(r"```toml\n(.*?)```", chapter, re.DOTALL)[1]
    (tmp_path / "ours.toml").write_text("")
    (tmp_path / "cleaner.toml").write_text(text)
    assert Config.from_file(tmp_path / "cleaner.toml") == Config(
        threshold=0.9,
        names_agree=False,
        disabled_rules=("byline", "promo"),
        risky_rules="never",
        within_documents="mark",
        across_documents="mark",
        template_documents=10,
        template_share=0.8,
        warn_rule_share=0.01,
    )
    (tmp_path / "cleaner.toml").write_text("\n\ntreshold = 0.9")
    told = re.search(r"```text\n(.*?)```", chapter, re.DOTALL)[1]
    assert cleaner("config", cwd=tmp_path).stderr == told
    for name in preset_names():
        assert f"`{name}` (" in chapter


def test_the_repair_does_what_is_said():
    chapter = README.split("## What is repaired")[1].split("\n## ")[0]
    shown = re.findall(
        r"^\$ printf '(.*)\\n' \| \.venv/bin/cleaner (.*)\n((?:[^`].*\n)+)", chapter, re.MULTILINE
    )
    assert len(shown) == 2
    for text, command, printed in shown:
        assert cleaner(*shlex.split(command), input=f"{text}\n").stdout == printed
    for step in STEPS:
        assert f"`{step}`" in chapter


def test_the_commands_that_show_an_output_do(tmp_path):
    chapter = README.split("### To look at it")[1].split("\n###")[0]
    commands = re.findall(r"^\.venv/bin/cleaner (.*)$", chapter, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["report", "explain", "compare"]
    for name, options in {"clean": (), "clean-stricter": ("--threshold", "0.9")}.items():
        cleaner("run", ROOT / "raw", tmp_path / name, *options)
    for command in commands:
        done = cleaner(*shlex.split(command), cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


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
