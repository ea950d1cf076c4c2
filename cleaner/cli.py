"""The command line: arguments to a Config, a run, an exit code."""

import io
import signal
import sys
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cleaner.errors import CleanerError, UsageError
from cleaner.fix_cli import add_fix
from cleaner.head_start import begin_early
from cleaner.memory import usable_cores
from cleaner.options import SectionedCommand, config_of, with_options
from cleaner.output_cli import add_output_commands
from cleaner.rules_cli import rules_app
from cleaner.schema import OPTIONS
from cleaner.shown import shown

DONE, FAILED, WRONG_USAGE, WARNED, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="cleaner",
    help="Clean scraped articles for text corpora, and say what was taken out and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help: the framed kind cuts long option names off where the terminal is narrow.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(rules_app)

EPILOG = """\
Examples:

\b
  cleaner run raw/ clean/
  cleaner run raw/ clean/ --overwrite --threshold 0.9
  cleaner run rows.jsonl.zst clean/ --text-field body --id-field url
  cleaner run raw/ clean/ --disable byline --rules mine.toml
  cleaner run today/ clean-today/ --against earlier/ --save-index earlier/

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


@app.callback()
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
def _run(  # noqa: PLR0913 - the command has these options
    raw: Annotated[
        Path,
        typer.Argument(
            metavar="RAW",
            help="Folder of .txt, .html, .htm and .jsonl files, plain or .gz or .zst; or one file.",
            show_default=False,
        ),
    ],
    clean: Annotated[
        Path, typer.Argument(metavar="CLEAN", help="Folder for the output.", show_default=False)
    ],
    *,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Replace the output of an earlier run.", rich_help_panel="Output"
        ),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="End with exit code 3 if there are warnings.",
            rich_help_panel="Warnings",
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
    """
    config = config_of(given, workers=usable_cores())
    begin_early(raw)
    from cleaner.job import run
    from cleaner.terminal import print_summary, progress_bar

    started = time.monotonic()
    try:
        with progress_bar() as progress:
            summary = run(
                raw,
                clean,
                config,
                overwrite=overwrite,
                progress=progress,
                against=against,
                save_index=save_index,
            )
    except KeyboardInterrupt:
        _fail("interrupted; the same command goes on where it stopped", INTERRUPTED)
    print_summary(summary, clean, time.monotonic() - started)
    if strict and summary.warnings:
        told = shown(str(clean / "summary.json"))
        _fail(f"the run is done, with warnings, which --strict reports: see {told}", WARNED)


add_fix(app)
add_output_commands(app)


def main() -> None:
    """Run the command line and leave with its exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal's encoding lacks is shown with escapes, not died of.
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except UsageError as error:
        _fail(str(error), WRONG_USAGE)
    except CleanerError as error:
        _fail(str(error), FAILED)
    except OSError as error:  # such as a standard output that is a full disk
        where = f": {error.filename}" if error.filename else ""
        _fail(f"it cannot go on: {error.strerror or error}{where}", FAILED)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"cleaner: {message}", err=True)
    sys.exit(code)
