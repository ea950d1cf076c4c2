"""Let the workers' libraries load while the program still loads its own.

Nothing heavy is imported here, as that is what the time is won from.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRELOADED = ("cleaner.pipeline", "cleaner.rules.ready")
LARGE = 4 << 20
"""Bytes of input. For less, a process that loads beside the program saves no more than it costs."""


def begin_early(raw: Path) -> None:
    """Begin to load what workers need, if a run over that input is worth it.

    Where the program itself can be forked, it will be once it has loaded its own libraries. For
    that it must have one thread, but numpy brings a library that starts some for what we never do.
    """
    for library in ("OPENBLAS", "OMP"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if _is_large(raw):
        from cleaner.engines.starting import begin_loading

        begin_loading(PRELOADED)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage while libraries load, nor among what they made ever after."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _is_large(raw: Path) -> bool:
    size = 0
    for path in _files(raw):
        try:
            size += path.stat().st_size
        except OSError:  # the run itself will tell of it
            continue
        if size >= LARGE:
            return True
    return False


def _files(raw: Path) -> Iterator[Path]:
    if raw.is_file():
        yield raw
    for folder, _, names in os.walk(raw):
        yield from (Path(folder) / name for name in names)
