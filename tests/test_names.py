"""Names that nobody has: near ones are told, and those of other programs left alone."""

from dataclasses import replace
from inspect import signature

import pytest
from conftest import cleaner

from cleaner import Config, UsageError, run
from cleaner.environment import others_in, read_environment

NEAR = [
    ("treshold", "perhaps threshold is meant"),
    ("memory", "perhaps memory_megabytes is meant"),
    ("disable", "perhaps disabled_rules is meant"),
    ("any_names", "perhaps names_agree=False is meant"),
    ("keep_qoutes", "perhaps straight_quotes=False is meant"),
    ("zzzz", "`cleaner config` prints all of them"),
]
OURS_MISTYPED = ["THRESHHOLD", "TRESHOLD", "WORKER", "MIN-WORDS", "PRESTE", "ANY_NUMBER", "CONFIGS"]
OTHERS = ["HOME", "API_KEY", "TOKEN", "MODE", "VERSION", "LOG_LEVEL", "DRY_RUN", "DATABASE_URL"]


@pytest.mark.parametrize(("name", "told"), NEAR)
def test_an_option_that_python_does_not_know(name, told):
    with pytest.raises(TypeError, match=f"^Config has no option {name}; {told}$"):
        Config(**{name: 1})
    with pytest.raises(TypeError, match=told):
        replace(Config(), **{name: 1})


def test_the_options_that_there_are_can_still_be_asked_for():
    assert "threshold: float = 0.8" in str(signature(Config))
    assert Config("body").text_field == "body"


@pytest.mark.parametrize("name", OURS_MISTYPED)
def test_a_variable_that_is_almost_ours_is_a_mistake(name):
    variables = {f"CLEANER_{name}": "1"}
    with pytest.raises(
        UsageError, match=rf"has CLEANER_{name}, .*; perhaps CLEANER_\w+(=false)? is"
    ):
        read_environment(variables)
    assert list(others_in(variables)) == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_variable_of_another_program_stops_nothing(name):
    variables = {f"CLEANER_{name}": "1"}
    assert read_environment(variables) == {}
    assert [told.split(",")[0] for told in others_in(variables)] == [
        f"the environment has CLEANER_{name}"
    ]


def test_nothing_is_said_of_variables_of_ours_or_of_nobody():
    assert list(others_in({"CLEANER_THRESHOLD": "1", "CLEANER_CONFIG": "a", "HOME": "b"})) == []


def test_what_is_left_alone_is_told_unless_asked_not_to(tmp_path):
    environment = {"CLEANER_API_KEY": "secret"}
    told = (
        "cleaner: the environment has CLEANER_API_KEY, which is no variable of this program and "
        "changes nothing; `cleaner config` prints all options\n"
    )
    done = cleaner("config", cwd=tmp_path, environment=environment)
    assert (done.returncode, done.stderr) == (0, told)
    quiet = cleaner("config", "--quiet", cwd=tmp_path, environment=environment)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, done.stdout, "")


@pytest.mark.parametrize(("raw", "clean", "what"), [("", "clean", "RAW"), ("raw", "", "CLEAN")])
def test_a_path_must_have_a_name(raw, clean, what):
    with pytest.raises(UsageError, match=f"^{what} is empty; name a file or folder"):
        run(raw, clean)
