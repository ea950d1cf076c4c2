"""The rival: what a careful user writes in an afternoon with the same libraries.

usage: straightforward.py INPUT.jsonl[.gz] OUTPUT.jsonl

ftfy for each document, a few regular expressions for each line, datasketch MinHash and
MinHashLSH for each paragraph. One process; no record of what was removed.
"""

import gzip
import json
import re
import sys
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


def clean(text: str, number: int, index: MinHashLSH, known: dict[str, set[str]]) -> str:
    """The paragraphs of a document that are neither junk nor like one seen before."""
    kept = []
    for position, raw_line in enumerate(ftfy.fix_text(text).split("\n")):
        line = raw_line.strip()
        if not line or any(pattern.fullmatch(line) for pattern in JUNK):
            continue
        if len(line.split()) >= LEAST_WORDS:
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


def main() -> None:
    """Clean one file."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    data = source.read_bytes()
    rows = (gzip.decompress(data) if source.suffix == ".gz" else data).splitlines()
    index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    known: dict[str, set[str]] = {}
    with target.open("w", encoding="utf-8") as out:
        for number, line in enumerate(rows):
            row = json.loads(line)
            text = clean(row["text"], number, index, known)
            out.write(json.dumps({"id": row["id"], "text": text}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
