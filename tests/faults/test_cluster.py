"""A Dask cluster on this machine makes the same bytes, also when one of its workers is killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from analysis.suite.attempt import Limits
from analysis.suite.executors import ClusterError, open_cluster
from analysis.suite.plan import plan_runs
from analysis.suite.records import read_records
from analysis.suite.run import Options, judge_runs, run_suite
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.conftest import Suite

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX"),
]
RUNNING = "from distributed.cli.dask_{0} import main; main()"
QUIET = ("--no-dashboard",)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers of one thread each, on loopback."""
    address = f"tcp://127.0.0.1:{_free_port()}"
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}

    def start(kind: str, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", RUNNING.format(kind), *options, *QUIET],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    port = address.rsplit(":", 1)[1]
    started = [start("scheduler", "--host", "127.0.0.1", "--port", port)]
    workers = [
        start("worker", address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        for _ in range(2)
    ]
    started += workers
    try:
        _wait_for_workers(address)
        yield address, workers
    finally:
        for process in reversed(started):
            for child in [*_children(process.pid), process]:
                if child.pid != process.pid or process.poll() is None:
                    child.kill()
            process.wait(timeout=30)


def _children(process: int) -> list[psutil.Process]:
    try:
        return psutil.Process(process).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _wait_for_workers(address: str) -> None:
    from distributed import Client

    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with Client(address, timeout="5s", set_as_default=False) as client:
                client.wait_for_workers(2, timeout=30)
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("The cluster did not start.")


def _results(space: Workspace) -> dict[str, dict[str, str]]:
    return {r.name: r.good.outputs for r in read_records(space) if r.good}


def test_a_cluster_makes_the_same_bytes_as_this_machine(
    suite: Suite, cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    suite.change(7)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(suite.space.root, elsewhere, symlinks=True)
    local = suite.finish()
    space = Workspace(elsewhere)
    killed: list[int] = []

    def watch(*_: object) -> None:
        # The first run has ended: one worker is lost on the way, and its run goes to the other.
        if not killed:
            killed.append(workers[0].pid)
            workers[0].send_signal(signal.SIGKILL)

    options = Options(Limits(60, 1, warm=False), cluster=address)
    report = run_suite(judge_runs(plan_runs(space), space), space, watch, options)
    assert killed
    assert [(o.state, o.reason) for o in report.outcomes] == [("ok", "")] * 4
    assert report.edition is not None
    assert _results(space) == _results(suite.space)
    assert len(_results(space)) == 4
    assert local["failed"] == []
    again = run_suite(judge_runs(plan_runs(space), space), space, None, options)
    assert again.kernels_started == 0


def test_a_scheduler_without_workers_is_said(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, workers = cluster
    for worker in workers:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=30)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            open_cluster(address).shutdown()
        except ClusterError as refused:
            assert "has no workers. Start one with `dask worker" in str(refused)  # noqa: PT017
            return
        time.sleep(0.2)
    pytest.fail("The scheduler still counts on workers that were killed.")
