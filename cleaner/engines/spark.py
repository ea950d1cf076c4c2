"""Tables of Apache Spark. It moves rows of numbers, and knows nothing of what they are."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from cleaner.errors import CleanerError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame, SparkSession

Rows = Mapping[str, "NDArray[Any]"]
Columns = Mapping[str, str]
Step = Callable[[Iterator[Rows]], Iterator[Rows]]

SQL_TYPES = {"int64": "bigint", "float64": "double", "binary": "binary"}
ARROW_TYPES = {"int64": pa.int64(), "float64": pa.float64(), "binary": pa.binary()}
SETTINGS = {
    # Little is brought together where much is done with it: small shares must stay apart.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
}
SHARES_PER_TASK, MOST_SHARES = 2, 4_000
"""How finely rows are spread: each share is read from all tasks that wrote rows."""
TOLD = re.compile(r"^cleaner\.[\w.]*Error: (.+)$", re.MULTILINE)
"""Where an error of ours stands in what Spark tells of a task that failed."""
RAISED = re.compile(r"^(?!org\.|java\.|scala\.)[\w.]*(?:Error|Exception)\b.*$", re.MULTILINE)
"""The same of an error of Python."""
LONGEST_TOLD = 300


@contextmanager
def spark_tables(
    master: str | None, fill: Callable[[Rows, Columns], Rows]
) -> Iterator["SparkTables"]:
    """Tables of a Spark cluster: a session that is there, or a new one, which is ended afterwards.

    Args:
        master: the address of the cluster's master; if None, what Spark is configured with.
        fill: gives rows all of some columns.

    Raises:
        CleanerError: Spark is not there, or cannot start, or a task failed again and again.

    """
    session, is_ours = _session(master)
    try:
        yield SparkTables(session, fill)
    except Exception as error:
        if isinstance(error, (CleanerError, OSError)) or not _is_of_spark(error):
            raise
        raise CleanerError(_told(error)) from error
    finally:
        if is_ours:
            session.stop()


def _session(master: str | None) -> tuple["SparkSession", bool]:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(
            "the engine spark needs a library: pip install 'corpus-cleaner[spark]'"
        ) from error
    active = SparkSession.getActiveSession()
    if active:
        return active.newSession(), False  # with settings of its own
    # What the tasks run must be what the program runs, unless somebody says otherwise.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("cleaner")
    if master:
        builder = builder.master(master)
    try:
        return builder.config("spark.ui.showConsoleProgress", "false").getOrCreate(), True
    except Exception as error:
        raise CleanerError(f"Spark does not start: {_told(error)}") from error


class SparkTables:
    """Makes tables of a session."""

    def __init__(self, session: "SparkSession", fill: Callable[[Rows, Columns], Rows]) -> None:
        self._session = session
        self._fill = fill
        self.tasks: int = session.sparkContext.defaultParallelism
        """How many shares are worked on at once."""
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        self.spread(0)

    def table(self, rows: Rows, columns: Columns) -> "SparkTable":
        """Make a table in which each row is a share of its own."""
        frame = self._session.createDataFrame(
            pa.Table.from_batches([_as_batch(rows, columns)], _arrow_schema(columns))
        )
        # From one share to as many others as there are rows: each gets one.
        shares = max(1, len(next(iter(rows.values()))))
        return SparkTable(frame.coalesce(1).repartition(shares), columns, self._fill)

    def spread(self, shares: int) -> None:
        """Bring rows that are brought together by a key into about so many shares."""
        most = max(min(shares, MOST_SHARES), SHARES_PER_TASK * self.tasks)
        self._session.conf.set("spark.sql.shuffle.partitions", str(most))


class SparkTable:
    """Rows, spread over the cluster."""

    def __init__(
        self, frame: "DataFrame", columns: Columns, fill: Callable[[Rows, Columns], Rows]
    ) -> None:
        self._frame = frame
        self._columns = columns
        self._fill = fill

    def mapped(self, step: Step, columns: Columns) -> "SparkTable":
        """What a step makes of each share of the rows."""
        fill = self._fill

        def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for rows in step(map(_as_rows, batches)):
                yield _as_batch(fill(rows, columns), columns)

        schema = ", ".join(f"`{name}` {SQL_TYPES[kind]}" for name, kind in columns.items())
        return SparkTable(self._frame.mapInArrow(work, schema), columns, fill)

    def by(self, key: str, order: Sequence[str] = ()) -> "SparkTable":
        """The rows with all of one key in one share, by key and then in this order."""
        frame = self._frame.repartition(key).sortWithinPartitions(key, *order)
        return SparkTable(frame, self._columns, self._fill)

    def joined_by(self, other: "SparkTable") -> "SparkTable":
        """The rows of both, which have the same columns."""
        return SparkTable(self._frame.union(other._frame), self._columns, self._fill)  # noqa: SLF001

    def collected(self) -> Rows:
        """All rows, in the program. They must be few."""
        return _as_rows(self._frame.toArrow())


def _arrow_schema(columns: Columns) -> pa.Schema:
    return pa.schema([(name, ARROW_TYPES[kind]) for name, kind in columns.items()])


def _as_batch(rows: Rows, columns: Columns) -> pa.RecordBatch:
    arrays = [pa.array(rows[name], ARROW_TYPES[kind]) for name, kind in columns.items()]
    return pa.RecordBatch.from_arrays(arrays, schema=_arrow_schema(columns))


def _as_rows(batch: pa.RecordBatch | pa.Table) -> Rows:
    return {
        field.name: np.array(batch.column(at).to_numpy(**_copying(batch)), dtype=_numpy_type(field))
        for at, field in enumerate(batch.schema)
    }


def _copying(batch: pa.RecordBatch | pa.Table) -> Mapping[str, bool]:
    return {} if isinstance(batch, pa.Table) else {"zero_copy_only": False}


def _numpy_type(field: pa.Field) -> Any:  # noqa: ANN401 - whatever numpy takes for a type
    return object if pa.types.is_binary(field.type) else field.type.to_pandas_dtype()


def _is_of_spark(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in {"pyspark", "py4j"}


def _told(error: Exception) -> str:
    """What happened, in a line."""
    told = str(error)
    ours = TOLD.findall(told)
    if ours:
        return str(ours[-1])
    raised = RAISED.findall(told)
    line = raised[-1] if raised else next(iter(told.splitlines()), type(error).__name__)
    return f"Spark gave up: {line[:LONGEST_TOLD]}"
