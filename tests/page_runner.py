"""Runs the blocks of one page, in order, in a folder with the sample articles."""

import contextlib
import doctest
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from conftest import SAMPLES, without_progress
from markdown_blocks import Block

from cleaner import Config, read_rules

SEPARATOR = "-- end of a command --"
ROW_OF = "a row of "
SHELL = {"console", "bash", "sh"}
COLUMNS = re.compile(r"(?<=\S) {2,}")
"""A column is as wide as its widest number, and one of these is a time."""
ALIKE = doctest.ELLIPSIS


class PageRunner:
    """What the blocks of a page share: a folder, the names of its Python, what was printed last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, object] = {"__name__": "__main__"}
        self._printed = ""
        shutil.copytree(SAMPLES, folder / "raw")

    def perform(self, block: Block) -> None:
        """Do what the block says of itself."""
        if block.is_run_elsewhere:
            return
        if block.title == "output":
            check_output(block.text, self._printed, str(block))
        elif block.title.startswith(ROW_OF):
            self._check_row(block)
        elif block.title:
            self._write(block)
        elif block.language == "python":
            self._run_python(block)
        elif block.language == "console":
            self._run_console(block)
        elif block.language in SHELL:
            self._printed = self._shell(f"set -euo pipefail\n{block.text}", block)
        elif block.language == "toml":
            check_toml(self._folder / "of-the-page.toml", block)
        else:
            raise AssertionError(f"{block}: a block of {block.language or 'no language'} runs not")

    def _write(self, block: Block) -> None:
        path = self._folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        if block.language == "toml":
            check_toml(path, block)
        path.write_text(block.text, encoding="utf-8")

    def _check_row(self, block: Block) -> None:
        path = self._folder / block.title.removeprefix(ROW_OF)
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert json.loads(block.text) in rows, f"{block}: there is no such row in {rows}"

    def _run_python(self, block: Block) -> None:
        if ">>>" in block.text:
            test = doctest.DocTestParser().get_doctest(
                block.text, self._names, block.page, block.page, block.line
            )
            told: list[str] = []
            runner = doctest.DocTestRunner(verbose=False, optionflags=ALIKE)
            failed = runner.run(test, out=told.append, clear_globs=False).failed
            self._names.update(test.globs)
            assert not failed, "".join(told)
            return
        # Lines of a traceback are those of the page.
        source = "\n" * block.line + block.text
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, block.page, "exec"), self._names)  # noqa: S102 - our own pages
        self._printed = printed.getvalue()

    def _run_console(self, block: Block) -> None:
        commands = commands_of(block.text)
        assert commands, f"{block}: no line begins with $"
        # The status is handed on to the next command, which may be `echo $?`.
        script = "".join(
            f"{command}\nstatus=$?\nprintf '\\n{SEPARATOR}%s\\n' $status\n(exit $status)\n"
            for command, _ in commands
        )
        first, *rest = self._shell(f"{script}true", block).split(f"\n{SEPARATOR}")
        ended = [part.partition("\n") for part in rest]
        printed = [first, *(part for _, _, part in ended)]
        for number, (command, wanted) in enumerate(commands):
            status = ended[number][0]
            is_asked = commands[number + 1 : number + 2] == [("echo $?", f"{status}\n")]
            assert status == "0" or is_asked, f"{block}: {command} failed: {printed[number]}"
            if wanted:
                check_output(wanted, printed[number], f"{block}: {command}")

    def _shell(self, script: str, block: Block) -> str:
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1\n{script}"],
            cwd=self._folder,
            env=os.environ
            | {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "COLUMNS": "100",
                "PYTHONUTF8": "1",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        printed = without_progress(done.stdout.decode())
        assert done.returncode == 0, f"{block}: {printed}"
        return printed


def commands_of(text: str) -> list[tuple[str, str]]:
    """The commands of a console, each with what it prints."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", "")
        else:
            command, printed = found[-1]
            found[-1] = (command, f"{printed}{line}\n")
    return found


def check_output(wanted: str, printed: str, where: str) -> None:
    """Both alike but for the width of columns, and for what `...` stands for."""
    left, right = (
        "".join(f"{COLUMNS.sub('  ', line.rstrip())}\n" for line in text.strip("\n").splitlines())
        for text in (wanted, printed)
    )
    is_alike = doctest.OutputChecker().check_output(left, right, ALIKE)
    assert is_alike, f"{where}: shown is\n{left}\nprinted was\n{right}"


def check_toml(path: Path, block: Block) -> None:
    """It is a configuration, or a file of rules: the program reads it without a complaint."""
    path.write_text(block.text, encoding="utf-8")
    if {"rule", "terms"} & tomllib.loads(block.text).keys():
        read_rules(path)
    else:
        Config.from_file(path)
