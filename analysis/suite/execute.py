"""One run: a notebook executed by Papermill, then its page and brief. Works in its own process."""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import nbformat
from traitlets.config import Config

from analysis.documents.face import RUN_VARIABLE
from analysis.suite.cache import Key, run_folder, write_manifest
from analysis.suite.publish import publish_run
from analysis.workspace import VARIABLE, Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.suite.plan import Run

TIMEOUT_A_CELL = 300
KERNEL = "python3"
# No history file for two kernels to fight over; a failed cell is reported by Papermill, so that
# what the kernel itself logs on ending would only be noise between the lines of progress.
QUIET_KERNEL = ("--HistoryManager.enabled=False", "--IPKernelApp.log_level=50")
# The path of a Unix socket may have 107 characters on Linux, 103 on macOS.
LONGEST_FOLDER = 90


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Parameters
    ----------
    name, run_id : str
    state : {"ok", "failed"}
    reason : str
        One sentence where it failed.
    seconds : float
    outputs : tuple of str
        Files that were written, relative to the workspace.
    """

    name: str
    run_id: str
    state: str
    reason: str
    seconds: float
    outputs: tuple[str, ...]


def execute_run(run: Run, key: Key, root: Path) -> Outcome:
    """Execute a run and publish what it gives.

    Parameters
    ----------
    run : Run
    key : Key
    root : pathlib.Path
        Root of the workspace.

    Returns
    -------
    Outcome
        A failure is an outcome too: nothing of the run is published, its notebook is kept with
        the cell that failed, and no other run notices.
    """
    workspace = Workspace(root)
    began = time.monotonic()
    outputs: dict[str, str] = {}
    state, reason = "ok", ""
    try:
        executed = _execute(run, key, workspace)
        written = publish_run(run, executed, workspace)
        outputs = {p.relative_to(root).as_posix(): _digest(p) for p in written}
    except Exception as failure:  # noqa: BLE001  # whatever it was, the other runs go on
        state, reason = "failed", _sentence(failure)
    seconds = time.monotonic() - began
    write_manifest(
        run,
        workspace,
        {
            "name": run.name,
            "run_id": key.run_id,
            "key": [list(part) for part in key.parts],
            "state": state,
            "reason": reason,
            "seconds": round(seconds, 2),
            "parameters": dict(run.parameters),
            "outputs": outputs,
        },
    )
    return Outcome(run.name, key.run_id, state, reason, seconds, tuple(outputs))


def _execute(run: Run, key: Key, workspace: Workspace) -> nbformat.NotebookNode:
    import papermill  # a second of import that planning need not pay

    folder = run_folder(run, workspace)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{run.notebook}.ipynb"
    # The kernel is a child of this process and reads both from its environment.
    os.environ[RUN_VARIABLE] = key.run_id
    os.environ[VARIABLE] = str(workspace.root)
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="patokaz-") as sockets:
        # Papermill tells of its own cell; the notebook is executed all the same.
        warnings.filterwarnings("ignore", module="papermill|nbformat|zmq")
        papermill.execute_notebook(
            str(workspace.notebooks / f"{run.notebook}.ipynb"),
            str(target),
            parameters=dict(run.parameters),
            kernel_name=KERNEL,
            progress_bar=False,
            execution_timeout=TIMEOUT_A_CELL,
            request_save_on_cell_execute=False,
            config=Config({"KernelManager": transport(sockets)}),
            extra_arguments=list(QUIET_KERNEL),
            cwd=str(workspace.root),
        )
    executed: nbformat.NotebookNode = nbformat.read(target, as_version=4)  # type: ignore[no-untyped-call]
    return executed


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


def _sentence(failure: Exception) -> str:
    """Say a failure in one line: the last words of the cell that failed."""
    value: Any = getattr(failure, "evalue", None) or str(failure)
    where = getattr(failure, "exec_count", None)
    first = str(value).strip().splitlines()[0] if str(value).strip() else type(failure).__name__
    return f"cell {where}: {first}" if where else first


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
