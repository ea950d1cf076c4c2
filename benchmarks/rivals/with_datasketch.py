"""datasketch, by its own index. Command line and output: see rival.py.

Signatures by MinHash.bulk. Each paragraph is looked up in MinHashLSH: it goes if anything is
found, and is inserted if nothing is.
"""

from datasketch import MinHash, MinHashLSH
from rival import PERMUTATIONS, Answer, run, shingles


def search(texts: list[str], threshold: float) -> Answer:
    """Look up, then insert."""
    pairs: list[tuple[int, int]] = []
    answer = Answer(pairs=pairs)
    with answer.stage("shingles"):
        sets = [[shingle.encode() for shingle in shingles(text)] for text in texts]
    with answer.stage("signatures"):
        signatures = MinHash.bulk(sets, num_perm=PERMUTATIONS)
    with answer.stage("search"):
        index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        for number, signature in enumerate(signatures):
            hits = index.query(signature)
            if hits:
                answer.removed.append(number)
                pairs.extend((number, hit) for hit in sorted(hits))
            else:
                index.insert(number, signature)
    return answer


if __name__ == "__main__":
    run("datasketch", {"default": search})
