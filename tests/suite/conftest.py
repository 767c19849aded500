"""A small suite: one notebook that starts at once, in a workspace that is built."""

from __future__ import annotations

import shutil
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.workspace import Workspace

PARAMETERS = """area: "Municipality" = "MK-703"
language: "Language" = "en"
"""
HEADER = """
import os
from IPython.display import display
head = dict(name="small", title=f"Small {area}", subtitle="A test", language=language,
            run_id=os.environ["PATOKAZ_RUN_ID"], data_date="2025-12", data_sha256="0" * 64,
            version="0", notice="")
display({"application/vnd.patokaz.header+json": head}, raw=True)
"""
BODY = """
from IPython.display import HTML
HTML(f"<section id='small'><h2>{area}</h2></section>")
"""
SUITE = """
[[run]]
notebook = "09_small"
areas = ["kumanovo", "butel", "gevgelija"]
languages = ["en"]
outputs = ["page"]
"""


class Inline(Executor):
    """Runs at once and in this process, and counts."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def inline() -> Inline:
    """An executor that works in this process."""
    return Inline()


def write_notebook(space: Workspace, *cells: str, name: str = "09_small") -> None:
    """Write a notebook with a cell of parameters before the cells given."""
    first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}, id="parameters")
    rest = [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(cells)]
    notebook = new_notebook(cells=[first, *rest])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, space.notebooks / f"{name}.ipynb")


@pytest.fixture
def small(own_workspace: Workspace, workspace: Workspace) -> Workspace:
    """A built workspace whose suite is one small notebook for three municipalities."""
    shutil.copytree(workspace.root / "data_processed", own_workspace.root / "data_processed")
    own_workspace.suite_file.write_text(SUITE, encoding="utf-8")
    write_notebook(own_workspace, HEADER, BODY)
    return own_workspace


@pytest.fixture
def rewrite() -> Callable[..., None]:
    """Writes the small notebook anew: its own cells, then those given."""

    def write(space: Workspace, *cells: str) -> None:
        write_notebook(space, HEADER, BODY, *cells)

    return write
