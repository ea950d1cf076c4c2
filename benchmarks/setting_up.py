"""What it takes to set up each product: packages, megabytes on the disk, time to a first result.

usage: setting_up.py [--only LABEL] [--json OUT]

Each gets a virtual environment of its own, with nothing in it but pip. Counted are the packages
that its requirements bring, and the bytes below `site-packages`, pip's own left out. The first
result is that of its script in `rivals/` on three paragraphs, with all imports, right after the
installation. Told are seconds of the processor's time, and on the clock. Those of the installation
are pip's, which fetches what its cache lacks: run it twice, and read the second.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from common import SCRIPTS, machine, progress, save_report, write_paragraphs

HERE = Path(__file__).resolve().parent
STORY = "The ferry turned back in the storm, and nobody on board was hurt."
OTHER = "Twelve other words stand here, so that one of three stays alone."


@dataclass(frozen=True, slots=True)
class Product:
    """What is installed, and the script that gives a first result."""

    label: str
    requirements: tuple[str, ...]
    script: str
    """In `rivals/`."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """What a command took, with the processes that it waited for."""

    processor: float
    clock: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table."""

    product: str
    packages: int
    megabytes: float
    installation: Seconds
    first_result: Seconds


def pinned(*names: str) -> tuple[str, ...]:
    """The lines of the rivals' requirements that are of some packages."""
    lines = (HERE / "requirements-rivals.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line.partition("#")[0].strip() for line in lines if line.partition("==")[0] in names]
    if len(wanted) != len(names):
        sys.exit(f"requirements-rivals.txt does not name all of {names}")
    return tuple(wanted)


PRODUCTS = (
    Product("cleaner", (str(HERE.parent),), "with_cleaner.py"),
    Product("datasketch", pinned("datasketch"), "with_datasketch.py"),
    Product("text-dedup", pinned("text-dedup"), "with_text_dedup.py"),
    Product(
        "datatrove and what its MinHash needs",
        (*pinned("datatrove", "spacy", "tokenizers", "xxhash"), "regex"),
        "with_datatrove.py",
    ),
)


def files_below(folder: Path) -> Iterator[Path]:
    """The files of `site-packages` that pip did not bring with itself."""
    own = ("pip", "setuptools", "_distutils_hack")
    for path in folder.rglob("*"):
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(own):
            yield path


def timed(command: list[str]) -> Seconds:
    """The time of a command that must succeed."""
    started, before = time.perf_counter(), os.times()
    done = subprocess.run(  # noqa: S603 - ours
        command, check=False, capture_output=True, env=os.environ | {"HF_HUB_OFFLINE": "1"}
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"exit code {done.returncode}")
    clock, after = time.perf_counter() - started, os.times()
    return Seconds(
        processor=after.children_user
        + after.children_system
        - before.children_user
        - before.children_system,
        clock=clock,
    )


def measure(product: Product, work: Path) -> Measured:
    """Install it, look at what came, and run its script."""
    environment, paragraphs = work / "environment", work / "paragraphs.jsonl"
    timed([sys.executable, "-m", "venv", str(environment)])
    python = str(environment / "bin" / "python")
    installation = timed([python, "-m", "pip", "install", "-q", *product.requirements])
    packages = next(environment.glob("lib/python*/site-packages"))
    files = list(files_below(packages))
    write_paragraphs([STORY, OTHER, STORY], paragraphs)
    script = [python, str(SCRIPTS / product.script), str(paragraphs), "0.8", str(work / "output")]
    return Measured(
        product=product.label,
        packages=len({path.parent for path in files if path.parent.suffix == ".dist-info"}),
        megabytes=sum(path.stat().st_size for path in files) / 1e6,
        installation=installation,
        first_result=timed(script),
    )


def row_of(one: Measured) -> str:
    """Its row of the table."""
    return (
        f"{one.product:40}{one.packages:9}{one.megabytes:7.0f}"
        f"{one.installation.processor:11.0f}{one.installation.clock:9.0f}"
        f"{one.first_result.processor:11.1f}{one.first_result.clock:9.1f}"
    )


def main() -> None:
    """Set up each, print and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows: list[Measured] = []
    failed: dict[str, str] = {}
    print(f"{'':56}{'installation':>20}{'first result':>20}")
    print(f"{'':40}{'packages':>9}{'MB':>7}" + f"{'CPU s':>11}{'clock s':>9}" * 2)
    for product in PRODUCTS:
        if given.only and product.label not in given.only:
            continue
        progress(product.label)
        with tempfile.TemporaryDirectory() as name:
            try:
                row = measure(product, Path(name))
            except RuntimeError as error:
                failed[product.label] = str(error)
                print(f"{product.label:40} not set up: {error}", flush=True)
                continue
        rows.append(row)
        print(row_of(row), flush=True)
        report = {"machine": machine(), "not_set_up": failed, "products": list(map(asdict, rows))}
        save_report(given.json, report)


if __name__ == "__main__":
    main()
