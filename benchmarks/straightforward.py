"""The rival: what a careful user writes in an afternoon with the same libraries.

usage: straightforward.py INPUT.jsonl[.gz] OUTPUT.jsonl

ftfy for each document, a few regular expressions for each line, datasketch MinHash and
MinHashLSH for each paragraph. One process; no record of what was removed.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import ftfy
from datasketch import MinHash, MinHashLSH

JUNK = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\W*(advertisements?|sponsored content)\W*",
        r"(article|story) continues below.{0,40}",
        r".{0,80}(/|via) ?(getty images|reuters|afp|ap|shutterstock).{0,40}",
        r"(photo|image|credit)s?( by)?:.{0,90}",
        r"(twitter|instagram): ?@\w+",
        r"(copyright|©).{0,200}",
        r"(sign up|subscribe).{0,80}newsletter.{0,80}",
        r"leave a (reply|comment)|your email address will not be published.*",
    )
]
WORD = re.compile(r"\w+")
THRESHOLD, WORDS_TO_A_SHINGLE, LEAST_WORDS = 0.8, 3, 10


def shingles(paragraph: str) -> set[str]:
    """Word 3-grams."""
    words = WORD.findall(paragraph.casefold())
    last = max(1, len(words) - WORDS_TO_A_SHINGLE + 1)
    return {" ".join(words[at : at + WORDS_TO_A_SHINGLE]) for at in range(last)}


def lines_of(text: str) -> list[str]:
    """The repaired lines of a document that are no junk."""
    lines = (line.strip() for line in ftfy.fix_text(text).split("\n"))
    return [line for line in lines if line and not any(pattern.fullmatch(line) for pattern in JUNK)]


def is_compared(line: str) -> bool:
    """Whether a line has words enough to be called a copy."""
    return len(line.split()) >= LEAST_WORDS


def clean(text: str, number: int, index: MinHashLSH, known: dict[str, set[str]]) -> str:
    """The paragraphs of a document that are neither junk nor like one seen before."""
    kept = []
    for position, line in enumerate(lines_of(text)):
        if is_compared(line):
            own = shingles(line)
            signature = MinHash(num_perm=128)
            signature.update_batch([shingle.encode() for shingle in own])
            if any(
                len(own & known[name]) >= THRESHOLD * len(own | known[name])
                for name in index.query(signature)
            ):
                continue
            name = f"{number}:{position}"
            index.insert(name, signature)
            known[name] = own
        kept.append(line)
    return "\n\n".join(kept)


def read_rows(source: Path) -> Iterator[dict[str, str]]:
    """The rows of a file, which may be compressed."""
    with gzip.open(source, "rb") if source.suffix == ".gz" else source.open("rb") as stream:
        yield from map(json.loads, stream)


def main() -> None:
    """Clean one file."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    known: dict[str, set[str]] = {}
    with target.open("w", encoding="utf-8") as out:
        for number, row in enumerate(read_rows(source)):
            text = clean(row["text"], number, index, known)
            out.write(json.dumps({"id": row["id"], "text": text}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
