"""Dolma's deduper of paragraphs, by its compiled part. Command line and output: see rival.py.

ngrams: a paragraph goes if the threshold's share of its word 3-grams was seen before, in whichever
paragraphs. exact: it goes if the whole was. Both ask a Bloom filter that errs once in a million.
The package itself is not imported, so that `pip install --no-deps dolma` is enough.
"""

import importlib.util
import json
import tempfile
from importlib.metadata import files
from pathlib import Path
from types import ModuleType
from typing import Any

from rival import SHINGLE_SIZE, Answer, run

ATTRIBUTE, FALSE_POSITIVES = "copies", 1e-6


def compiled() -> ModuleType:
    """The module that its command calls."""
    path = next(path for path in files("dolma") or () if path.name.startswith("dolma.cpython"))
    spec = importlib.util.spec_from_file_location("dolma.dolma", str(path.locate()))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def configuration(work: Path, paragraphs: int, ngrams: dict[str, Any] | None) -> str:
    """What its command hands on, for documents of one paragraph each."""
    by = {"by_ngram": ngrams} if ngrams else {}
    return json.dumps(
        {
            "documents": [str(work / "documents" / "*.jsonl")],
            "dedupe": {
                "name": ATTRIBUTE,
                "paragraphs": {"attribute_name": ATTRIBUTE, "paragraph_separator": "\n", **by},
                "skip_empty": False,
                "min_length": 0,
                "min_words": 0,
                "num_partitions": 1,
                "partition_index": 0,
                "file_partition": False,
                "document_dir": "documents",
            },
            "bloom_filter": {
                "file": str(work / "filter.bin"),
                "read_only": False,
                "size_in_bytes": 0,
                "estimated_doc_count": 100 * paragraphs,
                "desired_false_positive_rate": FALSE_POSITIVES,
            },
            "is_s3_volume": False,
            "work_dir": {"input": str(work / "input"), "output": str(work / "output")},
            "processes": 1,
            "compression": {"input": None, "output": None},
        }
    )


def _search(texts: list[str], ngrams: dict[str, Any] | None) -> Answer:
    deduper, answer = compiled().deduper_entrypoint, Answer()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for folder in ("documents", "input", "output"):
            (work / folder).mkdir()
        with (work / "documents" / "rows.jsonl").open("w", encoding="utf-8") as out:
            for number, text in enumerate(texts):
                row = {"id": str(number), "text": text, "source": "rows"}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        with answer.stage("all"):
            deduper(configuration(work, len(texts), ngrams))
        with (work / "attributes" / ATTRIBUTE / "rows.jsonl").open(encoding="utf-8") as rows:
            marked = [json.loads(row) for row in rows]
    answer.removed = [int(row["id"]) for row in marked if row["attributes"].get(ATTRIBUTE)]
    return answer


def search_ngrams(texts: list[str], threshold: float) -> Answer:
    """By the share of 3-grams seen before."""
    ngrams = {"ngram_length": SHINGLE_SIZE, "stride": 0, "overlap_threshold": threshold}
    return _search(texts, {**ngrams, "skip_short_paragraphs": False})


def search_exact(texts: list[str], _: float) -> Answer:
    """By the whole paragraph; the threshold given is not used."""
    return _search(texts, None)


if __name__ == "__main__":
    run("dolma", {"ngrams": search_ngrams, "exact": search_exact})
