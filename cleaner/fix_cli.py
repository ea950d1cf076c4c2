"""The command that repairs text from files or a pipe."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.errors import RecordError
from cleaner.named_path import path_for
from cleaner.options import SectionedCommand, settings_of, with_options
from cleaner.pipe import print_bytes
from cleaner.shown import shown

if TYPE_CHECKING:
    from cleaner.fix import Explanation
    from cleaner.mending.switches import Switches
    from cleaner.stages.charset import Decoded

FAILED = 1
REPAIR = (
    "straight_quotes",
    "plain_widths",
    "unescape_html",
    "normalization",
    "repair_off",
    "max_decode_length",
)
"""The options that it shares with a run."""
STANDARD_INPUT = Path("-")
HTML = (".html", ".htm")
ROWS = frozenset({".jsonl", ".json", ".ndjson"})

EPILOG = """\
Examples:

\b
  cleaner fix broken.txt > whole.txt
  curl https://example.org/old.txt | cleaner fix
  cleaner fix --explain *.txt
  cleaner fix --keep-quotes --repair-off spaces novel.txt

\b
Exit codes: 0 done, 1 a file could not be read (the others are repaired), 2 wrong usage.
"""


def add_fix(app: typer.Typer) -> None:
    """Give the program its command `fix`."""
    app.command(
        name="fix",
        short_help="Repair broken text, and print it.",
        cls=SectionedCommand,
        epilog=EPILOG,
    )(_fix)


@with_options(REPAIR)
def _fix(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="Text files; - or none is the standard input.",
            show_default=False,
            parser=path_for("FILE"),
        ),
    ] = None,
    *,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="In place of the text, say what was wrong in which line.",
            rich_help_panel="Output",
        ),
    ] = False,
    keep_line_breaks: Annotated[
        bool,
        typer.Option(
            "--keep-line-breaks",
            help="Leave line breaks of every kind.",
            rich_help_panel="Encoding and repair",
        ),
    ] = False,
    **given: object,
) -> None:
    """Repair the text of FILEs and print it, as UTF-8.

    Encodings are found out as for a run. Mojibake, entities, control characters, odd spaces and
    quotes are mended; no line is taken out, and white space at its ends stays.
    """
    from cleaner.fix import fix_switches

    switches = fix_switches(settings_of(given).config, keep_line_breaks=keep_line_breaks)
    outcomes = [_fix_file(path, switches, explain=explain) for path in files or [STANDARD_INPUT]]
    if not all(outcomes):
        raise typer.Exit(FAILED)


def _fix_file(path: Path, switches: "Switches", *, explain: bool) -> bool:
    """Print one file's repaired text, or what was wrong with it; whether it could be read."""
    from cleaner.stages.decode import decode_file

    name = "standard input" if path == STANDARD_INPUT else str(path)
    try:
        data = sys.stdin.buffer.read() if path == STANDARD_INPUT else path.read_bytes()
        decoded = decode_file(data, is_html=path.suffix.lower() in HTML)
    except OSError as error:
        _complain(name, path, error)
        return False
    except RecordError as error:
        _say(f"{name}: {error}")
        return False
    if ROWS.intersection(suffix.lower() for suffix in path.suffixes):
        _say(f"{name} holds JSON, whose quotes would break; clean it: cleaner run {path} OUTPUT")
        return False
    if explain:
        _print(_told(name, decoded, switches))
    else:
        _print(_mended(decoded.text, switches))
    return True


def _complain(name: str, path: Path, error: OSError) -> None:
    remedy = {
        FileNotFoundError: "check its name",
        IsADirectoryError: f"name its files, or clean it whole: cleaner run {path} OUTPUT",
        PermissionError: "ask its owner, or change its permissions",
    }.get(type(error), "try again, or copy it elsewhere first")
    _say(f"{name} cannot be read: {error.strerror or error}; {remedy}")


def _say(message: str) -> None:
    typer.echo(shown(f"cleaner: {message}"), err=True)


def _mended(text: str, switches: "Switches") -> Iterator[str]:
    from cleaner.fix import fix_lines

    between = ""
    for _, lines in fix_lines(text, switches):
        yield between + "\n".join(lines)
        between = "\n"


def _told(name: str, decoded: "Decoded", switches: "Switches") -> Iterator[str]:
    from cleaner.fix import explain_text

    yield shown(f"{name}: read as {decoded.charset} ({decoded.decided_by})") + "\n"
    changed = 0
    for changed, one in enumerate(explain_text(decoded.text, switches), 1):  # noqa: B007 - told below
        yield from _told_line(name, one)
    lines = "1 line was" if changed == 1 else f"{changed:,} lines were"
    yield shown(f"{name}: {lines} changed") + "\n"


def _told_line(name: str, one: "Explanation") -> Iterator[str]:
    yield shown(f"{name}:{one.number}") + "\n"
    yield f"  - {shown(one.was)}\n"
    for line in one.now:
        yield f"  + {shown(line)}\n"
    for step, reason in one.reasons:
        yield f"    {step}: {reason}\n"


def _print(parts: Iterator[str]) -> None:
    print_bytes(part.encode("utf-8", "replace") for part in parts)
