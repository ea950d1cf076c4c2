"""Draw how likely the search finds a pair, against how similar the pair is.

usage: bands.py

For some thresholds: the bands and rows that the cleaner cuts signatures into, and the probability
that two paragraphs share a band and so are compared. The curves are written to bands.svg beside
this script, and a table is printed. Nothing is measured: all of it is computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner.duplicates.bands import candidate_probability, rows_per_band
from cleaner.duplicates.signatures import PERMUTATIONS

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
BELOW = 0.2
"""How far below the threshold the table also looks: such pairs are compared in vain."""

WIDTH, HEIGHT = 860, 430
LEFT, RIGHT, TOP, BOTTOM = 66, 222, 26, 58
"""Margins around the plot."""
STEPS, TICKS = 300, 5
LABEL_AT = 0.35
"""The probability at which a curve carries its label: there the curves lie well apart."""
LINE = 24
"""Height of a line of the legend."""

LIGHT = ("#0969da", "#1a7f37", "#9a6700", "#cf222e", "#8250df", "#57606a")
DARK = ("#58a6ff", "#3fb950", "#d29922", "#ff7b72", "#bc8cff", "#8b949e")


@dataclass(frozen=True, slots=True)
class Curve:
    """The candidate probability with one way to cut signatures, and the thresholds that use it."""

    bands: int
    rows: int
    thresholds: tuple[float, ...]

    @property
    def name(self) -> str:
        """Bands times rows, as XML."""
        return f"{self.bands} &#215; {self.rows}"

    def at(self, similarity: float) -> float:
        """The probability that a pair of some similarity is compared."""
        return candidate_probability(similarity, self.bands, self.rows)

    def where(self, probability: float) -> float:
        """The similarity at which a pair is compared with some probability."""
        return (1 - (1 - probability) ** (1 / self.bands)) ** (1 / self.rows)


def curves() -> list[Curve]:
    """A curve for each way to cut that some threshold uses."""
    users: dict[int, list[float]] = {}
    for threshold in THRESHOLDS:
        users.setdefault(rows_per_band(threshold), []).append(threshold)
    return [Curve(PERMUTATIONS // rows, rows, tuple(used)) for rows, used in users.items()]


def x_of(similarity: float) -> float:
    """Where a similarity stands in the picture."""
    return round(LEFT + similarity * (WIDTH - LEFT - RIGHT), 1)


def y_of(probability: float) -> float:
    """Where a probability stands in the picture."""
    return round(HEIGHT - BOTTOM - probability * (HEIGHT - TOP - BOTTOM), 1)


def colours(paper: str, ink: str, grid: str, hues: tuple[str, ...]) -> str:
    """Style rules for a light or a dark page."""
    rules = [f".paper{{fill:{paper}}} text{{fill:{ink}}} .grid{{stroke:{grid}}}"]
    rules += [f".axis{{stroke:{ink}}} .point{{stroke:{paper}}}"]
    rules += [
        f".line{number}{{stroke:{hue}}} .fill{number}{{fill:{hue}}}"
        for number, hue in enumerate(hues)
    ]
    return " ".join(rules)


def frame() -> Iterator[str]:
    """Axes, grid, and what they are called."""
    for tick in range(TICKS + 1):
        part = tick / TICKS
        x, y = x_of(part), y_of(part)
        for ends in ((x, y_of(0), x, y_of(1)), (x_of(0), y, x_of(1), y)):
            kind = "grid" if tick else "axis"
            yield '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>'.format(kind, *ends)
        yield f'<text x="{x}" y="{y_of(0) + 20}" text-anchor="middle">{part:.1f}</text>'
        yield f'<text x="{x_of(0) - 10}" y="{y + 4.5}" text-anchor="end">{part:.1f}</text>'
    middle = (x_of(0.5), y_of(0.5))
    yield f'<text x="{middle[0]}" y="{HEIGHT - 14}" text-anchor="middle">Jaccard similarity</text>'
    yield (
        f'<text transform="translate(20 {middle[1]}) rotate(-90)" text-anchor="middle">'
        "probability that a pair is compared</text>"
    )


def drawn(number: int, curve: Curve) -> Iterator[str]:
    """A curve, its label, and a point for each of its thresholds."""
    similarities = [step / STEPS for step in range(STEPS + 1)]
    points = " ".join(f"{x_of(each)},{y_of(curve.at(each))}" for each in similarities)
    yield f'<polyline class="curve line{number}" points="{points}"/>'
    x, y = x_of(curve.where(LABEL_AT)) + 6, y_of(LABEL_AT) + 10
    yield f'<text class="fill{number}" x="{x}" y="{y}">{curve.name}</text>'
    for threshold in curve.thresholds:
        x, y = x_of(threshold), y_of(curve.at(threshold))
        yield f'<circle class="point fill{number}" cx="{x}" cy="{y}" r="5"/>'


def legend(all_curves: list[Curve]) -> Iterator[str]:
    """What each curve is."""
    left, y = WIDTH - RIGHT + 24, TOP + 40
    right = left + 26
    yield f'<text x="{left}" y="{y}">threshold: bands &#215; rows</text>'
    for number, curve in enumerate(all_curves):
        y += LINE
        used = ", ".join(map(str, curve.thresholds))
        yield f'<path class="curve line{number}" d="M{left} {y - 5}H{right}"/>'
        yield f'<circle class="point fill{number}" cx="{left + 13}" cy="{y - 5}" r="5"/>'
        yield f'<text x="{right + 10}" y="{y}">{used}: {curve.name}</text>'
    for line in ("A point is a pair", "exactly at the threshold."):
        y += LINE
        yield f'<text x="{left}" y="{y}">{line}</text>'


def picture(all_curves: list[Curve]) -> str:
    """The whole SVG, for light pages and dark ones."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        '<title id="title">Probability that a pair is compared, by Jaccard similarity</title>',
        "<style>text{font:13px sans-serif} .grid{stroke-width:1} .axis{stroke-width:1.5}",
        ".curve{fill:none;stroke-width:2} .point{stroke-width:1.5}",
        colours("#ffffff", "#24292f", "#d8dee4", LIGHT),
        "@media (prefers-color-scheme: dark){",
        colours("#0d1117", "#e6edf3", "#30363d", DARK),
        "}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        *frame(),
    ]
    for number, curve in enumerate(all_curves):
        parts += drawn(number, curve)
    return "\n".join([*parts, *legend(all_curves), "</svg>"]) + "\n"


def main() -> None:
    """Print the table and write the picture."""
    all_curves = curves()
    print("threshold  bands  rows  at the threshold  at the threshold - 0.2")
    for curve in all_curves:
        for threshold in curve.thresholds:
            found, in_vain = curve.at(threshold), curve.at(threshold - BELOW)
            print(f"{threshold:9}  {curve.bands:5}  {curve.rows:4}  {found:16.4f}  {in_vain:22.4f}")
    target = Path(__file__).with_name("bands.svg")
    target.write_text(picture(all_curves), encoding="utf-8")


if __name__ == "__main__":
    main()
