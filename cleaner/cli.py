"""The command line: arguments to a Config, a run, an exit code."""

import io
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn

import typer

from cleaner.config import Config
from cleaner.config_cli import add_config
from cleaner.errors import CleanerError, UsageError
from cleaner.fix_cli import add_fix
from cleaner.head_start import begin_early, uncollected
from cleaner.interruption import end_on_requests, ignore_requests
from cleaner.mistyped import WrongUsage, told_of
from cleaner.options import ConfigFile, Preset, SectionedCommand, settings_of, with_options
from cleaner.output_cli import add_output_commands
from cleaner.pipe_cli import (
    PIPE,
    Piped,
    Removed,
    Scratch,
    check_no_index,
    check_no_pipe,
    run_to_pipe,
    standard_input,
)
from cleaner.report_cli import add_report_commands
from cleaner.rules_cli import rules_app
from cleaner.schema import OPTIONS
from cleaner.shown import shown

if TYPE_CHECKING:
    from cleaner.telling import Telling

DONE, FAILED, WRONG_USAGE, WARNED, INTERRUPTED = 0, 1, 2, 3, 130
GOES_ON = "the same command goes on where it stopped"

app = typer.Typer(
    name="cleaner",
    help="Clean scraped articles for text corpora, and say what was taken out and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Plain help: the framed kind cuts long option names off where the terminal is narrow.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(rules_app)

PROGRAM_EPILOG = """\
Examples:

\b
  cleaner run raw/ clean/
  cleaner config --preset web > cleaner.toml
  cleaner verify clean/
  cleaner --install-completion

\b
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted; `cleaner COMMAND --help` has the
others, the options and examples of each command.
"""

EPILOG = """\
Examples:

\b
  cleaner run raw/ clean/
  cleaner run raw/ clean/ --overwrite --threshold 0.9
  cleaner run rows.jsonl.zst clean/ --text-field body --id-field url
  cleaner run raw/ clean/ --disable byline --rules mine.toml
  cleaner run raw/ clean/ --preset conservative --config ours.toml --json
  cleaner run today/ clean-today/ --against earlier/ --save-index earlier/
  zcat rows.jsonl.gz | cleaner run - - --removed removed.jsonl | gzip > clean.jsonl.gz

\b
Options may also stand in a file and in the environment: see cleaner config --help.

\b
Exit codes: 0 done, 1 the run failed, 2 wrong usage, 3 done but there are warnings
(with --strict only), 130 interrupted.
Records that are rejected do not make a run fail; the summary counts them.
"""


def _show_version(wanted: bool) -> None:
    if wanted:
        from cleaner.versions import program_version

        typer.echo(f"cleaner {program_version()}")
        raise typer.Exit(DONE)


@app.callback(epilog=PROGRAM_EPILOG)
def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Clean scraped articles for text corpora, and say what was taken out and why."""


@app.command(name="run", cls=SectionedCommand, epilog=EPILOG, no_args_is_help=True)
@with_options(OPTIONS)
def _run(  # noqa: PLR0913 - what a command line may say besides the options of Config
    raw: Annotated[
        Path,
        typer.Argument(
            metavar="RAW",
            help="Folder of texts, pages, rows (JSONL, JSON, CSV, Parquet), web archives, ZIP and "
            "tar archives, packed or not; or one such file; or - for JSONL from a pipe.",
            show_default=False,
        ),
    ],
    clean: Annotated[
        Path,
        typer.Argument(
            metavar="CLEAN",
            help="Folder for the output; or - for the documents to the standard output.",
            show_default=False,
        ),
    ],
    *,
    config: ConfigFile = None,
    preset: Preset = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Replace the output of an earlier run.", rich_help_panel="Output"
        ),
    ] = False,
    removed: Removed = None,
    scratch: Scratch = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="End with exit code 3 if there are warnings.",
            rich_help_panel="Warnings",
        ),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say nothing but errors.", rich_help_panel="The run")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Say how far it is, and the summary, as lines of JSON.",
            rich_help_panel="The run",
        ),
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="INDEX",
            help="Remove what the corpus of this index holds already.",
            show_default=False,
            rich_help_panel="Near-duplicates",
        ),
    ] = None,
    save_index: Annotated[
        Path | None,
        typer.Option(
            metavar="INDEX",
            help="Make an index of this corpus, or add it to one that is there.",
            show_default=False,
            rich_help_panel="Near-duplicates",
        ),
    ] = None,
    **given: object,
) -> None:
    """Clean every file below RAW and write the result to CLEAN.

    CLEAN/documents holds the clean text, CLEAN/removed every paragraph taken out with the reason,
    rejected.jsonl and dropped.jsonl the records that gave no document, summary.json the counts.
    Documents to the standard output come when all are done, with the counts on standard error.
    """
    settings = settings_of(given, config, preset)
    told, goes_on = "", "the output is not whole, and no work is kept"
    try:
        begin_early(raw)
        with uncollected():
            from cleaner.telling import telling_of

        telling = telling_of(quiet=quiet, as_json=as_json, is_piped=clean == PIPE)
        if clean == PIPE:
            check_no_index(against, save_index)
            piped = Piped(overwrite=overwrite, removed=removed, scratch=scratch)
            has_warnings = run_to_pipe(raw, settings.config, piped, telling)
        else:
            check_no_pipe(removed, scratch)
            told, goes_on = f": see {shown(str(clean / 'summary.json'))}", GOES_ON
            folder = FolderRun(clean, overwrite, against, save_index)
            has_warnings = _run_to_folder(raw, settings.config, folder, telling)
    except KeyboardInterrupt:
        ignore_requests()
        _fail(f"interrupted; {goes_on}", INTERRUPTED)
    if strict and has_warnings:
        _fail(f"the run is done, with warnings, which --strict reports{told}", WARNED)


class FolderRun(NamedTuple):
    """What a command line asks for where the output is a folder."""

    clean: Path
    overwrite: bool
    against: Path | None
    save_index: Path | None


def _run_to_folder(raw: Path, config: Config, asked: FolderRun, telling: "Telling") -> bool:
    """Whether there are warnings."""
    from cleaner.job import run
    from cleaner.piped import run_from_stream

    started = time.monotonic()
    clean_all = partial(run_from_stream, standard_input()) if raw == PIPE else partial(run, raw)
    with telling.progress() as progress:
        summary = clean_all(
            asked.clean,
            config,
            overwrite=asked.overwrite,
            progress=progress,
            resumed=telling.resumed,
            against=asked.against,
            save_index=asked.save_index,
        )
    telling.finished(summary, asked.clean, time.monotonic() - started)
    return bool(summary.warnings)


add_config(app)
add_fix(app)
add_output_commands(app)
add_report_commands(app)


def main() -> None:
    """Run the command line and leave with its exit code."""
    end_on_requests()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal's encoding lacks is shown with escapes, not died of.
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(app(prog_name="cleaner", standalone_mode=False))
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except WrongUsage as error:
        _fail(told_of(error), WRONG_USAGE)
    except UsageError as error:
        _fail(str(error), WRONG_USAGE)
    except CleanerError as error:
        _fail(str(error), FAILED)
    except OSError as error:  # such as a standard output that is a full disk
        where = f": {error.filename}" if error.filename else ""
        _fail(f"it cannot go on: {error.strerror or error}{where}", FAILED)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told as one, and not in a page
        from cleaner.internal_error import told

        _fail(f"a fault of this program, please report it: {shown(told(error))}", FAILED)


def _fail(message: str, code: int) -> NoReturn:
    is_help = message.startswith("Usage:")
    typer.echo(message if is_help else f"cleaner: {message}", err=True)
    sys.exit(code)
