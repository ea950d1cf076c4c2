"""A reader that leaves early, as `head` does, is no error of any command, nor alters a verdict."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT, write_rows

from cleaner import run

MINE = ROOT / "tests" / "mine.toml"
ROWS = [{"id": f"{at}", "text": f"Boat {at} came in.\n\nAdvertisement"} for at in range(300)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("early")
    write_rows(tmp_path / "rows.jsonl", ROWS)
    run(tmp_path / "rows.jsonl", tmp_path / "clean")
    text = "".join(f"It rained in the cafÃ© {at}.\n" for at in range(2_000))
    (tmp_path / "broken.txt").write_text(text, encoding="utf-8")
    (tmp_path / "mine.toml").write_bytes(MINE.read_bytes())
    rule = '[[rule]]\ncategory = "own"\nname = "bad"\npatterns = ["boat"]\ncatches = ["no {}"]\n'
    (tmp_path / "wrong.toml").write_text(rule.replace("{}", "fit"))
    return tmp_path


def to_nobody(folder, *arguments, unbuffered="", told_too=False):
    """The exit code of a command that nobody reads, and what it says on standard error."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=writing if told_too else subprocess.PIPE,
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        check=False,
    )
    os.close(writing)
    return done.returncode, done.stderr


QUIET = [
    ("--help",),
    ("run", "--help"),
    ("config",),
    ("rules", "list"),
    ("rules", "test", "mine.toml"),
    ("explain", "clean", "7"),
    ("compare", "clean", "clean"),
    ("compare", "clean", "clean", "--json"),
    ("restore", "clean"),
    ("fix", "broken.txt"),
    ("fix", "--explain", "broken.txt"),
    ("verify", "clean"),
    ("run", "rows.jsonl", "other"),
    ("run", "rows.jsonl", "another", "--json"),
    ("run", "rows.jsonl", "-"),
]


@pytest.mark.parametrize("arguments", QUIET, ids=" ".join)
def test_a_command_that_nobody_reads_ends_quietly(folder, arguments):
    code, told = to_nobody(folder, *arguments)
    told = b"".join(line for line in told.splitlines() if not line.startswith(b"cleaner: "))
    assert (code, told) == (0, b"")


@pytest.mark.parametrize("options", [{"unbuffered": "1"}, {"told_too": True}])
def test_nor_is_it_an_error_where_all_goes_to_nobody_at_once(folder, options):
    assert to_nobody(folder, "rules", "list", **options)[0] == 0
    assert to_nobody(folder, "restore", "clean", **options)[0] == 0


def test_a_verdict_that_nobody_reads_is_still_in_the_code(folder):
    assert to_nobody(folder, "rules", "test", "wrong.toml")[0] == 1
    (folder / "clean" / "rejected.jsonl").write_text("{}\n")
    assert to_nobody(folder, "verify", "clean")[0] == 1
    assert to_nobody(folder, "verify", "clean", told_too=True)[0] == 1
    assert to_nobody(folder, "config", "--treshold", "1", told_too=True)[0] == 2
