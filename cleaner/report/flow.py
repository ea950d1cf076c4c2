"""Where the text went, as a drawing: bars of characters, and bands between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleaner.report.figures import Bar, share_of

HEIGHT = 320.0
LEAST = 1.5
"""Height in which a bar can still be seen."""
GAP = 6.0
LABEL = 17.0
"""Room that a label takes."""
MOST_CATEGORIES = 10


@dataclass(frozen=True, slots=True)
class Box:
    """A bar of the drawing: its label, and where it begins and how high it is."""

    name: str
    kind: str
    characters: int
    share: float
    top: float
    height: float
    label: float = 0.0
    """Where the middle of its label is."""


@dataclass(frozen=True, slots=True)
class Flow:
    """The columns of the drawing: what was read, what became of it, and what took it."""

    read: Box
    kept: Box
    removed: Box
    causes: Sequence[Box]
    """What was removed, drawn as high as all that was read, so that it can be told apart."""


def flow_of(kept: int, removed: int, causes: Sequence[Bar]) -> Flow:
    """Lay the drawing out."""
    total = kept + removed
    scale = (HEIGHT - GAP - LEAST) / max(total, 1)
    kept_height = kept * scale + LEAST
    gone = Box(
        "removed", "removed", removed, share_of(removed, total), kept_height + GAP, removed * scale
    )
    return Flow(
        Box("read", "read", total, 1.0, 0.0, HEIGHT),
        Box("kept", "kept", kept, share_of(kept, total), 0.0, kept_height),
        gone,
        _causes(_first(causes), total),
    )


def _first(causes: Sequence[Bar]) -> Sequence[Bar]:
    """The largest causes, the others as one."""
    if len(causes) <= MOST_CATEGORIES:
        return causes
    others = causes[MOST_CATEGORIES - 1 :]
    rest = Bar(
        f"{len(others)} others",
        sum(one.paragraphs for one in others),
        sum(one.characters for one in others),
        others[0].of,
    )
    return [*causes[: MOST_CATEGORIES - 1], rest]


def _causes(causes: Sequence[Bar], total: int) -> Sequence[Box]:
    room = HEIGHT - GAP * max(len(causes) - 1, 0) - LEAST * len(causes)
    removed = sum(one.characters for one in causes)
    boxes, top = [], 0.0
    for one in causes:
        height = LEAST + room * one.characters / max(removed, 1)
        share = share_of(one.characters, total)
        boxes.append(Box(one.name, "cause", one.characters, share, top, height))
        top += height + GAP
    labels = _apart([one.top + one.height / 2 for one in boxes])
    return [replace(one, label=label) for one, label in zip(boxes, labels, strict=True)]


def _apart(middles: Sequence[float]) -> list[float]:
    """Places for labels near where they belong, none above another."""
    places: list[float] = []
    for middle in middles:
        places.append(max(middle, places[-1] + LABEL) if places else middle)
    lowest = HEIGHT
    for number in reversed(range(len(places))):
        places[number] = min(places[number], lowest)
        lowest = places[number] - LABEL
    return places
