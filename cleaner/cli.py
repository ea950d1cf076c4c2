"""The command line: arguments to a Config, a run, an exit code."""

import io
import sys
from typing import Annotated

import typer

from cleaner.config_cli import add_config
from cleaner.errors import CleanerError, UsageError
from cleaner.exits import DONE, FAILED, INTERRUPTED, WRONG_USAGE, fail
from cleaner.fix_cli import add_fix
from cleaner.interruption import end_on_requests
from cleaner.mistyped import WrongUsage, told_of
from cleaner.output_cli import add_output_commands
from cleaner.pipe import QuietGroup
from cleaner.report_cli import add_report_commands
from cleaner.rules_cli import rules_app
from cleaner.run_cli import add_run
from cleaner.shown import shown

app = typer.Typer(
    name="cleaner",
    cls=QuietGroup,
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


add_run(app)
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
        code = app(prog_name="cleaner", standalone_mode=False)
        if code == INTERRUPTED:  # the library says nothing of it
            fail("interrupted", INTERRUPTED)
        sys.exit(code)
    except (typer.Abort, KeyboardInterrupt):
        fail("interrupted", INTERRUPTED)
    except WrongUsage as error:
        fail(told_of(error), WRONG_USAGE)
    except UsageError as error:
        fail(str(error), WRONG_USAGE)
    except CleanerError as error:
        fail(str(error), FAILED)
    except OSError as error:  # such as a standard output that is a full disk
        where = f": {error.filename}" if error.filename else ""
        fail(f"it cannot go on: {error.strerror or error}{where}", FAILED)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told as one, and not in a page
        from cleaner.internal_error import told

        fail(f"a fault of this program, please report it: {shown(told(error))}", FAILED)
