"""Which share of files in legacy encodings comes out right, and at what cost.

    python benchmarks/encodings.py FILE.jsonl.gz [FILE.jsonl.gz ...]

Each row is {"id", "codec", "bytes" (base64), "non_ascii"}: all characters of the file beyond ASCII,
in order. A file is right if what was read holds just these. Nothing but the bytes is given. Other
detectors take part if they are installed: chardet, charset-normalizer, resiliparse.
"""

import argparse
import base64
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import chain
from pathlib import Path

from cleaner.stages.charset import decode_bytes

Reader = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class File:
    """A file and what is in it beyond ASCII."""

    id: str
    codec: str
    data: bytes
    non_ascii: str


@dataclass(slots=True)
class Score:
    """How one detector fares."""

    seconds: float = 0.0
    wrong: list[tuple[File, str]] = field(default_factory=list)


def files_of(path: Path) -> Iterator[File]:
    """The rows of a file, packed or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            data = base64.b64decode(row["bytes"])
            yield File(row["id"], row["codec"], data, row["non_ascii"])


def ours(data: bytes) -> str:
    """What the cleaner reads."""
    return decode_bytes(data, is_html=False).text


def rivals() -> Iterator[tuple[str, Reader]]:
    """The detectors that are installed."""
    for name, module, guess in (
        ("chardet", "chardet", lambda found, data: found.detect(data)["encoding"]),
        ("charset-normalizer", "charset_normalizer", _best_of_normalizer),
        (
            "resiliparse",
            "resiliparse.parse.encoding",
            lambda found, data: found.detect_encoding(data),
        ),
    ):
        try:
            found = import_module(module)
        except ImportError:
            print(f"{name} is not installed and left out")
            continue
        yield name, _reader(found, guess)


def _best_of_normalizer(found: object, data: bytes) -> str | None:
    best = found.from_bytes(data).best()
    return best.encoding if best else None


def _reader(found: object, guess: Callable[[object, bytes], str | None]) -> Reader:
    def read(data: bytes) -> str:
        try:
            return data.decode(guess(found, data) or "ascii", "replace")
        except LookupError:
            return data.decode("ascii", "replace")

    return read


def measure(files: list[File], readers: dict[str, Reader]) -> dict[str, Score]:
    """Each file by each reader in turn, so that other work on the machine hits all alike."""
    scores = {name: Score() for name in readers}
    for read in readers.values():
        read(files[0].data)  # tables are loaded once
    for file in files:
        for name, read in readers.items():
            start = time.process_time()
            text = read(file.data)
            scores[name].seconds += time.process_time() - start
            found = "".join(each for each in text if not each.isascii())
            if found != file.non_ascii:
                scores[name].wrong.append((file, found))
    return scores


def show(files: list[File], scores: dict[str, Score]) -> None:
    """The table, the same by codec, and what the cleaner got wrong."""
    first = scores["cleaner"].seconds
    for name, score in scores.items():
        right = 1 - len(score.wrong) / len(files)
        print(
            f"{name:20} right {right:.4f}  {1000 * score.seconds / len(files):7.2f} ms a file"
            f"  {score.seconds / first:6.2f} times the cleaner's"
        )
    totals = Counter(file.codec for file in files)
    print(f"\n{'files wrong':20} {'of':>5}", *(f"{name:>20}" for name in scores))
    wrong = {name: Counter(file.codec for file, _ in score.wrong) for name, score in scores.items()}
    for codec, total in totals.most_common():
        print(f"{codec:20} {total:5}", *(f"{wrong[name][codec]:20}" for name in scores))
    print()
    for file, found in scores["cleaner"].wrong:
        decoded = decode_bytes(file.data, is_html=False)
        print(file.codec, decoded.charset, decoded.decided_by, decoded.confidence, file.id)
        print("   ", file.non_ascii[:40], "|", found[:40])


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl.gz")
    files = list(chain.from_iterable(map(files_of, parser.parse_args().files)))
    show(files, measure(files, {"cleaner": ours, **dict(rivals())}))


if __name__ == "__main__":
    main()
