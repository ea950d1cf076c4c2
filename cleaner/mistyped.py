"""What the command line's own library says of wrong usage, in the words of this program."""

import re
from collections.abc import Sequence
from typing import Any

import typer

from cleaner.nearest import perhaps

WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]
"""The library's error for all of that, of which it makes only a kind public."""

NO_COMMAND = re.compile(r"No such command '(.*?)'.*", re.DOTALL)
REWORDED = (
    (re.compile(r"Missing argument '(.*)'"), r"the argument \1 is missing"),
    (
        re.compile(r"Got unexpected extra argument.* \((.*)\)", re.DOTALL),
        r"it takes no more arguments: \1",
    ),
    (re.compile(r"Option '(.*)' requires an argument"), r"option \1 needs a value"),
    (re.compile(r"Option '(.*)' does not take a value"), r"option \1 takes no value"),
)


def told_of(error: Any) -> str:  # noqa: ANN401 - the library keeps its type private
    """One line that says what is wrong, and what would have been right.

    Where a command is given nothing, the library raises its help, which is told as it is.
    """
    message = error.format_message().rstrip(".")
    if message.startswith("Usage:"):
        return str(message)
    path = error.ctx.command_path if error.ctx else "cleaner"
    return f"{_what(error, message)}; see {path} --help"


def _what(error: Any, message: str) -> str:  # noqa: ANN401 - as above
    if "possibilities" in vars(error) and "option_name" in vars(error):
        return f"there is no option {error.option_name}{perhaps(error.option_name, _flags(error))}"
    unknown = NO_COMMAND.fullmatch(message)
    if unknown:
        known = error.ctx.command.list_commands(error.ctx)
        return f"there is no command {unknown[1]}{perhaps(unknown[1], known)}"
    for pattern, words in REWORDED:
        if pattern.fullmatch(message):
            return pattern.sub(words, message)
    return message[:1].lower() + message[1:]


def _flags(error: Any) -> Sequence[str]:  # noqa: ANN401 - as above
    parameters = error.ctx.command.get_params(error.ctx) if error.ctx else ()
    return [flag for one in parameters for flag in (*one.opts, *one.secondary_opts)]
