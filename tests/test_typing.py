"""The types that users get: they are shipped, and typical code passes the strictest check."""

import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLES

import cleaner
from cleaner import CleanerError, Config, UsageError, clean_text, restore, run, verify

USE = Path(__file__).with_name("typed_use.py")


def checked(path, folder):
    """What mypy says of a program that uses the installed package."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    arguments = ["--strict", "--cache-dir", folder / "cache", "--config-file", "", path]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_typical_use_is_well_typed(tmp_path):
    assert checked(USE, tmp_path).startswith("Success: no issues found")
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from cleaner import Cleaner, Config, clean_text, verify\n"
        "clean_text(b'bytes')\n"
        "Cleaner('raw')\n"
        "Config(min_word=3)\n"
        "Config(across_documents='delete')\n"
        "Cleaner().clean(['a'], on_rejected=lambda: None)\n"
        "verify(3)\n"
    )
    told = checked(wrong, tmp_path)
    for line in range(2, 8):
        assert f"wrong.py:{line}: error" in told


def test_every_public_name_is_in_the_typical_program_or_a_part_of_what_one_gives_back():
    parts = {"BatchMap", "Counts", "Fault", "FaultKind", "Faults", "LossWarning", "Mark"}
    parts |= {"OwnRules", "Place", "Reason", "RecordError", "RejectedWarning", "Removal"}
    parts |= {"UsageError"}
    used = USE.read_text("utf-8")
    assert {name for name in cleaner.__all__ if f"    {name},\n" not in used} == parts


def test_the_marker_of_types_is_there_and_shipped(tmp_path):
    assert (files("cleaner") / "py.typed").is_file()
    builder = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    (built,) = builder.WheelBuilder(str(ROOT)).build(directory=str(tmp_path))
    names = set(zipfile.ZipFile(built).namelist())
    assert "cleaner/py.typed" in names
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "cleaner").rglob("*.*")}
    assert {name for name in shipped if "__pycache__" not in name} <= names
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


def test_verify_and_restore_take_names_and_paths(tmp_path):
    run(str(SAMPLES), str(tmp_path / "clean"))
    found = verify(str(tmp_path / "clean"))
    assert (found.faults.total, found.counts.written) == (0, restored(tmp_path, "a", str))
    assert restored(tmp_path, "b", Path) == found.counts.written
    with pytest.raises(UsageError, match="there is no folder nowhere"):
        verify("nowhere")
    (tmp_path / "clean" / "documents" / "part-00000.jsonl").write_bytes(b"")
    with pytest.raises(CleanerError, match="part-00000"):
        restore(tmp_path / "clean", tmp_path / "c")
    assert verify(tmp_path / "clean").faults.total > 0


def restored(folder, name, kind):
    return restore(kind(folder / "clean"), kind(folder / name))


def test_mistakes_say_what_to_do():
    with pytest.raises(TypeError, match=r"not bytes: decode them, as by data.decode\('utf-8'\)"):
        clean_text(b"bytes")
    for wrong in ("raw", Path("raw"), {"min_words": 3}):
        with pytest.raises(TypeError, match=r"takes a Config, not .*run\('raw', 'clean'\)"):
            cleaner.Cleaner(wrong)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"min_words": "3"}, "option min_words is '3'; it must be a whole number"),
        ({"threshold": 2}, "option threshold is 2; it must be a number from 0.1 to 1"),
        ({"across_documents": "delete"}, "option across_documents is 'delete'; .*drop, mark"),
        ({"signatures": "yes"}, "option signatures is 'yes'; it must be true or false"),
        ({"disabled_rules": "bio"}, "option disabled_rules is 'bio'; it must be a list"),
        ({"own_rules": "mine.toml"}, "option own_rules is 'mine.toml'; .*read_rules"),
        ({"text_field": ""}, "option text_field must be the name of a field"),
    ],
)
def test_a_mistake_in_the_options_names_the_option(options, told):
    with pytest.raises(UsageError, match=told):
        Config(**options)


def test_an_option_that_does_not_exist_is_named():
    with pytest.raises(TypeError, match="min_word"):
        Config(min_word=3)
