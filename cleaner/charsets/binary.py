"""Files that are named like text and are something else."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Those that text has no use for. NUL is apart: files are padded with it."""
MOST_CONTROLS = 0.05
MOST_NULS = 0.3
LOOKED_AT = 1 << 16


def kind_of_binary(data: bytes) -> str | None:
    """What a file is that is known by its first bytes, as `a PNG picture`; None for others."""
    for start, kind in _signatures()["begins_with"].items():
        if data.startswith(start.encode("latin-1")):
            return kind
    if data.startswith(b"RIFF"):
        return _signatures()["riff"].get(data[8:12].decode("latin-1"))
    return None


def is_mostly_controls(text: str) -> bool:
    """Whether there are more control characters than any text has. Of random bytes a tenth are."""
    head = text[:LOOKED_AT]
    controls = sum(1 for _ in CONTROLS.finditer(head))
    return controls > len(head) * MOST_CONTROLS or head.count("\0") > len(head) * MOST_NULS


@cache
def _signatures() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("signatures.toml").read_text("utf-8"))
