"""Read the files of an output, row by row, and say which rows are not what they should be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import orjson

from cleaner.config import Config
from cleaner.json_lines import may_lose_digits
from cleaner.output.faults import Fault, FaultKind, Report
from cleaner.output.shapes import what_is_wrong
from cleaner.output_formats import PARQUET, is_metadata_text
from cleaner.packing import DAMAGED, open_rows
from cleaner.parquet import ParquetError, read_parquet
from cleaner.written import FOLDERS, OUTPUT_NAME


@dataclass(frozen=True, slots=True)
class Output:
    """A finished output: where it is, and by which options it was written."""

    folder: Path
    config: Config

    def suffix_of(self, kind: str) -> str:
        """How its files of one kind of row end."""
        return f".{self.config.output_format}" if kind in ("documents", "removed") else ".jsonl"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has the keys and the kinds of values that it should."""

    where: str
    """Its file, and its number there from 1."""
    values: dict[str, Any]


def read_rows(output: Output, kind: str, report: Report) -> Iterator[Row]:
    """The rows of one kind, in order; those that are not as they should be are reported."""
    for path in _files_of(output, kind, report):
        name, number = path.relative_to(output.folder).as_posix(), 0
        try:
            for row in _rows_in(path, name, kind, output.config, report):
                number += 1
                if row is not None:
                    yield row
        except (*DAMAGED, ParquetError) as error:
            told = f"from this row on it cannot be read: {error}"
            report(Fault(FaultKind.DAMAGED, f"{name}:{number + 1}", told))
        except OSError as error:
            report(Fault(FaultKind.MISSING, name, f"it cannot be read: {error.strerror}"))


def _files_of(output: Output, kind: str, report: Report) -> Iterator[Path]:
    suffix = output.suffix_of(kind)
    if kind not in FOLDERS:
        yield output.folder / f"{kind}{suffix}"
        return
    found = shards(output.folder, kind, suffix)
    for number in range(found[-1] + 1 if found else 1):
        path = output.folder / kind / f"part-{number:05d}{suffix}"
        if found and number not in found:
            name = path.relative_to(output.folder).as_posix()
            report(Fault(FaultKind.MISSING, name, "there is no such file, though later ones are"))
            continue
        yield path


def shards(clean: Path, kind: str, suffix: str) -> list[int]:
    """The numbers of the files of one kind, in order."""
    names = {
        path.name.removeprefix("part-").removesuffix(suffix)
        for path in (clean / kind).glob(f"part-*{suffix}")
        if OUTPUT_NAME.fullmatch(f"{kind}/{path.name}")
    }
    return sorted(map(int, names))


def _rows_in(
    path: Path, name: str, kind: str, config: Config, report: Report
) -> Iterator[Row | None]:
    """The rows of a file; None in the place of one that is not as it should be."""
    if path.suffix == f".{PARQUET}":
        for number, values in enumerate(read_parquet(path, kind), 1):
            yield _checked(values, kind, f"{name}:{number}", config, report)
        return
    with open_rows(path) as stream:
        for number, line in enumerate(stream, 1):
            where = f"{name}:{number}"
            if not line.endswith(b"\n"):
                report(Fault(FaultKind.CUT_OFF, where, "the file ends within this row"))
                yield None
                continue
            try:
                values = load_exactly(line)
            except (ValueError, RecursionError) as error:
                report(Fault(FaultKind.NOT_JSON, where, f"the row is not JSON: {error}"))
                yield None
                continue
            yield _checked(values, kind, where, config, report)


def _checked(values: Any, kind: str, where: str, config: Config, report: Report) -> Row | None:  # noqa: ANN401 - whatever JSON it is
    """A row, if its values are what they should be; its metadata as an object."""
    is_text = kind == "documents" and is_metadata_text(config)
    wrong = (_unfold_metadata(values) if is_text else None) or what_is_wrong(values, kind)
    if wrong is not None:
        report(Fault(FaultKind.SHAPE, where, wrong))
        return None
    return Row(where, values)


def _unfold_metadata(values: Any) -> str | None:  # noqa: ANN401 - the same
    """Put the object that a text of JSON holds in the place of that; what is wrong, if it fails."""
    text = values.get("metadata") if isinstance(values, dict) else None
    if not isinstance(text, str):
        return "metadata must be JSON in a text"
    try:
        values["metadata"] = load_exactly(text.encode())
    except (ValueError, RecursionError) as error:
        return f"metadata must be JSON in a text: {error}"
    return None


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
