"""Runs are carried out whatever happens to the processes that make them."""

from __future__ import annotations

import datetime as dt
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
from analysis.suite.execute import Outcome, execute_run
from analysis.suite.executors import (
    A_RUN,
    ClusterError,
    bound_memory,
    count_workers,
    open_cluster,
)
from analysis.suite.losses import BEGUN, note_begin, read_begun
from analysis.suite.plan import plan_runs
from analysis.suite.records import find_results, read_record, read_records
from analysis.suite.run import judge_runs
from analysis.suite.status.gather import read_state
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
            note_begin(self.space.runs / run.name)
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
    sizes: list[int] = []
    told: list[tuple[str, int, int]] = []

    def open_pool(count: int) -> Executor:
        sizes.append(count)
        pools.append(Breaking(small, second.area if not pools else "nowhere"))
        return pools[-1]

    found = carry_out(
        _needed(small), small, Limits(), open_pool, lambda o, n, t: told.append((o.name, n, t))
    )
    assert [outcome.state for outcome in found.values()] == ["ok", "ok", "ok"]
    # All; what had not begun when a worker was lost; alone, what was in its hands.
    assert sizes == [3, 1, 1]
    assert told[-1][0] == second.name
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
    record = read_record(small.runs / second.name)
    assert record is not None
    assert (record.state, record.attempts) == ("failed", 2)
    assert record.reason == found[second.name].reason
    assert record.good is None
    assert not (small.runs / second.name / BEGUN).exists()
    # So that whoever asks how the runs stand, or for what failed, is told of it.
    reasons = {p.run.name: p.reason for p in judge_runs(plan_runs(small), small)}
    assert reasons[second.name] == "failed before"
    cells = {c.name: c.state for c in read_state(small, dt.datetime.now(dt.UTC)).grid.cells}
    assert cells[second.name] == "failed"


def test_a_run_that_was_lost_keeps_its_last_good_result(small: Workspace, inline: Any) -> None:
    needed = _needed(small)
    carry_out(needed, small, Limits(60, 0, warm=False), lambda _: inline)
    second = needed[1][0]
    before = read_record(small.runs / second.name)
    assert before is not None
    carry_out(needed, small, Limits(), lambda _: Breaking(small, second.area))
    after = read_record(small.runs / second.name)
    assert after is not None
    assert (before.state, after.state) == ("ok", "failed")
    assert after.good == before.good
    assert (find_results(small, after) / "site/en/small-butel/index.html").is_file()


def test_who_stood_beside_a_run_that_ends_workers_is_not_blamed(small: Workspace) -> None:
    """A pool loses all its workers at once, whichever of their runs was the cause."""
    guilty, beside, last = (run for run, _ in _needed(small))

    class Shared(Breaking):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            if args[0] == beside and self.broken:
                (self.space.runs / beside.name).mkdir(parents=True, exist_ok=True)
                note_begin(self.space.runs / beside.name)
            return super().submit(fn, *args, **kwargs)

    found = carry_out(_needed(small), small, Limits(), lambda _: Shared(small, guilty.area))
    states = {name: outcome.state for name, outcome in found.items()}
    assert states == {guilty.name: "failed", beside.name: "ok", last.name: "ok"}


def test_retries_within_a_worker_are_no_losses_of_workers(small: Workspace) -> None:
    second = _needed(small)[1][0]

    class Retrying(Breaking):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            if args[0] == second and not self.broken:
                (self.space.runs / second.name).mkdir(parents=True, exist_ok=True)
                note_begin(self.space.runs / second.name)
            return super().submit(fn, *args, **kwargs)

    pools: list[Executor] = []

    def open_pool(_: int) -> Executor:
        pools.append(Retrying(small, "nowhere" if pools else second.area))
        return pools[-1]

    found = carry_out(_needed(small), small, Limits(), open_pool)
    assert [outcome.state for outcome in found.values()] == ["ok", "ok", "ok"]


def test_what_a_killed_suite_left_is_not_counted(small: Workspace) -> None:
    second = _needed(small)[1][0]
    folder = small.runs / second.name
    folder.mkdir(parents=True)
    note_begin(folder)
    note_begin(folder)
    (folder / HEARTBEAT).write_text("{}")
    pools: list[Executor] = []

    def open_pool(_: int) -> Executor:
        pools.append(Breaking(small, "nowhere" if pools else second.area))
        return pools[-1]

    found = carry_out(_needed(small), small, Limits(), open_pool)
    assert found[second.name].state == "ok"
    assert not (folder / HEARTBEAT).exists()


def test_workers_that_never_start_are_given_up(small: Workspace) -> None:
    class Dead(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("a process was terminated abruptly"))
            return future

    pools: list[int] = []

    def open_pool(count: int) -> Executor:
        pools.append(count)
        return Dead()

    found = carry_out(_needed(small), small, Limits(), open_pool)
    assert pools == [3, 3, 3]
    assert {o.state for o in found.values()} == {"failed"}
    assert all(o.reason.startswith("no process could be started") for o in found.values())
    assert {o.attempts for o in found.values()} == {0}


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
    records = read_records(small)
    assert [(r.state, r.reason, r.attempts) for r in records] == [
        ("failed", "all workers are gone", 0)
    ] * 3


def test_a_run_whose_workers_dask_lost_says_how_often(small: Workspace) -> None:
    class KilledWorker(Exception):  # noqa: N818  # as Dask names it
        pass

    class Losing(Executor):
        def submit(self, _: Any, /, run: Any, *__: Any, **___: Any) -> Future[Any]:
            folder = small.runs / run.name
            folder.mkdir(parents=True, exist_ok=True)
            for _time in range(3):
                note_begin(folder)
            future: Future[Any] = Future()
            future.set_exception(KilledWorker("tcp://10.0.0.7:4567 died while running it"))
            return future

    found = carry_out(_needed(small), small, Limits(), lambda _: Losing())
    assert {o.attempts for o in found.values()} == {3}
    for outcome in found.values():
        assert outcome.reason.startswith("the process that made it ended 3 times")
        assert "10.0.0.7" not in outcome.reason


def test_attempts_of_lost_workers_count_when_a_run_succeeds(small: Workspace) -> None:
    run, key = _needed(small)[0]
    (small.runs / run.name).mkdir(parents=True)
    note_begin(small.runs / run.name)
    outcome = execute_run(run, key, small.root, Limits(60, 0, warm=False))
    assert (outcome.state, outcome.attempts) == ("ok", 2)
    assert read_begun(small.runs / run.name) == []


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
