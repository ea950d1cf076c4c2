"""How much of an article, and of what else, comes out of a page: the cleaner and its rivals.

usage: extraction.py GOLD.jsonl[.gz] [--only NAME ...] [--json OUT]

GOLD rows are {"html", "body": text} or {"html", "paragraphs": [text, ...]}: what a human says the
article is. Each extractor that is installed gets each page. Compared are the multisets of runs of
four words: precision and recall, averaged over the pages, F1 of the two averages, and the share of
pages whose words are the article's and nothing else ("exact"). An error counts as no text.
Pages a second are CPU time of one process, warm: each extractor reads all pages once untimed, so
that what is imported, compiled or built when first needed does not count. The extractors take turns
at each page, and begin with another one each time. The ratio is to trafilatura's default.
"""

import argparse
import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from common import machine, progress, save_report

WORD = re.compile(r"\w+")
RUN = 4
YARDSTICK = "trafilatura"

Extract = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its article."""

    html: str
    article: str


@dataclass(frozen=True, slots=True)
class Score:
    """What one extractor reached."""

    extractor: str
    f1: float
    precision: float
    recall: float
    exact: float
    pages_a_second: float


def pages(path: Path) -> list[Page]:
    """All pages of a file."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        rows = [json.loads(line) for line in stream]
    return [Page(row["html"], row.get("body") or "\n".join(row["paragraphs"])) for row in rows]


def runs_of(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words; a shorter text is one run."""
    words = WORD.findall(text)
    count = max(1, len(words) - RUN + 1) if words else 0
    return Counter(tuple(words[at : at + RUN]) for at in range(count))


@dataclass(slots=True)
class Tally:
    """What one extractor has reached so far: a figure for each page, and its time for all."""

    precisions: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    exact: int = 0
    seconds: float = 0.0

    def add(self, text: str, article: str, seconds: float) -> None:
        """Count in one page."""
        found, wanted = runs_of(text), runs_of(article)
        shared = (found & wanted).total()
        self.precisions.append(shared / found.total() if found else 0.0)
        self.recalls.append(shared / wanted.total() if wanted else 1.0)
        self.exact += WORD.findall(text) == WORD.findall(article)
        self.seconds += seconds

    def score(self, name: str) -> Score:
        """The averages."""
        precision, recall = statistics.mean(self.precisions), statistics.mean(self.recalls)
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        size = len(self.recalls)
        return Score(name, f1, precision, recall, self.exact / size, size / self.seconds)


def timed(extract: Extract, html: str) -> tuple[str, float]:
    """The text of a page, and the seconds that it took."""
    started = time.process_time()
    try:
        text = extract(html) or ""
    except Exception:  # noqa: BLE001 - whatever a rival dies of, it found no text
        text = ""
    return text, time.process_time() - started


def scores_of(chosen: Mapping[str, Extract], everything: Sequence[Page]) -> list[Score]:
    """Run the extractors over all pages, in turn at each page."""
    for name, extract in chosen.items():
        progress(f"{name} warms up")
        for page in everything:
            timed(extract, page.html)
    progress("all take turns")
    tallies = {name: Tally() for name in chosen}
    names = list(chosen)
    for number, page in enumerate(everything):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            text, seconds = timed(chosen[name], page.html)
            tallies[name].add(text, page.article, seconds)
    return [tallies[name].score(name) for name in names]


def extractors() -> dict[str, Extract]:
    """Those that are installed."""
    from cleaner import clean_html

    found: dict[str, Extract] = {"cleaner": lambda html: clean_html(html).text}
    trafilatura = import_module("trafilatura")
    plain = {"include_comments": False}
    for name, options in (
        (YARDSTICK, {}),
        ("trafilatura, precision", {"favor_precision": True}),
        ("trafilatura, recall", {"favor_recall": True}),
        ("trafilatura, fast", {"fast": True}),
    ):
        found[name] = lambda html, options=options: trafilatura.extract(html, **plain, **options)
    for module, make in (
        ("resiliparse.extract.html2text", _resiliparse),
        ("readability", _readability),
        ("justext", _justext),
        ("newspaper", _newspaper),
    ):
        try:
            found[module.partition(".")[0]] = make(import_module(module))
        except ImportError:
            progress(f"{module} is not installed, and left out")
    return found


def _newspaper(module: Any) -> Extract:  # noqa: ANN401 - a module without types
    tldextract = import_module("tldextract")
    # Left alone it asks the network for a list of domains, and waits.
    import_module("newspaper.urls").tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())

    def extract(html: str) -> str:
        article = module.Article("https://paper.example/article", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return extract


def _resiliparse(module: Any) -> Extract:  # noqa: ANN401 - a module without types
    return lambda html: module.extract_plain_text(html, main_content=True)


def _readability(module: Any) -> Extract:  # noqa: ANN401
    from lxml.html import fromstring

    return lambda html: fromstring(module.Document(html).summary()).text_content()


def _justext(module: Any) -> Extract:  # noqa: ANN401
    words = module.get_stoplist("English")

    def extract(html: str) -> str:
        found = module.justext(html, words)
        return "\n".join(one.text for one in found if not one.is_boilerplate)

    return extract


def installed_version(name: str) -> str | None:
    """The version of an extractor's package."""
    package = {"cleaner": "corpus-cleaner", "readability": "readability-lxml"}.get(name, name)
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def main() -> None:
    """Print a table, and write the figures if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    everything = pages(arguments.gold)
    chosen = {
        name: extract
        for name, extract in extractors().items()
        if not arguments.only or name in (*arguments.only, YARDSTICK)
    }
    scores = scores_of(chosen, everything)
    base = next(one.pages_a_second for one in scores if one.extractor == YARDSTICK)
    print(f"{len(everything)} pages, each extractor warm, in turn at each page")
    print(f"{'':24}    F1  precision  recall  exact  pages/s  ratio")
    for one in scores:
        print(
            f"{one.extractor:24}{one.f1:6.4f}{one.precision:11.4f}{one.recall:8.4f}{one.exact:7.3f}"
            f"{one.pages_a_second:9.1f}{one.pages_a_second / base:7.2f}"
        )
    save_report(
        arguments.json,
        {
            "machine": machine(),
            "versions": {one.extractor: installed_version(one.extractor) for one in scores},
            "pages": len(everything),
            "scores": [asdict(one) for one in scores],
        },
    )


if __name__ == "__main__":
    main()
