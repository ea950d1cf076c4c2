"""What an index was made with: by other options its numbers would mean something else."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from cleaner.config import Config
from cleaner.duplicates.signatures import PERMUTATIONS
from cleaner.errors import UsageError

FORMAT = 1
"""Of the files of an index."""
TOKENS_VERSION = 1
"""Raised whenever the same text comes to other tokens, shingles or facts."""
OPTIONS = (
    *("threshold", "shingle_size", "min_words", "across_documents"),
    *("numbers_agree", "names_agree", "negations_agree"),
)
"""Those that decide which paragraphs an index holds, and what of them."""


def parameters_of(config: Config) -> dict[str, Any]:
    """What an index that is made by these options was made with."""
    return {
        "format": FORMAT,
        "tokens": TOKENS_VERSION,
        "unicode": unicodedata.unidata_version,
        "permutations": PERMUTATIONS,
        **{name: getattr(config, name) for name in OPTIONS},
    }


def check_parameters(name: str, made_with: Mapping[str, Any], config: Config) -> None:
    """Refuse an index that was made otherwise.

    Raises:
        UsageError: it names what differs, and what to do.

    """
    wanted = parameters_of(config)
    differing = [one for one in {**wanted, **made_with} if made_with.get(one) != wanted.get(one)]
    if not differing:
        return
    told = ", ".join(
        f"{one} was {made_with.get(one)!r} and is {wanted.get(one)!r}" for one in differing
    )
    if set(differing) <= set(OPTIONS):
        advice = "run with the options that it was made with"
    else:
        advice = "use the program that made it"
    raise UsageError(
        f"the index {name} cannot be used: {told}; {advice}, or make a new index of the earlier "
        "corpus with --save-index"
    )
