"""Give a target of `tests/fuzz_targets.py` one input after the other that its code has not seen.

With atheris (`pip install atheris`) the inputs are led by what they make the code do; without it
they are seeds with bytes changed at random. What breaks a promise is printed, and the run stops.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))


def main() -> None:
    """Read the arguments and fuzz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", help="a name in TARGETS of tests/fuzz_targets.py")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--no-atheris", action="store_true", help="change bytes at random")
    options = parser.parse_args()
    try:
        import atheris
    except ImportError:
        atheris = None
    if atheris is None or options.no_atheris:
        from fuzz_targets import SEEDS, TARGETS

        at_random(TARGETS[options.target], SEEDS[options.target], options.minutes)
        return
    with atheris.instrument_imports(include=["cleaner"]):
        from fuzz_targets import SEEDS, TARGETS

        import cleaner.stages.html_page  # noqa: F401 - so that it is instrumented
    # The library leaves the process by itself, so that nothing here could take the folder away.
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{options.target}-"))
    for number, seed in enumerate(SEEDS[options.target]):
        (corpus / f"seed-{number}").write_bytes(seed)
    settings = [f"-max_total_time={int(options.minutes * 60)}", "-max_len=4096", "-len_control=0"]
    settings.append(f"-artifact_prefix={corpus}/")  # else what breaks it is left where one stands
    atheris.Setup([sys.argv[0], *settings, str(corpus)], TARGETS[options.target])
    atheris.Fuzz()


def at_random(target, seeds, minutes) -> None:  # noqa: ANN001 - a function, bytes, a number
    """Change bytes of the seeds and of what was made of them."""
    chance = random.Random()  # noqa: S311 - chance, not secrets
    end, tried = time.monotonic() + minutes * 60, 0
    while time.monotonic() < end:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 12)):
            at = chance.randint(0, len(data))
            length = chance.choice((0, 0, 1, 1, 4, 40))
            data[at : at + length] = chance.randbytes(chance.choice((0, 1, 1, 4)))
        try:
            target(bytes(data))
        except BaseException:
            print(f"broken after {tried:,} by {bytes(data)!r}")
            raise
        tried += 1
    print(f"{tried:,} inputs in {minutes:g} minutes, none breaks a promise")


if __name__ == "__main__":
    main()
