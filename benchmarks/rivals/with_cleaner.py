"""The search of this project. Command line and output: see rival.py."""

from rival import Answer, run

from cleaner import Config
from cleaner.duplicates import search_paragraphs


def search(texts: list[str], threshold: float) -> Answer:
    """By word shingles alone, as the rivals do: differing numbers, names, negations may pass."""
    config = Config(
        threshold=threshold,
        min_words=1,
        numbers_agree=False,
        names_agree=False,
        negations_agree=False,
    )
    answer = Answer()
    with answer.stage("all"):
        copies = list(search_paragraphs(texts, config))
    answer.pairs = [(copy.place, copy.of) for copy in copies]
    answer.removed = [copy.place for copy in copies]
    return answer


if __name__ == "__main__":
    run("corpus-cleaner", {"default": search})
