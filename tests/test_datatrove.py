"""The step for datatrove in `docs/python.md`: with a stand-in for it, and with itself."""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT

from cleaner import Cleaner, Config

PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
STORY = "The ferry turned back in the storm, and nobody on board was hurt."


@dataclass
class Document:
    """What datatrove's has of use here."""

    text: str
    id: str
    media: list = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


class PipelineStep:
    """What a step inherits."""

    def __init__(self):
        self.counted = Counter()

    def stat_update(self, *labels, value=1):
        self.counted.update(dict.fromkeys(labels, value))


def step_of_the_page():
    after = PAGE.split("## A datatrove pipeline")[1]
    names = {}
    exec(re.search(r"```python\n(.*?)```", after, re.DOTALL)[1], names)  # noqa: S102 - our own page
    return names["CleanArticles"]


@pytest.fixture
def stand_in(monkeypatch):
    for name, thing in (("data", Document), ("pipeline.base", PipelineStep)):
        module = ModuleType(f"datatrove.{name}")
        setattr(module, thing.__name__, thing)
        monkeypatch.setitem(sys.modules, f"datatrove.{name}", module)
    for name in ("datatrove", "datatrove.pipeline"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))


def documents(kind):
    texts = [f"{STORY}\n\nAdvertisement", STORY, "Nobody asked about the coffee.", " "]
    return [kind(text=text, id=str(at), metadata={"n": at}) for at, text in enumerate(texts)]


def check(found):
    clean = list(Cleaner().clean([STORY, STORY, "Nobody asked about the coffee."]))
    assert [one.text for one in found] == [one.text for one in clean if one.kept]
    assert [(one.id, one.metadata) for one in found] == [("0", {"n": 0}), ("2", {"n": 2})]


@pytest.mark.usefixtures("stand_in")
def test_with_a_stand_in():
    step = step_of_the_page()(Config())
    check(list(step.run(iter(documents(Document)))))
    assert step.counted == {"kept": 2, "dropped": 1, "rejected": 1}
    assert list(step.run(None)) == []


def test_with_datatrove(tmp_path):
    data = pytest.importorskip("datatrove.data", reason="datatrove is not installed")
    executor = pytest.importorskip("datatrove.executor.local")
    check(list(step_of_the_page()(Config()).run(iter(documents(data.Document)))))
    found = []

    def take(data, *_task):
        found.extend(data)
        yield from ()

    steps = [documents(data.Document), step_of_the_page()(), take]
    stats = executor.LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "logs")).run()
    check(found)
    assert '"rejected"' in stats.to_json()
