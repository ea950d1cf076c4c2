"""The figures of the page that compares are those that the benchmarks printed."""

import json
import re

from conftest import ROOT

PAGE = (ROOT / "docs" / "comparison.md").read_text("utf-8")
FIGURES = ROOT / "benchmarks" / "figures"
LABELS = {
    "cleaner, by shingles alone": "cleaner",
    "rensa": "rensa, deduplicator",
    "rensa, its fastest way": "rensa, rho first",
    "datatrove, buckets for 0.8": "datatrove, nearest",
    "datatrove, its own buckets": "datatrove, default",
    "Dolma, n-grams": "dolma, n-grams",
    "Dolma, exact copies": "dolma, exact",
}
"""What the page calls a rival, where that is not what the benchmarks call it."""


def figures(name):
    return json.loads((FIGURES / name).read_text("utf-8"))


def tables(heading):
    """The tables of a chapter: the cells of each row below the head, under what the first says."""
    chapter = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", chapter, re.MULTILINE):
        rows = [line.strip("| ").split(" | ") for line in block.splitlines()[2:]]
        found.append({LABELS.get(first, first): rest for first, *rest in rows})
    return found


def test_what_goes_though_it_has_no_copy():
    shown = tables("Does it delete what has no copy?")[0]
    right = shown.pop("*right would be*")
    report = figures("chains.json")
    assert right == ["0", "0", "0", str(report["families"])]
    kinds = ("chain_lost", "below", "fact", "copy")
    printed = {one["rival"]: [str(one[kind]) for kind in kinds] for one in report["scores"]}
    assert shown == {rival: printed[rival] for rival in shown}
    assert len(shown) == 9


def test_what_goes_of_real_articles():
    shown = tables("Does it delete what has no copy?")[1]
    report = figures("quality.json")
    printed = {
        one["rival"]: [str(one["removed"]), str(one["orphans"]), f"{one['recall']:.3f}"]
        for one in report["scores"]
        if one["threshold"] == 0.8
    }
    assert shown == {rival: printed[rival] for rival in shown}
    assert len(shown) == 6
    assert f"{report['paragraphs']:,} paragraphs" in PAGE


def test_memory_of_the_searches():
    (shown,) = tables("Memory, as the corpus grows")
    small, large = figures("speed-made-up.json"), figures("speed.json")
    assert f"{small['paragraphs']:,} made-up | {large['paragraphs']:,} of articles" in PAGE
    printed = {
        one["rival"]: [f"{one['peak_megabytes']:,.0f}", f"{more['peak_megabytes']:,.0f}"]
        for one, more in zip(small["measured"], large["measured"], strict=True)
    }
    assert shown == {rival: printed[rival] for rival in shown}
    assert len(shown) == 6


def test_what_setting_up_takes():
    (shown,) = tables("Setting up")
    printed = {
        one["product"]: [
            str(one["packages"]),
            f"{one['megabytes']:.0f}",
            f"{one['installation']['processor']:.0f}",
            f"{one['first_result']['processor']:.1f}",
        ]
        for one in figures("setting-up.json")["products"]
    }
    assert shown == printed


def test_speed():
    (shown,) = tables("Speed")
    printed = {one["rival"]: one["times_as_fast"] for one in figures("speed.json")["measured"]}
    told = {rival: float(cells[0].split()[0]) for rival, cells in shown.items()}
    for rival, ratio in told.items():
        assert abs(ratio - printed[rival]) <= 0.05 * ratio, rival
