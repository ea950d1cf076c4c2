"""The README and the pages of `docs/` leave nothing out, and name nothing that is not there."""

import re
import sys

import pytest
from conftest import ROOT, cleaner, output_bytes
from markdown_blocks import pages

import cleaner as package
from cleaner.config_file import preset_names
from cleaner.losses.warning import LossWarning
from cleaner.mending.steps import ELSEWHERE, STEPS
from cleaner.rules import load_rules, ruleset_for
from cleaner.rules.tables import KEYS
from cleaner.schema import OPTIONS, flag_of

sys.path.insert(0, str(ROOT / "docs"))
import generate  # a script beside the pages that it makes

MISTYPED = {"--treshold"}
"""Shown for what is said of it."""
OF_SPARK = {"--archives", "--driver-memory", "--executor-memory", "--executor-cores", "--conf"}
"""Of `spark-submit`."""


def page(name):
    return (ROOT / "docs" / name).read_text("utf-8")


@pytest.mark.parametrize("name", generate.PAGES)
def test_generated_pages_are_up_to_date(name):
    assert page(name) == generate.PAGES[name](), "run python docs/generate.py"


def test_options_are_those_of_the_command_line():
    help_text = cleaner("run", "--help").stdout
    known = set(re.findall(r"(--[a-z-]+)", help_text))
    assert known - set(re.findall(r"(--[a-z-]+)", page("options.md"))) <= {"--help"}
    table = (ROOT / "README.md").read_text("utf-8").split("## The options most used")[1]
    for option in re.findall(r"`(--[a-z-]+)", table.split("\n## ")[0]):
        assert option in known, option


def test_options_on_any_page_are_options_of_some_command():
    known = set(re.findall(r"(--[a-z-]+)", page("options.md"))) | {"--help", "--install-completion"}
    for path in pages():
        text = re.sub(r"\bbenchmarks/[^`\n]*", "", path.read_text("utf-8"))
        for option in re.findall(r"(?<![\w-])(--[a-z][a-z-]*[a-z])", text):
            others = OF_SPARK if path.name == "spark.md" else MISTYPED
            assert option in known | others, f"{path.name}: {option}"


def test_every_option_gives_its_reason():
    for name in OPTIONS:
        assert generate.REASONS.get(name), flag_of(name)


def test_categories_have_a_row_with_a_line_that_a_rule_takes():
    shipped = {rule.category for rule in load_rules()}
    rows = re.findall(r"^\| `(\w+)` \| .* \| `(.*)` \|$", page("removed.md"), re.MULTILINE)
    assert {category for category, _ in rows} == shipped
    ruleset = ruleset_for(())
    for category, line in rows:
        caught = {rule.category for rule in load_rules() if line in rule.catches}
        assert category in caught | {rule.category for rule in ruleset.taking(line)}, line


def test_keys_of_rules_are_told():
    for key in KEYS:
        assert f"`{key}`" in page("own-rules.md")


def test_steps_of_the_repair_are_told():
    for step in STEPS:
        assert f"`{step}`" in page("repair.md")
    for told in ELSEWHERE.values():
        for option in re.findall(r"--[a-z-]+", told):
            assert option in page("repair.md")


def test_presets_are_told():
    named = re.findall(
        r"^\| `(\w+)` \|",
        page("configuration.md").split("## Presets")[1].split("\n## ")[0],
        re.MULTILINE,
    )
    assert sorted(named) == sorted(preset_names())


def test_what_a_warning_holds_is_told():
    for name in LossWarning.__dataclass_fields__:
        assert f"`{name}`" in page("trouble.md")


def test_public_names_are_told():
    for name in package.__all__:
        assert re.search(rf"\b{name}\b", page("python.md")), name


def test_tests_that_promises_name_are_there():
    row = r"`(tests/\w+\.py)`(?:: ((?:`test_\w+`(?:, )?)+))?"
    named = re.findall(row, page("promises.md"))
    assert len(named) > 10
    for path, tests in named:
        source = (ROOT / path).read_text("utf-8")
        for test in re.findall(r"`(\w+)`", tests):
            assert f"def {test}(" in source, f"{path}: {test}"
    assert set(re.findall(r"`(test_\w+)`", page("promises.md"))) == {
        test for _, tests in named for test in re.findall(r"`(\w+)`", tests)
    }


def test_the_map_names_what_is_there():
    for name in re.findall(r"^      ([a-z_]+(?:\.py|/))", page("code.md"), re.MULTILINE):
        assert (ROOT / "cleaner" / name).exists(), name


def test_every_page_has_its_place_in_the_site():
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8").split("\nnav:\n")[1]
    for path in pages():
        if path.name != "README.md":
            name = path.relative_to(ROOT / "docs").as_posix()
            assert re.search(rf"[:-] {re.escape(name)}$", navigation, re.MULTILINE), name


def test_the_sample_output_folder_explains_itself(tmp_path):
    text = (ROOT / "clean" / "README.md").read_text("utf-8")
    cleaner("run", ROOT / "raw", tmp_path / "clean")
    for path in output_bytes(tmp_path / "clean"):
        assert path in text
