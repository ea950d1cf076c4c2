"""The report as one HTML file that needs nothing else, and in which no text is ever markup."""

import base64
import gzip
import sqlite3
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import orjson

from cleaner.durable import write_whole
from cleaner.errors import UsageError
from cleaner.output.machine import told_in_a_line
from cleaner.output.rows import Output
from cleaner.output.summary import WrittenSummary, read_summary
from cleaner.report import figures
from cleaner.report.flow import flow_of
from cleaner.report.gather import gathered

MOST_REMOVALS = 100_000


def write_report(clean: Path, out: Path, *, most_removals: int = MOST_REMOVALS) -> None:
    """Write the page about a finished output.

    Args:
        clean: the output folder of a run.
        out: the file to write; one that is there is replaced when the page is whole.
        most_removals: removed paragraphs that the page holds for its search; of more than that,
            the first of each cause.

    Raises:
        UsageError: no run has finished in `clean`, or `out` is no name of a page.
        CleanerError: the output was changed or is not complete, or the page cannot be written.

    """
    if out.suffix not in {".html", ".htm"} or out.is_dir() or out.is_symlink():
        raise UsageError(f"{out} is no name of a page; name a file that ends in .html")
    summary = read_summary(clean)
    with told_in_a_line():
        with gathered(clean) as database:
            page = _page(clean, summary, database, most_removals)
        write_whole(out, [page.encode()])


def _page(clean: Path, summary: WrittenSummary, database: sqlite3.Connection, most: int) -> str:
    kept, removed = figures.characters_of(database)
    total = kept + removed
    categories = figures.by_category(database, total)
    payload = _payload(database, most)
    here = files("cleaner.report")
    style, script = ((here / name).read_text("utf-8") for name in ("page.css", "page.js"))
    return _template((here / "page.html.jinja").read_text("utf-8")).render(
        name=clean.absolute().name,
        summary=summary,
        options=summary.config.output_options(),
        characters=total,
        flow=flow_of(kept, removed, categories),
        reasons=figures.by_reason(database, total),
        rules=figures.by_rule(database, total),
        sites=figures.by_site(database),
        groups=figures.groups_of_copies(database, clean),
        lines=figures.frequent_lines(database),
        losers=figures.losers(database),
        rejected=figures.rejected(Output(clean, summary.config)),
        shown=len(payload["rows"]),
        data=base64.b64encode(gzip.compress(orjson.dumps(payload), 6, mtime=0)).decode(),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _payload(database: sqlite3.Connection, most: int) -> Mapping[str, Any]:
    """The removals as the script of the page reads them, each document and cause once."""
    names = figures.names_of(database)
    documents: dict[int, int] = {}
    causes: dict[str, int] = {}
    rows = [
        [
            documents.setdefault(document, len(documents)),
            position,
            causes.setdefault(cause, len(causes)),
            *rest,
        ]
        for document, position, cause, *rest in figures.shown_removals(database, most)
    ]
    return {
        "documents": [names[number] for number in documents],
        "causes": list(causes),
        "rows": rows,
    }


def _template(source: str) -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = "{:,}".format
    environment.filters["percent"] = _percent
    return environment.from_string(source)


def _percent(share: float) -> str:
    """A share in per cent; a small one is not shown as nothing."""
    if 0 < share < 0.0001:  # noqa: PLR2004 - as far as the digits go
        return "< 0.01 %"
    return f"{share * 100:.2f} %" if share < 0.1 else f"{share * 100:.1f} %"  # noqa: PLR2004


def _hash(source: str) -> str:
    """What a content security policy calls a script or a style by."""
    return "sha256-" + base64.b64encode(sha256(source.encode()).digest()).decode()
