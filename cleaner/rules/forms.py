"""A line as patterns see it."""

from collections.abc import Iterator, Sequence

FANCY, PLAIN = "‘’‚‛′“”„‟″‐‑‒–—―−\u00a0\u202f", "'''''\"\"\"\"\"-------  "
DECORATION = " \t•*·▪■◆●-–—>»▶►→|#"


def forms(line: str) -> Iterator[str]:
    """The line with plain punctuation and single spaces; with bullets, and without them."""
    form = single_spaced(plain(line))
    yield form
    yield from without_bullets(form)


def without_bullets(form: str) -> Iterator[str]:
    """The form without bullets, if it has any and more."""
    bare = form.strip(DECORATION)
    if bare and bare != form:
        yield bare


def plain(line: str) -> str:
    """A line with plain quotes, dashes and spaces, as many characters as before."""
    if not line.isascii():
        # Ten times as fast as str.translate, as few of these are in any one line.
        for fancy, simple in zip(FANCY, PLAIN, strict=True):
            if fancy in line:
                line = line.replace(fancy, simple)
    return line


def plain_lines(lines: Sequence[str]) -> list[str]:
    """The lines with plain quotes, dashes and spaces, and none with a line break."""
    odd = "\n".join([line for line in lines if not line.isascii()])
    # One text is looked through at a fraction of what many take.
    plainer = iter(plain(odd).split("\n"))
    if "\n".join(lines).count("\n") >= max(len(lines), 1):
        return [single_spaced(plain(line)) for line in lines]
    return [line if line.isascii() else next(plainer) for line in lines]


def single_spaced(line: str) -> str:
    """A line without spaces around it, or two in a row."""
    return " ".join(line.split())
