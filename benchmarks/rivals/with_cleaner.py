"""The search of this project. Command line and output: see rival.py."""

from dataclasses import replace

from rival import Answer, run

from cleaner import Config
from cleaner.duplicates import search_paragraphs

SHINGLES = Config(min_words=1, numbers_agree=False, names_agree=False, negations_agree=False)


def search(texts: list[str], threshold: float, config: Config = SHINGLES) -> Answer:
    """By word shingles alone, as the rivals do: differing numbers, names, negations may pass."""
    answer = Answer()
    with answer.stage("all"):
        copies = list(search_paragraphs(texts, replace(config, threshold=threshold)))
    answer.pairs = [(copy.place, copy.of) for copy in copies]
    answer.removed = [copy.place for copy in copies]
    return answer


def search_facts(texts: list[str], threshold: float) -> Answer:
    """As it comes: numbers, names and negations must agree."""
    return search(texts, threshold, Config())


if __name__ == "__main__":
    run("corpus-cleaner", {"default": search, "facts": search_facts})
