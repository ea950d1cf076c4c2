"""Ctrl-C before the program has even loaded its libraries, or between two steps of its work."""

import os
import subprocess
import sys

import pytest

STOP = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"


@pytest.mark.parametrize("library", ["typer", "backports"])
def test_an_early_interruption_is_told_in_a_line(tmp_path, library):
    """The command line begins with the first of these; the other is loaded late."""
    (tmp_path / "stubs").mkdir()
    (tmp_path / "stubs" / f"{library}.py").write_text(STOP)
    (tmp_path / "rows.jsonl").write_text("{}\n")
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "verify", tmp_path],
        env=os.environ | {"PYTHONPATH": str(tmp_path / "stubs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "cleaner: interrupted\n")
