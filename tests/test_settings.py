"""Options by file, environment, flag and preset: each sets the same, and the later wins."""

import tomllib
from dataclasses import fields, replace
from typing import Literal, get_args, get_origin

import pytest
from conftest import ROOT, cleaner, read_output, write_rows
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Config, UsageError, read_rules
from cleaner.config_cli import config_lines
from cleaner.config_file import preset_names, read_config_file
from cleaner.environment import read_environment
from cleaner.mending.steps import STEPS
from cleaner.option_values import NAMES
from cleaner.options import settings_of
from cleaner.rule import OwnRules
from cleaner.schema import OPTIONS
from cleaner.settings import KEYS, KINDS, Given, settle

MINE = ROOT / "tests" / "mine.toml"
NAME_OF = {name: key for key, name in KEYS.items()}


def values(name):
    """Any value that an option may have, as a file gives it."""
    kind = KINDS[name]
    if kind is bool:
        return st.booleans()
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if kind is OwnRules:
        return st.sampled_from([[], [str(MINE)]])
    if kind == NAMES:
        return st.lists(st.sampled_from(STEPS), max_size=3)
    if kind in (int, float):
        least, most = OPTIONS[name].between
        return st.integers(least, most) if kind is int else st.floats(least, most)
    return st.text(st.characters(categories=("L", "P")), min_size=1, max_size=9)


def as_text(value):
    if isinstance(value, list):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def wanted(name, value):
    return Config(**{name: read_rules(*value) if name == "own_rules" else value})


def as_toml(name, value):
    """The line of the file, as the command that prints files has it."""
    lines = config_lines(settle({name: Given(value, "here", "it")}))
    return next(line for line in lines if line.startswith(f"{NAME_OF[name]} = "))


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A folder without a cleaner.toml, and an environment without variables of ours."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", OPTIONS)
@given(data=st.data())
def test_file_environment_and_flag_set_the_same(tmp_path_factory, name, data):
    value = data.draw(values(name))
    config = wanted(name, value)
    file = tmp_path_factory.mktemp("file") / "cleaner.toml"
    file.write_text(as_toml(name, value), encoding="utf-8")
    assert Config.from_file(file) == config
    variable = f"CLEANER_{NAME_OF[name].upper()}"
    assert settle(read_environment({variable: as_text(value)})).config == config
    by_flag = value if isinstance(value, bool | list) else str(value)
    file.write_text("", encoding="utf-8")
    assert settings_of({"workers": "1", name: by_flag}, config=file).config == config


def test_every_option_has_one_key_and_one_variable():
    assert sorted(KEYS.values()) == sorted(field.name for field in fields(Config))
    assert KEYS["memory"] == "memory_megabytes"
    assert KEYS["disable"] == "disabled_rules"


def config_of(folder, *arguments, **variables):
    """What `cleaner config` prints, read as TOML."""
    done = cleaner("config", *arguments, cwd=folder, environment=variables)
    assert (done.returncode, done.stderr) == (0, "")
    return tomllib.loads(done.stdout), done.stdout


def test_later_places_win(nowhere):
    layers = [
        (["--preset", "conservative"], {}, 0.95, "preset conservative"),
        (["--preset", "conservative"], {"file": 0.9}, 0.9, "cleaner.toml:2"),
        ([], {"CLEANER_THRESHOLD": "0.7"}, 0.7, "CLEANER_THRESHOLD"),
        (["--threshold", "0.6"], {"CLEANER_THRESHOLD": "0.7"}, 0.6, "--threshold"),
    ]
    assert config_of(nowhere)[0]["threshold"] == Config().threshold
    for flags, variables, value, origin in layers:
        if variables.pop("file", None):
            (nowhere / "cleaner.toml").write_text("# mine\nthreshold = 0.9\n")
        table, printed = config_of(nowhere, *flags, **variables)
        assert table["threshold"] == value
        assert f"threshold = {value}  # {origin}\n" in printed


