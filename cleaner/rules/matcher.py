"""Match a line against many patterns, at a cost that grows with its length only.

Most patterns need some text ("newsletter", "photo by"; Cox, "Regular Expression Matching in the
Wild", 2010). All these are looked for at once, and only patterns of which a line has the text are
compiled and tried. Those that need none are an automaton of their own.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import re2

from cleaner.rules.byte_form import byte_form, line_bytes

AUTOMATON_BYTES = 1 << 24
"""The automaton is built as lines need it; when it outgrows this it is built anew from there, which
is slow and never wrong."""


def _caseless() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = AUTOMATON_BYTES
    return options


def _caseless_bytes() -> re2.Options:
    options = _caseless()
    options.encoding = re2.Options.Encoding.LATIN1
    return options


CASELESS = _caseless()
"""Options under which all patterns are read."""
CASELESS_BYTES = _caseless_bytes()
"""The same for patterns in bytes."""


class Together:
    """Patterns that are matched against whole lines at once, compiled for the first line.

    Even for one pattern the library answers in half the time so, as it tells no places.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns

    def match(self, line: str) -> Sequence[int]:
        """The places of the patterns that a whole line fits.

        Raises:
            re2.error: a pattern is not one of RE2's, or they are too large together.

        """
        if line.isascii():
            return self._of_bytes.Match(line.encode()) or ()
        if self._forms is not None:
            in_bytes = line_bytes(line)
            if in_bytes is not None and not self._of_bytes.Match(in_bytes):
                return ()
        return self._of_any.Match(line) or ()

    def compile(self) -> None:
        """Compile them now.

        Raises:
            re2.error: as `match` does.

        """
        self._of_bytes.Match(b"")
        self._of_any.Match("")

    @cached_property
    def _forms(self) -> Sequence[bytes] | None:
        """The patterns in bytes, if all can be put so."""
        forms = [form for form in map(byte_form, self._patterns) if form is not None]
        return forms if len(forms) == len(self._patterns) else None

    @cached_property
    def _of_bytes(self) -> Any:  # noqa: ANN401 - the library has no types
        if self._forms is None:
            return self._of_any
        return _compiled(re2.Set.FullMatchSet(CASELESS_BYTES), self._forms)

    @cached_property
    def _of_any(self) -> Any:  # noqa: ANN401 - the library has no types
        return _compiled(re2.Set.FullMatchSet(CASELESS), self._patterns)


class Finder:
    """A pattern that tells what its groups hold; of its group `cut`, where in a line that is.

    The library's own memory holds too few patterns for a corpus of many bylines.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def part(self, line: str) -> tuple[int, int] | None:
        """Where the part begins and ends, if the pattern fits somewhere.

        Raises:
            re2.error: the pattern is not one of RE2's.

        """
        compiled = self.compiled_for(line)
        match = compiled.search(line)
        return match.span(compiled.groupindex["cut"]) if match else None

    def compiled_for(self, line: str) -> Any:  # noqa: ANN401 - the library has no types
        """The pattern, compiled for lines such as that one."""
        return self._for_ascii if line.isascii() else self._for_any

    @cached_property
    def _for_ascii(self) -> Any:  # noqa: ANN401 - the library has no types
        form = byte_form(self._pattern)
        # As text: from a pattern in bytes, the names of groups would come in bytes.
        return self._for_any if form is None else re2.compile(form.decode(), CASELESS)

    @cached_property
    def _for_any(self) -> Any:  # noqa: ANN401 - the library has no types
        return re2.compile(self._pattern, CASELESS)


class Literals:
    """Texts that are looked for anywhere in a line, whatever their case."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def is_one_in(self, line: str) -> bool:
        """Whether a line has one of them."""
        return bool(self._texts and self._set.Match(line))

    @cached_property
    def _set(self) -> Any:  # noqa: ANN401 - the library has no types
        return _compiled(re2.Set.SearchSet(CASELESS), map(re2.escape, self._texts))


def _compiled(made: Any, patterns: Iterable[str | bytes]) -> Any:  # noqa: ANN401 - the library has no types
    for pattern in patterns:
        made.Add(pattern)
    made.Compile()
    return made
