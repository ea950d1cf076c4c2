"""Whatever is mistyped, one line says what it was, where it stands, and what would be right."""

import tomllib

import pytest
from conftest import ROOT, cleaner, read_output, write_rows

CASES = tomllib.loads((ROOT / "tests" / "mistakes.toml").read_text("utf-8"))["mistake"]
ABOUT = [case["about"] for case in CASES]


@pytest.fixture
def folder(tmp_path):
    write_rows(tmp_path / "raw" / "rows.jsonl", [{"body": "A row."}])
    return tmp_path


def asked(folder, case, prefix=""):
    """The real command line on the case, or with `right_` on what would have been right."""

    def part(name):
        return case.get(prefix + name, case.get(name))

    if part("file") is not None:
        (folder / "cleaner.toml").write_text(part("file"), encoding="utf-8")
    arguments = case.get("right", case["arguments"]) if prefix else case["arguments"]
    return cleaner(*arguments, cwd=folder, environment=part("environment"))


@pytest.mark.parametrize("case", CASES, ids=ABOUT)
def test_a_mistake_is_told_in_one_line(folder, case):
    done = asked(folder, case)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cleaner: ")
    assert done.stderr.count("\n") == 1
    for words in case["says"]:
        assert words in done.stderr


@pytest.mark.parametrize("case", CASES, ids=ABOUT)
def test_what_is_right_is_no_mistake(folder, case):
    done = asked(folder, case, "right_")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--text-field", "bodyy"], "(its fields: 'body'; perhaps body is meant)"),
        (["--html-field", "Body"], "(its fields: 'body'; perhaps body is meant)"),
        (["--text-field", "content"], "(its fields: 'body');"),
    ],
)
def test_a_field_that_no_row_has(folder, flags, told):
    done = cleaner("run", folder / "raw", folder / "clean", *flags)
    assert told in read_output(folder / "clean").rejected[0]["error"]
    assert told in done.stdout


def test_a_command_that_is_given_nothing_shows_its_help():
    for arguments in ([], ["run"], ["rules"]):
        done = cleaner(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Usage: cleaner")
