"""Carrying runs out through an executor, whatever happens to its workers."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import BrokenExecutor, CancelledError, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from analysis.suite.attempt import HEARTBEAT
from analysis.suite.execute import Outcome, execute_run, record_loss
from analysis.suite.losses import forget_begun, read_begun

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future

    from analysis.suite.attempt import Limits
    from analysis.suite.cache import Key
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

# A worker that ends with the same run in hand this often does so because of that run.
MOST_LOSSES = 2
# A pool that neither ends a run nor begins one this often never will.
MOST_IDLE = 3
LOST = (
    "the process that made it ended {times} times, most likely because memory ran out; run it "
    "again alone, with more memory"
)
NEVER_BEGAN = (
    "no process could be started to make it; look at the memory and the log of this machine, then "
    "run it again"
)
GIVEN_UP = "KilledWorker"


@dataclass(frozen=True, slots=True)
class Way:
    """How runs get to whoever makes them, and back.

    Parameters
    ----------
    make : callable
        Makes a run of: the run, its key, the place of its inputs, its limits.
    place : object
        Where its inputs are: the root of the workspace, or their address.
    receive : callable, optional
        Makes an outcome of what ``make`` gave and the run; that is the outcome unless given.
    """

    make: Callable[..., Any]
    place: Any
    receive: Callable[[Any, Run], Outcome] | None = None


class Watcher(Protocol):
    """Somebody who is told how a suite goes on."""

    def __call__(self, outcome: Outcome, done: int, total: int) -> None:
        """Take note of a run that ended."""


def carry_out(
    needed: Sequence[tuple[Run, Key]],
    workspace: Workspace,
    limits: Limits,
    open_executor: Callable[[int], Executor],
    watch: Watcher | None = None,
    way: Way | None = None,
) -> dict[str, Outcome]:
    """Carry runs out.

    Parameters
    ----------
    needed : sequence of (Run, Key)
    workspace : Workspace
    limits : Limits
    open_executor : callable
        Opens an executor for a number of runs. A new one is opened where all workers of one were
        lost with a single of them: the runs that had ended stay ended.
    watch : callable, optional
        Told of each run that ends.
    way : Way, optional
        How runs are made where workers do not see the folders of the workspace.

    Returns
    -------
    dict of str to Outcome
        By name of the run; one for each.
    """
    chosen = way or Way(execute_run, workspace.root)
    suite = _Suite(needed, workspace, watch, chosen)
    while suite.left:
        names = suite.choose()
        pool = open_executor(len(names))
        try:
            waiting = {
                pool.submit(chosen.make, *suite.left[name], chosen.place, limits): name
                for name in names
            }
            for future in as_completed(waiting):
                suite.read(future, waiting[future])
        except BaseException:
            # Whoever stops the suite wants it to stop now; the next one goes on from here.
            pool.shutdown(wait=False, cancel_futures=True)
            stop_workers(pool)
            raise
        pool.shutdown(wait=True)
        suite.count_losses()
    return suite.outcomes


class _Suite:
    """Runs of which some have ended, and some were lost with their workers."""

    def __init__(
        self,
        needed: Sequence[tuple[Run, Key]],
        workspace: Workspace,
        watch: Watcher | None,
        way: Way,
    ) -> None:
        self.way = way
        self.workspace, self.watch, self.total = workspace, watch, len(needed)
        self.left = {run.name: (run, key) for run, key in needed}
        self.outcomes: dict[str, Outcome] = {}
        self.losses = dict.fromkeys(self.left, 0)
        self.begun = dict.fromkeys(self.left, 0)
        self.idle, self.before = 0, (self.total, 0)
        for name in self.left:
            # Left by a suite that was killed: what was lost with it is no fault of the run.
            forget_begun(workspace.runs / name)
            (workspace.runs / name / HEARTBEAT).unlink(missing_ok=True)

    def choose(self) -> list[str]:
        """Choose what is made next: a run that was lost is made alone, after all others.

        A pool loses all its workers with one of them, and nobody can say whose fault it was.
        """
        trusted = [name for name in self.left if not self.losses[name]]
        return trusted or list(self.left)[:1]

    def read(self, future: Future[Outcome], name: str) -> None:
        """Read how a run ended; it stays where its worker was lost and nobody can say."""
        try:
            self._take(self._receive(future.result(), name))
        except (BrokenExecutor, CancelledError):
            return
        except Exception as failure:  # noqa: BLE001  # a cluster that gave a run up, or a disk
            self._lose(name, self._say(failure, name))

    def count_losses(self) -> None:
        """Count the runs that were under way when workers were lost; fail whoever was so again."""
        for name in list(self.left):
            begun = self._count_begun(name)
            self.losses[name] += begun > self.begun[name]
            self.begun[name] = begun
            if self.losses[name] >= MOST_LOSSES:
                self._lose(name, LOST.format(times=self.losses[name]))
        now = len(self.left), sum(self.losses.values())
        self.idle = self.idle + 1 if now == self.before else 0
        self.before = now
        if self.idle >= MOST_IDLE:
            for name in list(self.left):
                self._lose(name, NEVER_BEGAN)

    def _receive(self, given: Any, name: str) -> Outcome:
        outcome: Outcome = given
        return self.way.receive(given, self.left[name][0]) if self.way.receive else outcome

    def _take(self, outcome: Outcome) -> None:
        self.outcomes[outcome.name] = outcome
        del self.left[outcome.name]
        if self.watch:
            self.watch(outcome, len(self.outcomes), self.total)

    def _lose(self, name: str, reason: str) -> None:
        self._take(record_loss(*self.left[name], self.workspace.root, reason))

    def _count_begun(self, name: str) -> int:
        return len(read_begun(self.workspace.runs / name))

    def _say(self, failure: Exception, name: str) -> str:
        if type(failure).__name__ == GIVEN_UP:
            # Dask says it with addresses of machines, which help nobody who reads the status.
            # Where the folders of its workers are not seen from here, it says how many it allows.
            allowed = int(getattr(failure, "allowed_failures", 0)) + 1
            return LOST.format(times=self._count_begun(name) or allowed)
        said = str(failure).strip()
        return said.splitlines()[0] if said else type(failure).__name__


def stop_workers(pool: Executor) -> None:
    """End the processes of a local pool; their kernels end with them.

    Parameters
    ----------
    pool : concurrent.futures.Executor
    """
    processes = getattr(pool, "_processes", None) or {}
    for process in list(processes.values()):
        process.terminate()


def prepare_worker(owner: int) -> None:
    """Prepare a worker process: it ends with its owner, and leaves Ctrl-C to it.

    Parameters
    ----------
    owner : int
        Id of the process that started it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, args=(owner,), daemon=True).start()


def _follow(owner: int) -> None:
    # An owner that was killed says nothing; whoever is adopted has lost it.
    while os.getppid() == owner:
        time.sleep(0.5)
    os._exit(1)
