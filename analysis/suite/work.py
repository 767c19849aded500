"""Carrying runs out through an executor, whatever happens to its workers."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import BrokenExecutor, CancelledError, as_completed
from typing import TYPE_CHECKING, Protocol

from analysis.suite.attempt import HEARTBEAT
from analysis.suite.execute import Outcome, execute_run
from analysis.suite.records import FAILED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future

    from analysis.suite.attempt import Limits
    from analysis.suite.cache import Key
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

# A worker that ends with the same run in hand this often does so because of that run.
MOST_LOSSES = 2
LOST = (
    "the process that made it ended {times} times, most likely because memory ran out; run it "
    "again alone, with more memory"
)


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

    Returns
    -------
    dict of str to Outcome
        By name of the run; one for each.
    """
    left = {run.name: (run, key) for run, key in needed}
    losses: dict[str, int] = dict.fromkeys(left, 0)
    outcomes: dict[str, Outcome] = {}

    def take(outcome: Outcome) -> None:
        outcomes[outcome.name] = outcome
        del left[outcome.name]
        if watch:
            watch(outcome, len(outcomes), len(needed))

    while left:
        _clear_heartbeats(left, workspace)
        pool = open_executor(len(left))
        try:
            waiting = {
                pool.submit(execute_run, run, key, workspace.root, limits): name
                for name, (run, key) in left.items()
            }
            for future in as_completed(waiting):
                outcome = _read(future, *left[waiting[future]])
                if outcome:
                    take(outcome)
        except BaseException:
            # Whoever stops the suite wants it to stop now; the next one goes on from here.
            pool.shutdown(wait=False, cancel_futures=True)
            stop_workers(pool)
            raise
        pool.shutdown(wait=True)
        for name, (run, key) in list(left.items()):
            losses[name] += _was_under_way(workspace, name)
            if losses[name] >= MOST_LOSSES:
                take(_fail(run, key, LOST.format(times=losses[name])))
    return outcomes


def _read(future: Future[Outcome], run: Run, key: Key) -> Outcome | None:
    """Read how a run ended; None where its worker was lost and nobody can say."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        return None
    except Exception as failure:  # noqa: BLE001  # a cluster that gave a run up, or a disk
        return _fail(run, key, str(failure).strip().splitlines()[0])


def _fail(run: Run, key: Key, reason: str) -> Outcome:
    return Outcome(run.name, key.run_id, FAILED, reason, 0.0, (), attempts=MOST_LOSSES)


def _clear_heartbeats(left: dict[str, tuple[Run, Key]], workspace: Workspace) -> None:
    for name in left:
        (workspace.runs / name / HEARTBEAT).unlink(missing_ok=True)


def _was_under_way(workspace: Workspace, name: str) -> bool:
    return (workspace.runs / name / HEARTBEAT).is_file()


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