def test_a_preset_is_chosen_by_flag_then_environment_then_file(nowhere):
    (nowhere / "cleaner.toml").write_text('preset = "web"')
    assert config_of(nowhere)[0]["template_share"] == 0.5
    assert config_of(nowhere, CLEANER_PRESET="conservative")[0]["template_share"] == 0.8
    table, _ = config_of(nowhere, "--preset", "news", CLEANER_PRESET="conservative")
    assert (table["template_share"], table["risky_rules"]) == (0.3, "always")


def test_the_file_is_the_one_that_is_named(nowhere):
    (nowhere / "cleaner.toml").write_text("min_words = 4")
    (nowhere / "other.toml").write_text("min_words = 5")
    (nowhere / "third.toml").write_text("min_words = 6")
    assert config_of(nowhere)[0]["min_words"] == 4
    assert config_of(nowhere, CLEANER_CONFIG="other.toml")[0]["min_words"] == 5
    table, _ = config_of(nowhere, "--config", "third.toml", CLEANER_CONFIG="other.toml")
    assert table["min_words"] == 6


def test_what_is_printed_is_a_configuration_file_that_gives_the_same(nowhere):
    (nowhere / "mine.toml").write_bytes(MINE.read_bytes())
    name = 'a "\\ \x7fé'
    flags = ["--preset", "web", "--rules", "mine.toml", "--text-field", name, "--any-names"]
    table, printed = config_of(nowhere, *flags)
    elsewhere = nowhere / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "cleaner.toml").write_text(printed, encoding="utf-8")
    assert config_of(elsewhere)[0] == table
    config = Config.from_file(elsewhere / "cleaner.toml")
    assert config.own_rules == read_rules(MINE)
    assert (config.text_field, config.names_agree) == (name, False)


def test_rule_files_are_relative_to_the_folder_of_the_file(nowhere):
    (nowhere / "inner").mkdir()
    (nowhere / "inner" / "mine.toml").write_bytes(MINE.read_bytes())
    (nowhere / "inner" / "cleaner.toml").write_text('rules = ["mine.toml"]')
    assert Config.from_file(nowhere / "inner" / "cleaner.toml").own_rules == read_rules(MINE)


def test_a_flag_takes_back_what_a_file_says(nowhere):
    (nowhere / "cleaner.toml").write_text("signatures = true\ndisable = ['byline']")
    table, _ = config_of(nowhere, "--no-signatures", "--disable", "")
    assert (table["signatures"], table["disable"]) == (False, [])


def test_a_run_obeys_the_file_and_the_environment(nowhere):
    write_rows(nowhere / "raw" / "rows.jsonl", [{"body": "A row."}])
    (nowhere / "cleaner.toml").write_text('text_field = "body"')
    done = cleaner("run", "raw", "clean", cwd=nowhere, environment={"CLEANER_MIN_WORDS": "3"})
    assert done.returncode == 0
    output = read_output(nowhere / "clean")
    assert [row["text"] for row in output.documents] == ["A row."]
    expected = replace(Config(), text_field="body", min_words=3).output_options()
    assert output.summary["configuration"] == expected


def test_the_repair_of_files_obeys_the_file_too(nowhere):
    (nowhere / "cleaner.toml").write_text("straight_quotes = false")
    assert cleaner("fix", cwd=nowhere, input="“a”\n").stdout == "“a”\n"
    assert cleaner("fix", "--straight-quotes", cwd=nowhere, input="“a”\n").stdout == '"a"\n'


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_changes_what_it_names_and_says_why(name):
    text = (ROOT / "cleaner" / "presets" / f"{name}.toml").read_text("utf-8")
    table = tomllib.loads(text)
    assert table
    for key, value in table.items():
        assert value != getattr(Config(), KEYS[key])
    for block in text.split("\n\n"):
        assert block.startswith("#")


def test_presets_are_named_by_help():
    *others, last = preset_names()
    text = " ".join(cleaner("run", "--help").stdout.split())
    assert f"[{', '.join(others)} or {last}]" in text


def test_an_error_in_a_file_is_one_of_usage(nowhere):
    (nowhere / "cleaner.toml").write_text("min_words = 0")
    with pytest.raises(UsageError, match=r"cleaner\.toml:1: min_words is 0; it must be a whole"):
        Config.from_file(nowhere / "cleaner.toml")
    assert read_config_file(nowhere / "cleaner.toml")["min_words"].value == 0
