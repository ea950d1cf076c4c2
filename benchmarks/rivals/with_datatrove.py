"""datatrove's four MinHash steps, in one process. Command line and output: see rival.py.

nearest: buckets and hashes to a bucket as near to the threshold as its number of hashes allows.
default: its own 14 buckets of 8 hashes, which it puts at 0.72; the threshold given is not used.
Otherwise its defaults: 5-grams, and text with digits, accents and punctuation taken out of play.
"""

import math
import tempfile
from pathlib import Path

from datatrove.data import Document
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from loguru import logger
from rival import Answer, run


def nearest(threshold: float) -> MinhashConfig:
    """No more hashes than the default has, at the (1 / buckets) ** (1 / hashes) that is nearest."""
    default = MinhashConfig()
    hashes = default.num_buckets * default.hashes_per_bucket

    def distance(rows: int) -> float:
        return abs(math.pow(hashes // rows, -1 / rows) - threshold)

    rows = min(range(1, hashes // 2 + 1), key=distance)
    return MinhashConfig(num_buckets=hashes // rows, hashes_per_bucket=rows)


def _search(texts: list[str], config: MinhashConfig) -> Answer:
    logger.remove()
    documents = [Document(text=text, id=str(number)) for number, text in enumerate(texts)]
    answer = Answer()
    with tempfile.TemporaryDirectory() as name:
        signatures, buckets, clusters = (
            str(Path(name) / step) for step in ("signatures", "buckets", "clusters")
        )
        sign = MinhashDedupSignature(signatures, config)
        sign.word_tokenizer.word_tokenize("Loads what it needs.")
        with answer.stage("signatures"):
            sign.run(iter(documents))
        with answer.stage("buckets"):
            for bucket in range(config.num_buckets):
                MinhashDedupBuckets(signatures, buckets, config=config).run(
                    rank=bucket, world_size=config.num_buckets
                )
        with answer.stage("clusters"):
            MinhashDedupCluster(buckets, clusters, config=config).run()
        with answer.stage("filter"):
            kept = {int(document.id) for document in MinhashDedupFilter(clusters).run(documents)}
    answer.removed = [number for number in range(len(texts)) if number not in kept]
    return answer


def search_nearest(texts: list[str], threshold: float) -> Answer:
    """Buckets to suit the threshold."""
    return _search(texts, nearest(threshold))


def search_default(texts: list[str], _: float) -> Answer:
    """Buckets as they come."""
    return _search(texts, MinhashConfig())


if __name__ == "__main__":
    run("datatrove", {"nearest": search_nearest, "default": search_default})
