"""The commands about a finished output: restore what was removed, verify what was promised."""

from pathlib import Path
from typing import Annotated

import typer

from cleaner.errors import UsageError
from cleaner.exits import FAILED, fail
from cleaner.named_path import path_for
from cleaner.pipe import print_bytes, while_read
from cleaner.shown import shown

Clean = Annotated[
    Path,
    typer.Argument(
        metavar="CLEAN",
        help="Output folder of a finished run.",
        show_default=False,
        parser=path_for("CLEAN"),
    ),
]

RESTORE_EPILOG = """\
Examples:

\b
  cleaner restore clean/ before/
  cleaner restore clean/ > before.jsonl
  cleaner restore clean/ --id english/harbour-reopens.txt

\b
Exit codes: 0 done, 1 the output was changed or is not complete, 2 wrong usage.
"""
VERIFY_EPILOG = """\
Examples:

\b
  cleaner verify clean/
  cleaner verify clean/ && cp -r clean/ corpus/
  cleaner verify clean-tuesday/ --against feed/

\b
Exit codes: 0 all as promised, 1 something is not, 2 wrong usage.
"""


def add_output_commands(app: typer.Typer) -> None:
    """Give the program its commands `restore` and `verify`."""
    app.command(
        name="restore",
        short_help="Put back what a run removed.",
        epilog=RESTORE_EPILOG,
        no_args_is_help=True,
    )(_restore)
    app.command(
        name="verify",
        short_help="Check that an output is whole and right.",
        epilog=VERIFY_EPILOG,
        no_args_is_help=True,
    )(_verify)


def _restore(
    clean: Clean,
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="OUT",
            parser=path_for("OUT"),
            help="New folder for the documents; without it they are printed.",
            show_default=False,
        ),
    ] = None,
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="ID", help="Print only this document; may be repeated."),
    ] = None,
) -> None:
    """Put what was removed back, and write every document as it was before.

    One row of JSON for each written or dropped document: id, text (all paragraphs, repaired, parted
    by blank lines), source, metadata.
    """
    if out is not None and ids:
        raise UsageError("--id prints documents; leave the folder out")
    from cleaner.output.restore import restore, restored_rows

    if out is None:
        print_bytes(restored_rows(clean, ids or ()))
        return
    number = restore(clean, out)
    documents = "1 document" if number == 1 else f"{number:,} documents"
    typer.echo(shown(f"{out}: {documents} as before the removal"))


def _verify(
    clean: Clean,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="INDEX",
            parser=path_for("--against"),
            help="Compare copies of the earlier corpus with this index of it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Check that a finished output holds what is promised of it.

    Counts, positions, order, ids, reasons, rules, templates, signatures, and every copy against
    its original, whose similarity is computed anew. Of each kind of fault the first is named.
    """
    from cleaner.output.verify import verify

    found = verify(clean, against)
    with while_read():
        for line in found.faults.lines():
            typer.echo(shown(line))
    if found.faults.total:
        faults = "1 fault" if found.faults.total == 1 else f"{found.faults.total:,} faults"
        fail(shown(f"{clean} is not as promised: {faults}"), FAILED)
    counts = found.counts
    typer.echo(
        shown(
            f"{clean}: as promised: {counts.read:,} records, {counts.kept:,} paragraphs kept, "
            f"{counts.removed:,} removed, {found.copies:,} copies compared with their originals"
        )
    )
    if found.not_compared:
        copies = "1 copy" if found.not_compared == 1 else f"{found.not_compared:,} copies"
        typer.echo(f"not compared: {copies} of the earlier corpus; --against INDEX does it")
