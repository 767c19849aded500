"""The ways in which `bench_suite.py` executes notebooks. Imports little: it is part of each way."""

from __future__ import annotations

import contextlib
import io
import json
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED, HOME, RUN = "PATOKAZ_SEED", "PATOKAZ_HOME", "PATOKAZ_RUN_ID"
PICTURES = "PATOKAZ_PICTURES"


@dataclass(frozen=True)
class Task:
    """One notebook to execute, with as much of a run as both ways need."""

    name: str
    notebook: str
    area: str
    language: str
    parameters: tuple[tuple[str, Any], ...]
    run_id: str
    seed: int
    root: str


def execute_plainly(task: Task) -> str:
    """Execute a notebook as Papermill's documentation says."""
    import papermill

    # Nobody draws for a kernel of Papermill's own.
    os.environ.pop(PICTURES, None)
    os.environ |= {RUN: task.run_id, SEED: str(task.seed), HOME: task.root}
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        target = Path(folder) / "out.ipynb"
        papermill.execute_notebook(
            f"{task.root}/notebooks/{task.notebook}.ipynb",
            str(target),
            parameters=dict(task.parameters),
            kernel_name="python3",
            progress_bar=False,
            cwd=task.root,
        )
        return target.read_text(encoding="utf-8")


def execute_ours(task: Task) -> str:
    """Execute a notebook as the suite does."""
    from analysis.suite.attempt import Limits, execute_notebook
    from analysis.workspace import Workspace

    run: Any = task
    with tempfile.TemporaryDirectory() as folder:
        made = execute_notebook(
            run,
            task.run_id,
            Workspace(Path(task.root)),
            Path(folder),
            {SEED: str(task.seed)},
            Limits(),
        )
        if made.reason or made.kernel != "warm":
            msg = f"{task.name}: {made.reason or 'an ordinary kernel took over'}"
            raise SystemExit(msg)
        return (Path(folder) / f"{task.notebook}.ipynb").read_text(encoding="utf-8")


def execute_warm(root: str, areas: str) -> None:
    """Print the median CPU seconds of the cells of a notebook in this process, without a kernel."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell

    os.environ[HOME] = root
    os.chdir(root)
    shell: Any = InteractiveShell.instance()
    notebook = nbformat.read(  # type: ignore[no-untyped-call]
        f"{root}/notebooks/02_municipal_profile.ipynb", as_version=4
    )
    sources = [c.source for c in notebook.cells if c.cell_type == "code"]
    seconds = []
    for area in json.loads(areas):
        began = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            for number, source in enumerate(sources):
                given = f"\narea = {area!r}\nlanguage = 'mk'" if number == 0 else ""
                result = shell.run_cell(source + given)
                result.raise_error()
        seconds.append(time.process_time() - began)
    print(statistics.median(seconds[1:]))
