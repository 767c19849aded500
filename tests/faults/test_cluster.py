"""A Dask cluster on this machine makes the same bytes, also when one of its workers is killed."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from analysis.suite.executors import ClusterError, open_cluster
from analysis.suite.records import read_records
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.conftest import Cluster, RealSuite, SmallSuite, Suite

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX"),
]
LOG = logging.getLogger(__name__)
# `make faults` makes all municipalities.
IS_WHOLE = "PATOKAZ_FAULTS" in os.environ


def _results(suite: Suite) -> dict[str, dict[str, str]]:
    return {r.name: r.good.outputs for r in read_records(suite.space) if r.good}


def test_a_cluster_makes_the_same_bytes_as_this_machine(
    fresh_suite: RealSuite,
    open_cluster_in: Callable[..., Cluster],
    tmp_path: Path,
) -> None:
    places = ["--all"] if IS_WHOLE else ["--area", "veles", "--area", "bitola", "--area", "tetovo"]
    asked = [*places, "--language", "mk"]
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(fresh_suite.space.root, elsewhere, symlinks=True)
    local = fresh_suite.finish(*asked)
    there = type(fresh_suite)(Workspace(elsewhere), fresh_suite.room, fresh_suite.started)
    cluster = open_cluster_in(there.environment)
    runner = there.start(*asked, "--cluster", cluster.address)
    # Some runs have ended: one worker is lost on the way, and its run goes to the other.
    until = time.monotonic() + 300
    middle = len(_results(fresh_suite)) // 2
    while time.monotonic() < until and len(_results(there)) < middle:
        time.sleep(0.05)
    cluster.workers[0].send_signal(signal.SIGKILL)
    assert runner.poll() is None
    out, errors = runner.communicate(timeout=600)
    assert runner.returncode == 0, errors
    report = json.loads(out)
    assert report["failed"] == local["failed"] == []
    assert len(report["executed"]) == len(local["executed"]) >= (80 if IS_WHOLE else 3)
    assert _results(there) == _results(fresh_suite)
    LOG.info("%d runs, %d kernels", len(report["executed"]), report["kernels_started"])
    # The one that was lost was begun twice, and is counted twice.
    assert len(report["executed"]) <= report["kernels_started"] <= len(report["executed"]) + 1
    assert there.finish(*asked)["kernels_started"] == 0


def test_workers_that_see_no_folder_of_the_runner_make_the_same_bytes(
    suite: SmallSuite, open_cluster_in: Callable[..., Cluster], tmp_path: Path
) -> None:
    suite.change(7)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(suite.space.root, elsewhere, symlinks=True)
    assert suite.finish()["failed"] == []
    there = type(suite)(Workspace(elsewhere), suite.room, suite.started)
    homes = [tmp_path / "one", tmp_path / "two"]
    away = {name: value for name, value in there.environment.items() if name != "PATOKAZ_HOME"}
    cluster = open_cluster_in(away, homes)
    folder = f"file://{tmp_path / 'shared'}"
    runner = there.start("--cluster", cluster.address, "--folder", folder)
    until = time.monotonic() + 300
    while time.monotonic() < until and not _results(there):
        time.sleep(0.05)
    cluster.workers[0].send_signal(signal.SIGKILL)
    out, errors = runner.communicate(timeout=600)
    assert runner.returncode == 0, errors
    assert json.loads(out)["failed"] == []
    assert _results(there) == _results(suite)
    assert len(_results(there)) == 4
    there.assert_whole()
    # Each had a workspace of its own; nothing restricted went to either of them.
    assert all([p.name for p in home.iterdir()] for home in homes)
    for room in (*homes, tmp_path / "shared"):
        assert not list(room.rglob("restricted"))
    assert there.finish()["kernels_started"] == 0


def test_a_scheduler_without_workers_is_said(
    open_cluster_in: Callable[..., Cluster],
) -> None:
    cluster = open_cluster_in(dict(os.environ))
    for worker in cluster.workers:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=30)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            open_cluster(cluster.address).shutdown()
        except ClusterError as refused:
            assert "has no workers. Start one with `dask worker" in str(refused)  # noqa: PT017
            return
        time.sleep(0.2)
    pytest.fail("The scheduler still counts on workers that were killed.")
