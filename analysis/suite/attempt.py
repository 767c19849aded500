"""One attempt at a run: a kernel, the cells of a notebook, and how it ended."""

from __future__ import annotations

import os
import socket
import tempfile
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.protection.ledger.standing import read_standing
from analysis.suite.inside import FIRST_LINE, MEMORY, RUN
from analysis.suite.kernels.settings import warm_settings
from analysis.suite.records import ORDINARY
from analysis.text import translator
from analysis.workspace import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

KERNEL = "python3"
# No history file for two kernels to fight over; a failed cell is reported by Papermill, so that
# what the kernel itself logs on ending would only be noise between the lines of progress.
QUIET_KERNEL = ("--HistoryManager.enabled=False", "--IPKernelApp.log_level=50")
# The path of a Unix socket may have 107 characters on Linux, 103 on macOS.
LONGEST_FOLDER = 90
HEARTBEAT = "heartbeat.json"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take.

    Parameters
    ----------
    seconds : float
        Time for the whole notebook.
    retries : int
        How often a run is tried again whose kernel hung or died.
    memory : int
        Bytes for the data of its kernel; 0 for no bound.
    warm : bool
        Whether kernels are forked from a warm parent where that is possible.
    """

    seconds: float = 600.0
    retries: int = 1
    memory: int = 0
    warm: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended.

    Parameters
    ----------
    notebook : NotebookNode or None
        As executed, where all cells were.
    reason : str
        One sentence where it failed.
    cell : int or None
        Position of the cell that failed.
    is_lost : bool
        Whether the kernel hung or died, rather than a cell failed.
    kernel : {"warm", "ordinary"}
    cpu_seconds : float
        Of the kernel.
    peak_bytes : int
        Of the kernel; 0 where nobody told.
    """

    notebook: NotebookNode | None = None
    reason: str = ""
    cell: int | None = None
    is_lost: bool = False
    kernel: str = ORDINARY
    cpu_seconds: float = 0.0
    peak_bytes: int = field(default=0)


def execute_notebook(
    run: Run, run_id: str, space: Workspace, folder: Path, given: dict[str, str], limits: Limits
) -> Attempt:
    """Execute the notebook of a run in a kernel of its own.

    Parameters
    ----------
    run : Run
    run_id : str
        Printed on what it makes.
    space : Workspace
    folder : pathlib.Path
        Keeps the executed notebook.
    given : dict of str to str
        Further environment of the kernel.
    limits : Limits

    Returns
    -------
    Attempt
        A failed cell is an attempt too: the notebook is kept with it.
    """
    import papermill  # a second of import that planning need not pay

    from analysis.suite.drawing import offer_pictures
    from analysis.suite.engine import Task, register_engine
    from analysis.suite.notebook_mark import mark_notebook

    offer_pictures()
    environment = dict(os.environ) | given | {RUN: run_id, VARIABLE: str(space.root)}
    if limits.memory:
        environment[MEMORY] = str(limits.memory)
    task = Task(environment, space.root, limits.seconds, folder / HEARTBEAT)
    standing, translate = read_standing(space), translator(run.language)
    task.mark = lambda notebook: mark_notebook(notebook, standing, translate)
    target = folder / f"{run.notebook}.ipynb"
    reason, cell, notebook = "", None, None
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="patokaz-") as sockets:
        # Papermill tells of its own cell; the notebook is executed all the same.
        warnings.filterwarnings("ignore", module="papermill|nbformat|zmq")
        try:
            notebook = papermill.execute_notebook(
                str(space.notebooks / f"{run.notebook}.ipynb"),
                str(target),
                engine_name=register_engine(),
                parameters=dict(run.parameters),
                kernel_name=KERNEL,
                progress_bar=False,
                request_save_on_cell_execute=False,
                config=configure_kernel(sockets, space, warm=limits.warm),
                extra_arguments=[*QUIET_KERNEL, f"--IPKernelApp.exec_lines={FIRST_LINE}"],
                task=task,
            )
        except papermill.PapermillExecutionError as failure:
            reason, cell = _say(failure), _find_failed(target)
        finally:
            task.heartbeat.unlink(missing_ok=True)
    return Attempt(notebook, reason, cell, task.lost, **tell_cost(task.provisioner))


def configure_kernel(sockets: str, space: Workspace, *, warm: bool) -> Any:
    """Give the settings of kernel managers.

    Parameters
    ----------
    sockets : str
        An empty folder with a short path, for the sockets of one kernel.
    space : Workspace
    warm : bool
        Whether the kernel is forked from a warm parent where that is possible.

    Returns
    -------
    traitlets.config.Config
    """
    from traitlets.config import Config

    config = Config({"KernelManager": transport(sockets)})
    config.merge(Config(warm_settings(space.lock_file, warm=warm)))
    return config


def tell_cost(provisioner: Any) -> dict[str, Any]:
    """Tell what a kernel was and took, as far as what started it knows.

    Parameters
    ----------
    provisioner : object
        Of a kernel that has ended.

    Returns
    -------
    dict
        ``kernel``, ``cpu_seconds`` and ``peak_bytes``.
    """
    return {
        "kernel": getattr(provisioner, "kind", ORDINARY),
        "cpu_seconds": float(getattr(provisioner, "cpu_seconds", 0.0) or 0.0),
        "peak_bytes": int(getattr(provisioner, "peak_bytes", 0) or 0),
    }


def transport(folder: str) -> dict[str, str]:
    """Choose how runner and kernel talk: by Unix sockets where they exist, else by loopback.

    A socket lies in a folder that only its owner may enter; a port is open to whoever is on the
    machine. Each kernel needs a folder of its own: the default name is the same for all.

    Parameters
    ----------
    folder : str
        An empty folder with a short path, for the sockets of one kernel.

    Returns
    -------
    dict of str to str
        Settings of a kernel manager.
    """
    if not hasattr(socket, "AF_UNIX") or len(folder) > LONGEST_FOLDER:
        return {"transport": "tcp"}
    return {"transport": "ipc", "ip": f"{folder}/kernel"}


def _find_failed(path: Path) -> int | None:
    """Find the failed cell in a kept notebook, to which Papermill has added cells of its own."""
    import nbformat

    cells = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
    failed = (
        position
        for position, cell in enumerate(cells)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    )
    return next(failed, None)


def _say(failure: Any) -> str:
    """Say the failure of a cell in one line: its last words."""
    said = str(failure.evalue).strip()
    first = said.splitlines()[0] if said else str(failure.ename)
    return f"cell {failure.exec_count}: {first}" if failure.exec_count else first
