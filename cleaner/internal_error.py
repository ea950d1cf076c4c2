"""Faults of the program itself: their kind and place, to be told in a line."""

import traceback
from pathlib import Path


def told(error: BaseException) -> str:
    """An error's type, its message in one line, and where it was raised.

    >>> try:
    ...     [].pop()
    ... except IndexError as error:
    ...     print(told(error).partition(" (")[0])
    IndexError: pop from empty list
    """
    message = " ".join(str(error).split())
    place = (getattr(error, "__notes__", None) or [place_of(error)])[0]
    return f"{type(error).__name__}{': ' * bool(message)}{message} ({place})"


def place_of(error: BaseException) -> str:
    """Where it was raised; and if that is in a library, from which line of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "place unknown"
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(Path(__file__).parent)]
    places = dict.fromkeys(_at(frame) for frame in (frames[-1], *ours[-1:]))
    return ", from ".join(places)


def _at(frame: traceback.FrameSummary) -> str:
    return f"{frame.filename}:{frame.lineno} in {frame.name}"
