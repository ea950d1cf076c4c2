"""rensa, in three ways. Command line and output: see rival.py.

deduplicator: RMinHashDeduplicator.add_pairs, the way its documentation shows; candidates by LSH,
then the estimated similarity decides.
lsh: signatures by RMinHash.from_token_sets, then each is looked up in RMinHashLSH and inserted if
nothing is found. The user sets the number of bands: here the divisor of 128 with the least sum of
expected false positives and false negatives, which is how datasketch chooses.
rho: its fastest sketch, for the whole batch in one call. That flags every paragraph that is like
another, the first of them too, so the deduplicator decides among those that are flagged.
"""

from rensa import RMinHash, RMinHashDeduplicator, RMinHashLSH
from rival import PERMUTATIONS, Answer, run, shingles

SEED = 42
STEPS = 1000


def best_bands(threshold: float) -> int:
    """The number of bands with the least false positives and negatives, weighed alike."""

    def wrong(bands: int) -> float:
        rows = PERMUTATIONS // bands
        found = ((at / STEPS, 1 - (1 - (at / STEPS) ** rows) ** bands) for at in range(STEPS))
        return sum(chance if at < threshold else 1 - chance for at, chance in found)

    return min((1 << power for power in range(PERMUTATIONS.bit_length())), key=wrong)


def _shingle_all(texts: list[str], answer: Answer) -> list[list[str]]:
    with answer.stage("shingles"):
        return [shingles(text) for text in texts]


def _deduplicate(
    numbers: list[int], sets: list[list[str]], threshold: float, answer: Answer
) -> None:
    with answer.stage("search"):
        deduplicator = RMinHashDeduplicator(
            threshold=threshold, num_perm=PERMUTATIONS, use_lsh=True, seed=SEED
        )
        stays = deduplicator.add_pairs((str(number), sets[number]) for number in numbers)
        answer.removed = [number for number, stay in zip(numbers, stays, strict=True) if not stay]


def with_deduplicator(texts: list[str], threshold: float) -> Answer:
    """The documented way."""
    answer = Answer()
    sets = _shingle_all(texts, answer)
    _deduplicate(list(range(len(sets))), sets, threshold, answer)
    return answer


def with_lsh(texts: list[str], threshold: float) -> Answer:
    """Look up, then insert."""
    pairs: list[tuple[int, int]] = []
    answer = Answer(pairs=pairs)
    sets = _shingle_all(texts, answer)
    with answer.stage("signatures"):
        signatures = RMinHash.from_token_sets(sets, num_perm=PERMUTATIONS, seed=SEED)
    with answer.stage("search"):
        index = RMinHashLSH(
            threshold=threshold, num_perm=PERMUTATIONS, num_bands=best_bands(threshold)
        )
        for number, signature in enumerate(signatures):
            hits = index.query(signature)
            if hits:
                answer.removed.append(number)
                pairs.extend((number, hit) for hit in sorted(hits))
            else:
                index.insert(number, signature)
    return answer


def with_rho(texts: list[str], threshold: float) -> Answer:
    """Flag in bulk, then decide among the flagged."""
    answer = Answer()
    sets = _shingle_all(texts, answer)
    with answer.stage("flags"):
        matrix = RMinHash.digest_matrix_from_token_sets_rho(sets, num_perm=PERMUTATIONS, seed=SEED)
        index = RMinHashLSH(
            threshold=threshold, num_perm=PERMUTATIONS, num_bands=best_bands(threshold)
        )
        flags = index.query_duplicate_flags_matrix_one_shot(matrix)
        flagged = [number for number, flag in enumerate(flags) if flag]
    _deduplicate(flagged, sets, threshold, answer)
    return answer


if __name__ == "__main__":
    run("rensa", {"deduplicator": with_deduplicator, "lsh": with_lsh, "rho": with_rho})
