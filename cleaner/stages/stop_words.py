"""The stop words that trafilatura hands to justext, loaded in a fraction of its time.

justext decodes and lowers 188,000 words one by one. trafilatura keeps them as a tuple, by which
justext then looks up the set of them, and the hash of a tuple is computed anew each time. Of that
set justext makes another, of words in lower case, which these are.
"""

from collections.abc import Callable
from functools import partial
from importlib.resources import files

from justext import core
from trafilatura import external

Words = frozenset[str]


def load_stop_words() -> None:
    """Put the words where trafilatura puts them when it needs them first."""
    if external.JT_STOPLIST is None:
        words = stop_words()
        external.JT_STOPLIST = words  # type: ignore[assignment]  # declared as None
        core.define_stoplist = partial(_lowered, words, core.define_stoplist)


def stop_words() -> frozenset[str]:
    """The words of all languages, in lower case."""
    lists = files("justext").joinpath("stoplists").iterdir()
    data = b"\n".join(path.read_bytes() for path in lists if path.name.endswith(".txt"))
    return frozenset(data.decode().lower().split("\n"))


def _lowered(ours: Words, lower: Callable[[Words], Words], words: Words) -> Words:
    """What justext makes of a list; of other lists than ours as ever."""
    return ours if words is ours else lower(words)
