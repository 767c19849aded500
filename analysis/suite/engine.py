"""How Papermill executes a notebook here: with a deadline, a heartbeat and a word on its kernel."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbformat import NotebookNode

NAME = "patokaz"
# What Papermill tells every engine, and ours has other words for.
UNUSED = ("input_path", "log_output", "stdout_file", "stderr_file", "start_timeout")
# Slow machines take long to start an ordinary kernel, and much longer when all start at once.
START = 180
TIMED_OUT = "the notebook took longer than {seconds:g} s and was stopped in this cell"
# A heartbeat has always as many characters, so that a later one covers a former one whole.
BEAT_LENGTH = 100
DIED = "the kernel ended by itself in this cell, most likely because memory ran out"


@dataclass(slots=True)
class Task:
    """What one execution is told, and what it tells.

    Parameters
    ----------
    environment : dict of str to str
        What the kernel finds in its environment.
    folder : pathlib.Path
        Where the kernel starts.
    seconds : float
        How long the whole notebook may take.
    heartbeat : pathlib.Path
        File that says which cell is at work.
    provisioner : object
        Filled in: what started the kernel.
    mark : callable, optional
        Writes into the executed notebook how its edition stands.
    lost : bool
        Filled in: whether the kernel ended or was stopped, rather than a cell failed.
    """

    environment: dict[str, str]
    folder: Path
    seconds: float
    heartbeat: Path
    provisioner: Any = None
    mark: Callable[[NotebookNode], None] | None = None
    lost: bool = False
    began: float = field(default_factory=time.monotonic)

    def count_down(self, _: object = None) -> float:
        """Say how many seconds are left; never none, which would mean without an end."""
        return max(0.1, self.began + self.seconds - time.monotonic())

    def beat(self, cell: int, count: int) -> None:
        """Say that a cell begins."""
        said = {"cell": cell + 1, "of": count, "at": round(time.time(), 1)}
        # Over the former one, in one write. To put a new file in its place would have the disk
        # write the data first, which takes longer than most cells.
        descriptor = os.open(self.heartbeat, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, json.dumps(said).ljust(BEAT_LENGTH).encode())
        finally:
            os.close(descriptor)


class Client(PapermillNotebookClient):  # type: ignore[misc]  # Papermill has no types
    """Executes the cells; a kernel that hangs or dies leaves its notebook all the same."""

    task: Task

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Execute all cells, up to the first that fails."""
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            self.task.provisioner = self.km.provisioner
            self.papermill_execute_cells()
            if not self.task.lost:
                self.nb.metadata["language_info"] = self._find_language()
                self.set_widgets_metadata()
        executed: NotebookNode = self.nb
        if self.task.mark is not None:
            self.task.mark(executed)
        return executed

    def _find_language(self) -> dict[str, Any]:
        """Find what the kernel says of its language; our client has heard it at its start."""
        heard: dict[str, Any] | None = getattr(self.kc, "language", None)
        if heard is None:
            heard = self.wait_for_reply(self.kc.kernel_info())["content"]["language_info"]
        return heard

    def papermill_execute_cells(self) -> None:
        """Execute one cell after the other."""
        for index, cell in enumerate(self.nb.cells):
            try:
                self.nb_man.cell_start(cell, index)
                if cell.cell_type == "code":
                    self.task.beat(index, len(self.nb.cells))
                self.execute_cell(cell, index)
            except CellExecutionError as failure:
                self.nb_man.cell_exception(cell, cell_index=index, exception=failure)
                break
            except (CellTimeoutError, DeadKernelError) as failure:
                # Told before DeadKernelError, of which it is no kind: the kernel is still there.
                is_late = isinstance(failure, CellTimeoutError)
                said = TIMED_OUT.format(seconds=self.task.seconds) if is_late else DIED
                kind = type(failure).__name__
                cell.outputs.append(_make_error(kind, said))
                self.task.lost = True
                self.nb_man.cell_exception(cell, cell_index=index, exception=failure)
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)


def _make_error(kind: str, said: str) -> NotebookNode:
    error: NotebookNode = new_output(  # type: ignore[no-untyped-call]
        "error", ename=kind, evalue=said, traceback=[said]
    )
    return error


class Engine(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine with our client."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        task: Task,
        **kwargs: Any,
    ) -> NotebookNode:
        """Execute a notebook as its task says."""
        for unused in UNUSED:
            kwargs.pop(unused, None)
        client = Client(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=START,
            timeout_func=task.count_down,
            # What a kernel would do on a polite end is of no use to a run that has ended.
            shutdown_kernel="immediate",
            **kwargs,
        )
        client.task = task
        return client.execute(env=task.environment, cwd=str(task.folder))


def register_engine() -> str:
    """Make the engine known to Papermill, and give its name.

    Returns
    -------
    str
    """
    papermill_engines.register(NAME, Engine)
    return NAME
