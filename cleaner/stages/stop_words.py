"""The stop words that trafilatura hands to justext, loaded in a fraction of its time.

justext decodes and lowers 188,000 words one by one. trafilatura keeps them as a tuple, by which
justext then looks up the set of them, and the hash of a tuple is computed anew each time.
"""

from importlib.resources import files

from trafilatura import external


def load_stop_words() -> None:
    """Put the words where trafilatura puts them when it needs them first."""
    if external.JT_STOPLIST is None:
        external.JT_STOPLIST = stop_words()  # type: ignore[assignment]  # declared as None


def stop_words() -> frozenset[str]:
    """The words of all languages, in lower case."""
    lists = files("justext").joinpath("stoplists").iterdir()
    data = b"\n".join(path.read_bytes() for path in lists if path.name.endswith(".txt"))
    return frozenset(data.decode().lower().split("\n"))
