"""Runs `notebook.ipynb` and writes its page, `notebook.md`: `python docs/recipes/generate.py`.

Cells share one namespace, and what they print is kept as their output. A test tells when one of the
two files is not up to date.
"""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOTEBOOK, PAGE = HERE / "notebook.ipynb", HERE / "notebook.md"
MADE = "<!-- Made by docs/recipes/generate.py from notebook.ipynb: do not edit. -->"
LINK = "This page is [a notebook](notebook.ipynb): download it and run it."


def run_cells(notebook: dict[str, Any]) -> None:
    """Run the code in order, and put what it prints into the notebook."""
    names: dict[str, Any] = {"__name__": "__main__"}
    codes = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(codes, start=1):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec("".join(cell["source"]), names)  # noqa: S102 - our own notebook
        lines = printed.getvalue().splitlines(keepends=True)
        cell["execution_count"] = number
        cell["outputs"] = (
            [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
        )


def page_of(notebook: dict[str, Any]) -> str:
    """The notebook as Markdown, with a link to it below the first heading."""
    first, *rest = (_section(cell) for cell in notebook["cells"])
    heading, _, text = first.partition("\n\n")
    return "\n\n".join([heading, MADE, LINK, text, *rest]) + "\n"


def _section(cell: dict[str, Any]) -> str:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return source
    printed = "".join(line for output in cell["outputs"] for line in output["text"])
    shown = f'\n\n```text title="output"\n{printed}```' if printed else ""
    return f"```python\n{source}\n```{shown}"


def written(notebook: dict[str, Any]) -> str:
    """The notebook as a file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    made = json.loads(NOTEBOOK.read_text("utf-8"))
    run_cells(made)
    NOTEBOOK.write_text(written(made), encoding="utf-8")
    PAGE.write_text(page_of(made), encoding="utf-8")
