"""The Markdown pages of the repository: their fenced blocks, headings and links.

A block says what becomes of it:

- ``python`` runs, with what earlier blocks of its page have defined; with ``>>>``, as a doctest.
- ``console`` runs in a shell: lines after ``$ `` are commands, the others what they print, with
  ``...`` for what varies. A command without any may print what it likes; none may fail, but that
  ``$ echo $?`` comes next.
- ``bash`` and ``sh`` run in a shell, and what they print is shown elsewhere or nowhere.
- ``toml`` is read as a configuration, or as rules.
- ``title="NAME"`` makes it a file of this name, and it runs only where a later block runs that.
- ``title="output"`` is what the block before printed, and ``title="a row of FILE"`` a row of it.
- ``<!-- not run: REASON -->`` above it says why it cannot run.

A page that begins with ``<!-- needs: TOOL -->`` runs where the extra `readers` is installed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT

FENCE = re.compile(
    r'^(?:<!-- (?P<marker>[^>]*) -->\n)?```(?P<language>\w*)(?: title="(?P<title>[^"]*)")?\n'
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
NOT_RUN, CI = "not run: ", "command: "
NEEDS = "<!-- needs: "
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    language: str
    title: str
    text: str
    marker: str

    def __str__(self):
        return f"{self.page}:{self.line}"

    @property
    def is_run_elsewhere(self):
        """Whether it says why it does not run, or that `.ci/run` runs it."""
        return self.marker.startswith((NOT_RUN, CI))


def pages() -> list[Path]:
    """Every page for users."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def needs_readers(page: Path) -> bool:
    """Whether a page needs tools that the tests do not bring."""
    return page.read_text("utf-8").startswith(NEEDS)


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    text = page.read_text("utf-8")
    return [
        Block(
            page=name_of(page),
            line=text.count("\n", 0, found.start()) + 1,
            language=found["language"],
            title=found["title"] or "",
            text=found["text"],
            marker=found["marker"] or "",
        )
        for found in FENCE.finditer(text)
    ]


def prose_of(page: Path) -> str:
    """A page without its blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def anchors_of(page: Path) -> set[str]:
    """What links may lead to on a page: its headings as both GitHub and MkDocs name them."""
    headings = re.findall(r"^#+ (.*)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", one).strip().lower().replace(" ", "-") for one in headings}


def broken_links(page: Path) -> Iterator[str]:
    """Links to a page or a heading that is not there."""
    for link in LINK.findall(prose_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            yield link
