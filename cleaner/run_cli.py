"""The command `run`: what it is asked, and where its input and output are."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cleaner.config import Config
from cleaner.engine_cli import LOCAL, Engine, Master, elsewhere_of
from cleaner.exits import INTERRUPTED, WARNED, fail
from cleaner.head_start import begin_early, uncollected
from cleaner.interruption import ignore_requests
from cleaner.named_path import path_for
from cleaner.options import (
    ConfigFile,
    Preset,
    SectionedCommand,
    settings_of,
    with_options,
)
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
from cleaner.schema import OPTIONS
from cleaner.shown import shown

if TYPE_CHECKING:
    from cleaner.job import Elsewhere
    from cleaner.telling import Telling

GOES_ON = "the same command goes on where it stopped"

EPILOG = """\
Examples:

\b
  cleaner run raw/ clean/
  cleaner run raw/ clean/ --overwrite --threshold 0.9
  cleaner run rows.jsonl.zst clean/ --text-field body --id-field url
  cleaner run raw/ clean/ --disable byline --rules mine.toml
  cleaner run raw/ clean/ --preset conservative --config ours.toml --json
  cleaner run today/ clean-today/ --against earlier/ --save-index earlier/
  cleaner run raw/ clean/ --engine spark --master spark://host:7077
  zcat rows.jsonl.gz | cleaner run - - --removed removed.jsonl | gzip > clean.jsonl.gz

\b
Options may also stand in a file and in the environment: see cleaner config --help.

\b
Exit codes: 0 done, 1 the run failed, 2 wrong usage, 3 done but there are warnings
(with --strict only), 130 interrupted.
Records that are rejected do not make a run fail; the summary counts them.
"""


def add_run(app: typer.Typer) -> None:
    """Give the program its command `run`."""
    app.command(
        name="run",
        short_help="Clean a folder, or a stream of rows.",
        cls=SectionedCommand,
        epilog=EPILOG,
        no_args_is_help=True,
    )(_run)


@with_options(OPTIONS)
def _run(  # noqa: PLR0913 - what a command line may say besides the options of Config
    raw: Annotated[
        Path,
        typer.Argument(
            metavar="RAW",
            parser=path_for("RAW"),
            help="Folder of texts, pages, rows (JSONL, JSON, CSV, Parquet), web archives, ZIP and "
            "tar archives, packed or not; or one such file; or - for JSONL from a pipe.",
            show_default=False,
        ),
    ],
    clean: Annotated[
        Path,
        typer.Argument(
            metavar="CLEAN",
            parser=path_for("CLEAN"),
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
            "--overwrite",
            help="Replace the output of an earlier run, and what --save-index made of that if it "
            "was the last.",
            rich_help_panel="Output",
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
            parser=path_for("--against"),
            help="Remove what the corpus of this index holds already; it may be the one that "
            "--save-index is about to make.",
            show_default=False,
            rich_help_panel="Near-duplicates",
        ),
    ] = None,
    save_index: Annotated[
        Path | None,
        typer.Option(
            metavar="INDEX",
            parser=path_for("--save-index"),
            help="Make an index of this corpus, or add it to one that is there.",
            show_default=False,
            rich_help_panel="Near-duplicates",
        ),
    ] = None,
    engine: Engine = LOCAL,
    master: Master = None,
    **given: object,
) -> None:
    """Clean every file below RAW and write the result to CLEAN.

    CLEAN/documents holds the clean text, CLEAN/removed every paragraph taken out with the reason,
    rejected.jsonl and dropped.jsonl the records that gave no document, summary.json the counts.
    Documents to the standard output come when all are done, with the counts on standard error.
    """
    settings = settings_of(given, config, preset, quiet=quiet)
    is_piped = clean == PIPE
    goes_on = "the output is not whole, and no work is kept" if is_piped else GOES_ON
    told = "" if is_piped else f": see {shown(str(clean / 'summary.json'))}"
    try:
        begin_early(raw)
        with uncollected():
            from cleaner.telling import telling_of

        elsewhere = elsewhere_of(engine, master, (raw, clean), (against, save_index))
        telling = telling_of(quiet=quiet, as_json=as_json, is_piped=is_piped)
        if is_piped:
            check_no_index(against, save_index)
            piped = Piped(overwrite=overwrite, removed=removed, scratch=scratch)
            has_warnings = run_to_pipe(raw, settings.config, piped, telling)
        else:
            check_no_pipe(removed, scratch)
            folder = FolderRun(clean, overwrite, against, save_index, elsewhere)
            has_warnings = _run_to_folder(raw, settings.config, folder, telling)
    except KeyboardInterrupt:
        ignore_requests()
        fail(f"interrupted; {goes_on}", INTERRUPTED)
    if strict and has_warnings:
        fail(f"the run is done, with warnings, which --strict reports{told}", WARNED)


class FolderRun(NamedTuple):
    """What a command line asks for where the output is a folder."""

    clean: Path
    overwrite: bool
    against: Path | None
    save_index: Path | None
    elsewhere: "Elsewhere | None" = None


def _run_to_folder(raw: Path, config: Config, asked: FolderRun, telling: "Telling") -> bool:
    """Whether there are warnings."""
    from cleaner.job import run
    from cleaner.piped import run_from_stream

    started = time.monotonic()
    clean_all = (
        partial(run_from_stream, standard_input())
        if raw == PIPE
        else partial(run, raw, elsewhere=asked.elsewhere)
    )
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
