"""How far the input was read when a batch was full, so that a later run can read on from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ReadTo:
    """A place in the input between two records."""

    batches: int = 0
    """Those before it."""
    input_bytes: int = 0
    """What these were credited with."""
    file: int = 0
    """The number of the file in which it is; those before are read."""
    items: int = 0
    """Records of that file before it, rejected ones as well."""
    byte: int = 0
    """Its place in that file, if it is one of rows that is not packed; else 0."""
    line: int = 0
    """The number of the line that ends there."""
    skipped: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What was met before it that is no record, as `Skips.as_row` gives it."""


BEGINNING = ReadTo()
