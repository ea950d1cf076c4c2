"""What it costs if one record in a hundred is hostile, and whether it changes anything else.

    python benchmarks/hostile.py ROWS.jsonl

Cleans the honest rows alone and with rows made of the cases in `tests/hostile_corpus.py` among
them, by turns. Prints whether the honest documents came out the same, and the ratio of the times.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from common import machine, progress, save_report

from cleaner import Config, run

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from hostile_corpus import CASES, Case, story_of

EVERY = 100


def hostile_rows() -> list[tuple[str, bytes]]:
    """Each case that is not packed, as a row without an id, with its name."""
    rows = [(case.name, _as_row(case, number)) for number, case in enumerate(CASES)]
    return [(name, row) for name, row in rows if row]


def _as_row(case: Case, number: int) -> bytes:
    data = case.make(story_of(number))
    if case.name.endswith(".jsonl"):
        # Without the ids that claim those of others, which would rightly rename them.
        return data.strip() if b'"id"' not in data else b""
    field = {".txt": "text", ".html": "html"}.get(Path(case.name).suffix)
    if field is None:
        return b""
    return json.dumps({field: data.decode("utf-8", "replace")}).encode()


def mixed(honest: list[bytes], hostile: list[tuple[str, bytes]]) -> Iterator[bytes]:
    """The honest rows, with a hostile one after each 99."""
    others = cycle(row for _, row in hostile)
    for number, row in enumerate(honest, 1):
        yield row
        if number % (EVERY - 1) == 0:
            yield next(others)


def honest_documents(clean: Path) -> list[bytes]:
    """The rows of documents and of what was removed that have one of our ids."""
    files = sorted((clean / "documents").iterdir()) + sorted((clean / "removed").iterdir())
    lines = [line for path in files for line in path.read_bytes().splitlines()]
    return [line for line in lines if json.loads(line)["id"].startswith("honest-")]


def main() -> None:
    """Read the arguments, clean by turns, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path, help="JSONL with `text`")
    parser.add_argument("--limit", type=int, default=None, help="rows to read")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--report", type=Path, help="JSON file for the figures")
    options = parser.parse_args()
    with options.rows.open("rb") as stream:
        read = [json.loads(line) for line in islice(stream, options.limit)]
    honest = [
        json.dumps({**row, "id": f"honest-{number}"}).encode() for number, row in enumerate(read)
    ]
    hostile = hostile_rows()
    seconds: dict[str, list[float]] = {"alone": [], "beside": []}
    outputs: dict[str, list[bytes]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, rows in (("alone", honest), ("beside", mixed(honest, hostile))):
            (folder / kind).mkdir()
            (folder / kind / "rows.jsonl").write_bytes(b"\n".join(rows))
        for number in range(options.rounds):
            for kind, times in seconds.items():
                progress(f"round {number + 1}: {kind}")
                begin = time.perf_counter()
                config = Config(workers=options.workers)
                run(folder / kind, folder / f"clean-{kind}", config, overwrite=True)
                times.append(time.perf_counter() - begin)
                outputs[kind] = honest_documents(folder / f"clean-{kind}")
        sizes = [(folder / kind / "rows.jsonl").stat().st_size for kind in seconds]
    ratio = statistics.median(seconds["alone"]) / statistics.median(seconds["beside"])
    by_bytes = ratio * sizes[1] / sizes[0]
    same = outputs["alone"] == outputs["beside"]
    print(f"{len(honest):,} honest rows, {sizes[0] / 1e6:.1f} MB; beside them {len(hostile)} kinds")
    print(f"of hostile rows, one in {EVERY}, {(sizes[1] - sizes[0]) / 1e6:.1f} MB")
    print(f"honest documents: {'the same' if same else 'NOT the same'}")
    print(f"honest rows a second, beside hostile ones against alone: {ratio:.2f}")
    print(f"megabytes a second, the same: {by_bytes:.2f}")
    save_report(
        options.report,
        {"machine": machine(), "seconds": seconds, "ratio": ratio, "same": same, "bytes": sizes},
    )


if __name__ == "__main__":
    main()
