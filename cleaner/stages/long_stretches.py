"""Find, in one go and without a list of all pieces, what is far too long in a page.

Both look at a page in steps as long as what they look for, so that an ordinary page costs a
hundredth of what it takes to go through it.
"""

from collections.abc import Iterator

MOST_ALIKE = 1_000
"""Times that a character comes in a row. No text has more, and expressions take long over them."""


def long_pieces(page: str, most: int) -> Iterator[str]:
    """The pieces between less-than signs that have more than so many characters."""
    at = 0
    while len(page) - at > most:
        last = page.rfind("<", at, at + most + 1)
        if last < 0:
            end = page.find("<", at)
            last = end if end >= 0 else len(page)
            yield page[at:last]
        at = last + 1


def shorten_runs(page: str) -> str:
    """The page, with no character more than `MOST_ALIKE` times in a row."""
    kept, done = [], 0
    for start, end in _long_runs(page):
        kept.append(page[done : start + MOST_ALIKE])
        done = end
    return "".join((*kept, page[done:])) if kept else page


def _long_runs(page: str) -> Iterator[tuple[int, int]]:
    """Where a character comes too often in a row begins and ends."""
    step = MOST_ALIKE // 2  # a long run fills one whole step, wherever it begins
    at = 0
    while at < len(page):
        character = page[at]
        is_run = page.startswith(character, at + 1) and page.startswith(character * step, at)
        if not is_run:
            at += step
            continue
        before = page[max(at - step, 0) : at]
        start = at - len(before) + len(before.rstrip(character))
        while page.startswith(character * step, at):
            at += step
        after = page[at : at + step]
        at += len(after) - len(after.lstrip(character))
        if at - start > MOST_ALIKE:
            yield start, at
