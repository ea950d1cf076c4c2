"""The commands that show an output: report, explain, compare."""

from pathlib import Path
from typing import Annotated

import typer

from cleaner.json_lines import dump_line
from cleaner.named_path import path_for
from cleaner.output_cli import Clean
from cleaner.pipe import print_bytes
from cleaner.shown import shown

REPORT_NAME = "report.html"

REPORT_EPILOG = """\
Examples:

\b
  cleaner report clean/
  cleaner report clean/ look-at-this.html

\b
Exit codes: 0 done, 1 the output was changed or is not complete, 2 wrong usage.
"""
EXPLAIN_EPILOG = """\
Example:

\b
  cleaner explain clean/ english/harbour-reopens.txt

\b
Exit codes: 0 done, 1 the output was changed or is not complete, 2 wrong usage.
"""
COMPARE_EPILOG = """\
Examples:

\b
  cleaner compare clean/ clean-stricter/
  cleaner compare clean/ clean-stricter/ --json > differences.jsonl

\b
Exit codes: 0 done, 1 an output was changed or is not complete, 2 wrong usage.
"""


def add_report_commands(app: typer.Typer) -> None:
    """Give the program its commands `report`, `explain` and `compare`."""
    app.command(
        name="report",
        short_help="Write a page that shows what a run did.",
        epilog=REPORT_EPILOG,
        no_args_is_help=True,
    )(_report)
    app.command(
        name="explain",
        short_help="Show what became of one document, and why.",
        epilog=EXPLAIN_EPILOG,
        no_args_is_help=True,
    )(_explain)
    app.command(
        name="compare",
        short_help="Show what two outputs have otherwise.",
        epilog=COMPARE_EPILOG,
        no_args_is_help=True,
    )(_compare)


def _report(
    clean: Clean,
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="PAGE",
            parser=path_for("PAGE"),
            help=f"File to write; without it {REPORT_NAME} in CLEAN.",
            show_default=False,
        ),
    ] = None,
    most_removals: Annotated[
        int,
        typer.Option(
            "--max-removals",
            metavar="N",
            min=1,
            max=1_000_000,
            help="Removed paragraphs that the page holds to look through.",
        ),
    ] = 100_000,
) -> None:
    """Write a page that shows what the run did: one HTML file that needs nothing else.

    Totals, where the text went, removals by reason, rule and source, the largest groups of copies
    with the differing words marked, frequent lines, documents that lost most, rejected records, and
    a search through what was removed.
    """
    from cleaner.report import write_report

    page = out or clean / REPORT_NAME
    write_report(clean, page, most_removals=most_removals)
    typer.echo(shown(f"{page}: open it in a browser"))


def _explain(
    clean: Clean,
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Id of a document, as in documents/ or dropped.jsonl.",
            show_default=False,
        ),
    ],
) -> None:
    """Show one document with all its paragraphs: kept, or struck out with the reason.

    A copy is shown with the paragraph that it copies, where the two differ.
    """
    from cleaner.explain import explain
    from cleaner.report.terminal import print_explained

    print_explained(*explain(clean, wanted))


def _compare(
    first: Annotated[
        Path,
        typer.Argument(
            metavar="FIRST",
            help="Output folder of a finished run.",
            show_default=False,
            parser=path_for("FIRST"),
        ),
    ],
    second: Annotated[
        Path,
        typer.Argument(
            metavar="SECOND",
            help="That of another run over the same input.",
            show_default=False,
            parser=path_for("SECOND"),
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every difference as a row of JSON.")
    ] = False,
) -> None:
    """Show what is different between two outputs of the same input, paragraph by paragraph.

    First come the options and versions that differ; then, for each kind of difference, how many
    paragraphs there are and the first of them.
    """
    from cleaner.compare import changed_settings, differences, numbers_of_documents

    settings = changed_settings(first, second)
    found = differences(first, second)
    if as_json:
        print_bytes(dump_line(one.as_row()) for one in found)
        return
    from cleaner.report.terminal import print_compared

    print_compared(settings, found, numbers_of_documents(first, second))
