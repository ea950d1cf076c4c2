"""Read the files of an output, row by row, and say which rows are not what they should be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import orjson

from cleaner.json_lines import may_lose_digits
from cleaner.output.faults import Fault, FaultKind, Report
from cleaner.output.shapes import what_is_wrong
from cleaner.workspace import OUTPUT_NAME

SHARDED = ("documents", "removed", "signatures")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has the keys and the kinds of values that it should."""

    where: str
    """Its file, and its number there from 1."""
    values: dict[str, Any]


def read_rows(clean: Path, kind: str, report: Report) -> Iterator[Row]:
    """The rows of one kind, in order; those that are not as they should be are reported."""
    for path in _files_of(clean, kind, report):
        name = path.relative_to(clean).as_posix()
        try:
            with path.open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    values = _values(line, kind, f"{name}:{number}", report)
                    if values is not None:
                        yield Row(f"{name}:{number}", values)
        except OSError as error:
            report(Fault(FaultKind.MISSING, name, f"it cannot be read: {error.strerror}"))


def _files_of(clean: Path, kind: str, report: Report) -> Iterator[Path]:
    if kind not in SHARDED:
        yield clean / f"{kind}.jsonl"
        return
    found = shards(clean, kind, ".jsonl")
    for number in range(found[-1] + 1 if found else 1):
        path = clean / kind / f"part-{number:05d}.jsonl"
        if found and number not in found:
            name = path.relative_to(clean).as_posix()
            report(Fault(FaultKind.MISSING, name, "there is no such file, though later ones are"))
            continue
        yield path


def shards(clean: Path, kind: str, suffix: str) -> list[int]:
    """The numbers of the files of one kind, in order."""
    names = {
        path.stem.removeprefix("part-")
        for path in (clean / kind).glob(f"part-*{suffix}")
        if OUTPUT_NAME.fullmatch(f"{kind}/{path.name}")
    }
    return sorted(map(int, names))


def _values(line: bytes, kind: str, where: str, report: Report) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        report(Fault(FaultKind.CUT_OFF, where, "the file ends within this row"))
        return None
    try:
        values = load_exactly(line)
    except (ValueError, RecursionError) as error:
        report(Fault(FaultKind.NOT_JSON, where, f"the row is not JSON: {error}"))
        return None
    wrong = what_is_wrong(values, kind)
    if wrong is not None:
        report(Fault(FaultKind.SHAPE, where, wrong))
        return None
    checked: dict[str, Any] = values
    return checked


def load_exactly(line: bytes) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Read one JSON value as it was written, lone surrogates and all digits of integers kept.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.

    """
    if not may_lose_digits(line):
        try:
            return orjson.loads(line)
        except orjson.JSONDecodeError:
            pass  # the standard library reads lone surrogates and deep nesting
    return json.loads(line, parse_constant=_refuse)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
