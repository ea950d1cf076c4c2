"""text-dedup's MinHash, by its own command. Command line and output: see rival.py.

Its defaults (5-grams, 250 permutations, SHA-1), at the threshold, in one process. The seconds are
those of its stages between loading and saving.
"""

import os
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

from datasets import Dataset, load_from_disk
from rival import Answer, run
from text_dedup import minhash
from text_dedup.utils import IOArgs, MetaArgs, MinHashArgs, Timer

STAGES = ("MinHashing", "Clustering", "Filtering")


def search(texts: list[str], threshold: float) -> Answer:
    """One of each cluster stays, often not the first."""
    timer = Timer()
    minhash.Timer = lambda: timer  # its command keeps the times to itself
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "source", Path(name) / "target"
        rows = {"number": list(range(len(texts))), "text": texts}
        Dataset.from_dict(rows).save_to_disk(source)
        minhash.main.callback(
            io_args=IOArgs(path=str(source), output=str(target), local=True, num_proc=None),
            meta_args=MetaArgs(column="text"),
            minhash_args=MinHashArgs(threshold=threshold),
        )
        kept = set(load_from_disk(target)["number"])
    return Answer(
        removed=[number for number in range(len(texts)) if number not in kept],
        stages={stage: timer.elapsed_times[stage] for stage in STAGES},
    )


if __name__ == "__main__":
    run("text-dedup", {"default": search})
