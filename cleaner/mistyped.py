"""What the command line's own library says of wrong usage, in the words of this program."""

import typer

from cleaner.nearest import perhaps

WrongUsage = typer.BadParameter.__mro__[1]
"""The library's error for all of that, of which it makes only a kind public."""


def told_of(error: Exception) -> str:
    """One line that says what is wrong, and what would have been right."""
    context = getattr(error, "ctx", None)
    option = getattr(error, "option_name", None)
    command = getattr(error, "cmd_name", None)
    known = _flags(context) if context else ()
    if hasattr(error, "possibilities") and command is None:
        what = f"there is no option {option}{perhaps(option, known)}"
    else:
        message = str(getattr(error, "format_message", error.__str__)()).rstrip(".")
        what = message[:1].lower() + message[1:]
    path = context.command_path if context else "cleaner"
    return f"{what}; see {path} --help"


def _flags(context: typer.Context) -> tuple[str, ...]:
    parameters = context.command.get_params(context)
    return tuple(flag for one in parameters for flag in (*one.opts, *one.secondary_opts))
