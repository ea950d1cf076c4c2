"""A run against an index of an earlier corpus decides as one run over both would have."""

import json
import tempfile
from pathlib import Path
from unittest.mock import patch

from conftest import write_rows
from hypothesis import event, given, settings
from hypothesis import strategies as st

from cleaner import Config, run
from cleaner.earlier import extending

PROSE = [
    "The harbour of Port Alder opened to ships again on Monday, after the storm had gone.",
    "The harbour of Port Alder opened to ships again on Monday, as the storm had gone.",
    "The harbour of Port Alder opened to all ships again on Monday, after the storm had gone.",
    "Then the harbour of Port Alder opened to ships again on Monday, after the storm had gone.",
    "The harbour of Port Elm opened to ships again on Monday, after the storm had gone.",
    "The council of the town will give 15 boats to the school by the end of the coming winter.",
    "The council of the town will give nine boats to the school by the end of the coming winter.",
    "The council of the town will not give 15 boats to the school by the end of the coming winter.",
    "The council of the town will give boats to the school by the end of the winter, it said.",
    "What did the harbour master say to the crews of all the boats that came in that night?",
]
LINES = [
    "Read this and much more in our app",
    "Call the night desk: 555 0100",
    "Follow us for news of the harbour",
]
LONG_LINES = [
    "Read this and much more of what the harbour does in our new app",
    "Read this and much more of what the harbour does in our old app",
]
"""Of ten words and more, so that they may be copies and templates both."""

paragraphs = st.lists(st.sampled_from(PROSE + LINES * 2), max_size=5)
with_long_lines = st.lists(st.sampled_from(PROSE[:4] + LINES + LONG_LINES * 3), max_size=4)
CORPUS_SIZE = 14


def corpora(lines):
    """Days of articles: id, site, paragraphs."""
    article = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xy"), lines)
    return st.lists(st.lists(article, max_size=6), min_size=2, max_size=3)


configs = st.builds(
    Config,
    within_documents=st.sampled_from(["drop", "mark", "keep"]),
    across_documents=st.sampled_from(["drop", "drop", "mark", "keep"]),
    template_documents=st.sampled_from([2, 3, 5]),
    template_share=st.sampled_from([0.0, 0.3, 0.7]),
    numbers_agree=st.booleans(),
    names_agree=st.booleans(),
    negations_agree=st.booleans(),
    added_shingles=st.sampled_from([0, 4]),
    threshold=st.sampled_from([0.6, 0.8]),
)


def rows_of(day):
    return [
        {"id": name, "url": f"https://{site}.example/{name}", "text": "\n\n".join(lines)}
        for name, site, lines in day
    ]


def made_of(clean, sources):
    """The lines of the output that are of some sources, by kind."""
    rows, ids = {}, set()
    for kind in ("documents", "dropped", "removed"):
        files = sorted(clean.glob(f"{kind}/part-*")) or [clean / f"{kind}.jsonl"]
        lines = b"".join(path.read_bytes() for path in files).splitlines()
        of_them = [(line, json.loads(line)) for line in lines]
        if kind != "removed":
            of_them = [(line, row) for line, row in of_them if row["source"] in sources]
            ids |= {row["id"] for _, row in of_them}
        rows[kind] = [line for line, row in of_them if row["id"] in ids]
    return rows


def day_by_day(folder, days, config):
    """For each day but the first: what it makes against an index of those before it, and in one
    run after them; and whether that run decides about the days before as they had been decided."""
    names = [f"{number}.jsonl" for number in range(len(days))]
    index = folder / "index"
    for number, (name, day) in enumerate(zip(names, days, strict=True)):
        write_rows(folder / f"raw-{name}" / name, rows_of(day))
        run(folder / f"raw-{name}", folder / name, config, against=index, save_index=index)
        if not number:
            continue
        for earlier in range(number + 1):
            rows = rows_of(days[earlier])
            write_rows(folder / f"all-{number}" / names[earlier], rows)
        clean = folder / f"clean-{number}"
        run(folder / f"all-{number}", clean, config)
        is_as_before = all(
            made_of(clean, {one}) == made_of(folder / one, {one}) for one in names[:number]
        )
        yield made_of(folder / name, {name}), made_of(clean, {name}), is_as_before


@settings(max_examples=15)
@given(corpora(paragraphs), configs)
def test_each_day_comes_out_as_in_one_run_after_those_before(days, config):
    with tempfile.TemporaryDirectory() as name, patch.object(extending, "FAN_OUT", 2):
        for apart, together, _ in day_by_day(Path(name), days, config):
            assert apart == together


@settings(max_examples=10)
@given(corpora(with_long_lines), configs)
def test_so_do_lines_that_are_long_enough_to_be_copies_where_nothing_is_taken_back(days, config):
    with tempfile.TemporaryDirectory() as name, patch.object(extending, "FAN_OUT", 2):
        for apart, together, is_as_before in day_by_day(Path(name), days, config):
            event(f"the days before come out as they did: {is_as_before}")
            if is_as_before:
                assert apart == together
