"""The straightforward script with another library's search in place of datasketch's.

usage: whole_job.py INPUT.jsonl[.gz] OUTPUT.jsonl {text-dedup,datatrove}

One process. All paragraphs are held in memory, as both libraries compare rows or documents and here
a paragraph is one.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from straightforward import THRESHOLD, is_compared, lines_of, read_rows

SEARCHES = {
    "text-dedup": ("with_text_dedup", "search"),
    "datatrove": ("with_datatrove", "search_nearest"),
}


def main() -> None:
    """Clean one file."""
    source, target, library = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    module, function = SEARCHES[library]
    documents = [(row["id"], lines_of(row["text"])) for row in read_rows(source)]
    compared = [line for _, lines in documents for line in lines if is_compared(line)]
    removed = set(getattr(import_module(module), function)(compared, THRESHOLD).removed)
    number = 0
    with target.open("w", encoding="utf-8") as out:
        for name, lines in documents:
            kept = []
            for line in lines:
                if is_compared(line):
                    number += 1
                    if number - 1 in removed:
                        continue
                kept.append(line)
            row = {"id": name, "text": "\n\n".join(kept)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
