"""The recipes: their pages run as all pages do; here is what is true of some of them."""

import configparser
import importlib.util
import json
import re
import shlex

import pytest
from conftest import ROOT, cleaner
from markdown_blocks import blocks_of

RECIPES = ROOT / "docs" / "recipes"
SERVICE = {block.title: block.text for block in blocks_of(RECIPES / "service.md")}


@pytest.fixture
def generate():
    """The script that makes the page of the notebook."""
    spec = importlib.util.spec_from_file_location("generate", RECIPES / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_notebook_prints_what_it_shows(generate):
    text = generate.NOTEBOOK.read_text("utf-8")
    notebook = json.loads(text)
    generate.run_cells(notebook)
    assert generate.written(notebook) == text


def test_the_page_of_the_notebook_is_up_to_date(generate):
    notebook = json.loads(generate.NOTEBOOK.read_text("utf-8"))
    assert generate.page_of(notebook) == generate.PAGE.read_text("utf-8")


def test_the_notebook_is_one_by_its_format(generate):
    notebook = json.loads(generate.NOTEBOOK.read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        is_code = cell["cell_type"] == "code"
        of_code = {"execution_count", "outputs"} if is_code else set()
        assert cell.keys() == {"cell_type", "id", "metadata", "source"} | of_code


def test_every_recipe_is_listed():
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (RECIPES / "index.md").read_text("utf-8"))
    assert sorted([*listed, "index.md"]) == sorted(path.name for path in RECIPES.glob("*.md"))


def unit(name):
    """A unit of systemd, which is no more than an INI file here."""
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str
    parsed.read_string(SERVICE[name])
    return parsed


def test_the_units_and_the_crontab_give_the_command_that_the_page_runs():
    started = shlex.split(unit("cleaner.service")["Service"]["ExecStart"])
    by_cron = shlex.split(SERVICE["crontab"].partition("nice ")[2])
    assert started[0].endswith("/.venv/bin/cleaner")
    assert started[1:] == by_cron[1:]
    page = (RECIPES / "service.md").read_text("utf-8")
    shown = re.search(r"^\$ cleaner (run raw/ .*)$", page, re.MULTILINE)
    assert shlex.split(shown[1]) == started[1:]


def test_what_the_service_does_not_try_again_is_what_the_page_says():
    codes = unit("cleaner.service")["Service"]["RestartPreventExitStatus"].split()
    page = (RECIPES / "service.md").read_text("utf-8")
    table = dict(re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE))
    assert table.keys() == set(re.findall(r"\b(\d+) ", exit_codes_of_the_help()))
    again = {code for code, what in table.items() if "same command again" in what}
    assert again | set(codes) | {"0"} == table.keys()
    assert not again & set(codes)


def exit_codes_of_the_help():
    return re.search(r"Exit codes: (.*?)\.", cleaner("run", "--help").stdout, re.DOTALL)[1]


def test_a_page_that_needs_a_library_says_how_to_install_it():
    needed = {
        path.name: name
        for path in RECIPES.glob("*.md")
        for name in re.findall(r"<!-- needs: (\S+) -->", path.read_text("utf-8"))
    }
    assert {"duckdb.md", "datasets.md", "datatrove.md"} <= needed.keys()
    for page, name in needed.items():
        assert f"`pip install {name}`" in (RECIPES / page).read_text("utf-8"), page
