"""Text that is lost beyond repair: characters that stand for others which nobody knows any more."""

import re
from collections.abc import Mapping, Sequence

import re2

PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
LOST: Mapping[str, re.Pattern[str]] = {
    "replacement_characters": re.compile("\ufffd"),
    "private_use": re.compile(f"[{PRIVATE}]"),
}
"""U+FFFD, and the characters that mean something in one font only (Unicode, section 23.5)."""

ANY = re2.compile(f"[\ufffd{PRIVATE}]")
"""One of either: a fraction of the time, and hardly any document goes further."""


def damage(paragraphs: Sequence[str], most_share: float) -> dict[str, int]:
    """How many characters of each kind are lost; nothing if they are no larger a share."""
    text = "".join(paragraphs)
    # Private characters are not printable, which is asked in no time.
    if text.isascii() or ("\ufffd" not in text and text.isprintable()) or not ANY.search(text):
        return {}
    counts = {name: len(pattern.findall(text)) for name, pattern in LOST.items()}
    if sum(counts.values()) <= most_share * len("\n\n".join(paragraphs)):
        return {}
    return {name: number for name, number in counts.items() if number}
