"""Runs are carried out whatever happens to the processes that make them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite import work
from analysis.suite.attempt import HEARTBEAT, Limits
from analysis.suite.cache import Keys
from analysis.suite.execute import Outcome
from analysis.suite.executors import (
    A_RUN,
    ClusterError,
    bound_memory,
    count_workers,
    open_cluster,
)
from analysis.suite.plan import plan_runs
from analysis.suite.work import carry_out

if TYPE_CHECKING:
    from analysis.workspace import Workspace


class Breaking(Executor):
    """Loses its workers at one run, as a pool does whose process was killed."""

    def __init__(self, space: Workspace, losing: str, after: int = 0) -> None:
        self.space, self.losing, self.after = space, losing, after
        self.broken = False

    def submit(self, _: Any, /, *args: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        run, key = args[:2]
        if run.area == self.losing and not self.broken:
            (self.space.runs / run.name).mkdir(parents=True, exist_ok=True)
            (self.space.runs / run.name / HEARTBEAT).write_text("{}")
            self.broken = True
        if self.broken:
            future.set_exception(BrokenProcessPool("a process was terminated abruptly"))
        else:
            future.set_result(Outcome(run.name, key.run_id, "ok", "", 0.1, ()))
        return future


def _needed(space: Workspace) -> list[Any]:
    keys = Keys(space)
    return [(run, keys.make_key(run)) for run in plan_runs(space)]


def test_runs_that_were_lost_are_made_by_a_new_pool(small: Workspace) -> None:
    second = _needed(small)[1][0]
    pools: list[Executor] = []
    told: list[tuple[str, int, int]] = []

    def open_pool(count: int) -> Executor:
        assert count == (3 if not pools else 2)
        pools.append(Breaking(small, second.area if not pools else "nowhere"))
        return pools[-1]

    found = carry_out(
        _needed(small), small, Limits(), open_pool, lambda o, n, t: told.append((o.name, n, t))
    )
    assert [outcome.state for outcome in found.values()] == ["ok", "ok", "ok"]
    assert len(pools) == 2
    assert [counts[1:] for counts in told] == [(1, 3), (2, 3), (3, 3)]


def test_a_run_that_ends_its_worker_twice_has_failed_and_the_rest_is_made(
    small: Workspace,
) -> None:
    second = _needed(small)[1][0]
    pools: list[Executor] = []

    def open_pool(_: int) -> Executor:
        pools.append(Breaking(small, second.area))
        return pools[-1]

    found = carry_out(_needed(small), small, Limits(), open_pool)
    assert found[second.name].state == "failed"
    assert "ended 2 times, most likely because memory ran out" in found[second.name].reason
    assert sorted(outcome.state for outcome in found.values()) == ["failed", "ok", "ok"]
    assert len(pools) == 3


def test_whoever_stops_a_suite_stops_its_workers(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[Executor] = []
    monkeypatch.setattr(work, "stop_workers", stopped.append)

    class Stopping(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            raise KeyboardInterrupt

    pool = Stopping()
    with pytest.raises(KeyboardInterrupt):
        carry_out(_needed(small), small, Limits(), lambda _: pool)
    assert stopped == [pool]


def test_what_a_cluster_gave_up_is_a_failed_run(small: Workspace) -> None:
    class Refusing(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(RuntimeError("all workers are gone\nand more"))
            return future

    found = carry_out(_needed(small), small, Limits(), lambda _: Refusing())
    assert {(o.state, o.reason) for o in found.values()} == {("failed", "all workers are gone")}


ORPHAN = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", '''
import os, sys, time
from analysis.suite.work import prepare_worker
prepare_worker(os.getppid())
print(os.getpid(), flush=True)
time.sleep(60)
'''], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline().strip(), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="processes are adopted on POSIX only")
def test_a_worker_ends_with_its_owner() -> None:
    owner = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    worker = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    for _ in range(100):
        if not _is_alive(worker):
            break
        time.sleep(0.1)
    assert not _is_alive(worker)


def _is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("asked", "available", "workers"),
    [(4, 100 * A_RUN, 4), (4, 3 * A_RUN, 2), (4, A_RUN // 2, 1), (1, 100 * A_RUN, 1)],
)
def test_memory_bounds_the_runs_at_once(asked: int, available: int, workers: int) -> None:
    assert count_workers(asked, available) == workers


def test_no_worker_is_no_number_of_workers() -> None:
    with pytest.raises(ValueError, match="0 workers were asked for. Give 1 or more"):
        count_workers(0)


def test_all_kernels_together_fit_into_memory() -> None:
    assert bound_memory(2, 10 * A_RUN) == 4 * A_RUN
    assert bound_memory(4, A_RUN) == A_RUN


def test_a_cluster_that_is_not_there_is_said() -> None:
    with pytest.raises(ClusterError, match="'nonsense://x'.*leave out --cluster"):
        open_cluster("nonsense://x")
