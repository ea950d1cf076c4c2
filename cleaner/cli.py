"""The command line: arguments to a Config, a run, an exit code."""

import io
import signal
import sys
import time
from pathlib import Path
from typing import Annotated, NoReturn, cast

import typer

from cleaner import options
from cleaner.config import Action, Config, InputIdentity, Normalization, RiskyRules, Unescape
from cleaner.errors import CleanerError, UsageError
from cleaner.fix_cli import add_fix
from cleaner.head_start import begin_early
from cleaner.memory import usable_cores
from cleaner.output_cli import add_output_commands
from cleaner.rules_cli import RuleFiles, own_rules, rules_app
from cleaner.shown import shown

DONE, FAILED, WRONG_USAGE, WARNED, INTERRUPTED = 0, 1, 2, 3, 130
DEFAULTS = Config()

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


@app.command(name="run", epilog=EPILOG, no_args_is_help=True)
def _run(
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
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the output of an earlier run.")
    ] = False,
    input_identity: options.InputIdentity = DEFAULTS.input_identity,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes to use.", show_default="all usable cores"),
    ] = None,
    memory: Annotated[
        int,
        typer.Option(metavar="MEGABYTES", help="Memory for all processes together; 512 or more."),
    ] = DEFAULTS.memory_megabytes,
    text_field: Annotated[
        str, typer.Option(help="Field of a JSONL row that holds text.")
    ] = DEFAULTS.text_field,
    html_field: Annotated[
        str, typer.Option(help="Field of a JSONL row that holds HTML.")
    ] = DEFAULTS.html_field,
    id_field: Annotated[
        str, typer.Option(help="Field of a JSONL row that holds its id.")
    ] = DEFAULTS.id_field,
    straight_quotes: options.StraightQuotes = DEFAULTS.straight_quotes,
    plain_widths: options.PlainWidths = DEFAULTS.plain_widths,
    unescape_html: options.UnescapeHtml = DEFAULTS.unescape_html,
    normalization: options.NormalForm = DEFAULTS.normalization,
    repair_off: options.RepairOff = None,
    max_decode_length: options.MaxDecodeLength = DEFAULTS.max_decode_length,
    damaged_share: options.DamagedShare = DEFAULTS.damaged_share,
    disable: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE", help="Boilerplate rule or category to leave out; may be repeated."
        ),
    ] = None,
    rules: RuleFiles = None,
    risky_rules: Annotated[
        str,
        typer.Option(metavar="WHEN", help="When rules of high risk act: news, always or never."),
    ] = DEFAULTS.risky_rules,
    threshold: options.Threshold = DEFAULTS.threshold,
    shingle_size: Annotated[
        int, typer.Option(help="Words to a shingle, 1 to 16.")
    ] = DEFAULTS.shingle_size,
    min_words: Annotated[
        int, typer.Option(help="Shorter paragraphs are never copies.")
    ] = DEFAULTS.min_words,
    numbers_agree: Annotated[
        bool,
        typer.Option(
            "--numbers-agree/--any-numbers", help="No copy: each has a number the other lacks."
        ),
    ] = DEFAULTS.numbers_agree,
    names_agree: Annotated[
        bool,
        typer.Option("--names-agree/--any-names", help="No copy: each has a name the other lacks."),
    ] = DEFAULTS.names_agree,
    negations_agree: Annotated[
        bool,
        typer.Option("--negations-agree/--any-negations", help="No copy: one negates more often."),
    ] = DEFAULTS.negations_agree,
    added_shingles: options.AddedShingles = DEFAULTS.added_shingles,
    within_documents: Annotated[
        str,
        typer.Option(
            metavar="ACTION", help="Copies of a paragraph of the same document: drop, mark or keep."
        ),
    ] = DEFAULTS.within_documents,
    across_documents: Annotated[
        str,
        typer.Option(
            metavar="ACTION", help="Copies of a paragraph of another document: drop, mark or keep."
        ),
    ] = DEFAULTS.across_documents,
    template_documents: options.TemplateDocuments = DEFAULTS.template_documents,
    template_share: options.TemplateShare = DEFAULTS.template_share,
    warn_share: options.WarnShare = DEFAULTS.warn_share,
    warn_rule_share: options.WarnRuleShare = DEFAULTS.warn_rule_share,
    strict: options.Strict = False,
    signatures: Annotated[
        bool,
        typer.Option("--signatures", help="Write MinHash signatures of what is kept."),
    ] = DEFAULTS.signatures,
    max_record_megabytes: options.MaxRecordMegabytes = DEFAULTS.max_record_megabytes,
    max_record_seconds: options.MaxRecordSeconds = DEFAULTS.max_record_seconds,
    max_record_memory: options.MaxRecordMemory = DEFAULTS.max_record_memory,
    max_expansion: options.MaxExpansion = DEFAULTS.max_expansion,
    max_rows: options.MaxRows = DEFAULTS.max_rows,
    max_depth: options.MaxDepth = DEFAULTS.max_depth,
    max_tags: options.MaxTags = DEFAULTS.max_tags,
    max_lines: options.MaxLines = DEFAULTS.max_lines,
    max_line_length: options.MaxLineLength = DEFAULTS.max_line_length,
    shard_megabytes: Annotated[
        int, typer.Option(help="Size at which an output file is closed and the next begun.")
    ] = DEFAULTS.shard_megabytes,
) -> None:
    """Clean every file below RAW and write the result to CLEAN.

    CLEAN/documents holds the clean text, CLEAN/removed every paragraph taken out with the reason,
    rejected.jsonl and dropped.jsonl the records that gave no document, summary.json the counts.
    """
    config = options.config_of(
        text_field=text_field,
        html_field=html_field,
        id_field=id_field,
        straight_quotes=straight_quotes,
        plain_widths=plain_widths,
        unescape_html=cast("Unescape", unescape_html),
        normalization=cast("Normalization", normalization),
        repair_off=tuple(repair_off or ()),
        max_decode_length=max_decode_length,
        damaged_share=damaged_share,
        disabled_rules=tuple(disable or ()),
        own_rules=own_rules(rules),
        risky_rules=cast("RiskyRules", risky_rules),
        threshold=threshold,
        shingle_size=shingle_size,
        min_words=min_words,
        numbers_agree=numbers_agree,
        names_agree=names_agree,
        negations_agree=negations_agree,
        added_shingles=added_shingles,
        within_documents=cast("Action", within_documents),
        across_documents=cast("Action", across_documents),
        template_documents=template_documents,
        template_share=template_share,
        warn_share=warn_share,
        warn_rule_share=warn_rule_share,
        signatures=signatures,
        max_record_megabytes=max_record_megabytes,
        max_record_seconds=max_record_seconds,
        max_record_memory=max_record_memory,
        max_expansion=max_expansion,
        max_rows=max_rows,
        max_depth=max_depth,
        max_tags=max_tags,
        max_lines=max_lines,
        max_line_length=max_line_length,
        shard_megabytes=shard_megabytes,
        memory_megabytes=memory,
        input_identity=cast("InputIdentity", input_identity),
        workers=workers or usable_cores(),
    )
    begin_early(raw)
    from cleaner.job import run
    from cleaner.terminal import print_summary, progress_bar

    started = time.monotonic()
    try:
        with progress_bar() as progress:
            summary = run(raw, clean, config, overwrite=overwrite, progress=progress)
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
