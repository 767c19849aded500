"""Whatever is killed and whenever: readers see a whole edition, and the next run finishes.

Each kill is over the suite that ships, of twenty runs. Whom it hits and when is drawn from the
number of the kill, so that one of them can be looked into again by its name.
"""

from __future__ import annotations

import logging
import os
import random
import subprocess
import time
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.conftest import Cluster, RealSuite

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals and forks are of POSIX"),
]
LOG = logging.getLogger(__name__)
# `make faults` asks for fifty.
TIMES = int(os.environ.get("PATOKAZ_FAULTS", "5"))
SEED = 20261122
VICTIMS = ("runner", "worker", "dask worker", "parent", "kernel")
# Where within a whole run the kill comes: kernels are at work until about the middle, then the
# edition is staged, verified and switched.
FIRST, LAST = 0.05, 1.0
LONGEST = 900.0
HITS: list[bool] = []


def _find_victims(
    suite: RealSuite, name: str, runner: int, cluster: Cluster | None
) -> list[psutil.Process]:
    if name == "runner":
        return [psutil.Process(runner)] if psutil.pid_exists(runner) else []
    if name == "dask worker" and cluster:
        return cluster.list_workers()
    if name == "worker":
        return suite.list_workers(runner)
    return suite.list_parents() if name == "parent" else suite.list_kernels()


@pytest.mark.parametrize("number", range(1, TIMES + 1))
def test_killed_at_random_it_is_whole_and_finishes(
    real_suite: RealSuite,
    number: int,
    kill_one: Callable[[list[psutil.Process], float], bool],
    open_cluster_in: Callable[..., Cluster],
) -> None:
    draw = random.Random(SEED + number)  # noqa: S311  # chooses whom to kill, and when
    name = VICTIMS[number % len(VICTIMS)]
    # Only a runner is there to be killed until the very end.
    share = draw.uniform(FIRST, LAST if name == "runner" else 0.5 * LAST)
    cluster = open_cluster_in(real_suite.environment) if name == "dask worker" else None
    real_suite.change(number)
    options = ("--cluster", cluster.address) if cluster else ("--workers", "2")
    runner = real_suite.start(*options)
    until = time.monotonic() + share * real_suite.usual
    while time.monotonic() < until and runner.poll() is None:
        real_suite.glance(draw)
        time.sleep(0.2)
    victims = _find_victims(real_suite, name, runner.pid, cluster)
    while not victims and name != "runner" and runner.poll() is None:
        # None is there at this moment: the next one is hit.
        time.sleep(0.02)
        victims = _find_victims(real_suite, name, runner.pid, cluster)
    HITS.append(kill_one(victims, draw.random()))
    real_suite.assert_whole()
    _follow(real_suite, runner, draw)
    real_suite.assert_whole()
    done = len(real_suite.list_done())
    said = "kill %d: %s at %.2f, hit: %s, exit %s, %d of 20 done"
    LOG.info(said, number, name, share, HITS[-1], runner.returncode, done)
    if name != "runner":
        # Whoever lost a helper ends well all the same, and has published.
        assert runner.returncode == 0
        assert done == 20
    real_suite.assert_finished()


def _follow(suite: RealSuite, runner: subprocess.Popen[str], draw: random.Random) -> None:
    """Read pages until the runner has ended."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        try:
            runner.communicate(timeout=0.5)
        except subprocess.TimeoutExpired:
            suite.glance(draw)
        else:
            return
    pytest.fail("The runner did not end.")


def test_who_draws_for_all_is_killed_and_workers_see_to_it_themselves(
    real_suite: RealSuite, kill_one: Callable[[list[psutil.Process], float], bool]
) -> None:
    real_suite.change(TIMES + 1)
    runner = real_suite.start("--workers", "2")
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and not real_suite.list_kernels():
        time.sleep(0.02)
    drawing = real_suite.list_pictures(runner.pid)
    assert len(drawing) == 1
    assert kill_one(drawing, 0.0)
    _follow(real_suite, runner, random.Random(SEED))  # noqa: S311  # chooses what is read
    assert runner.returncode == 0
    assert len(real_suite.list_done()) == 20
    real_suite.assert_finished()


def test_most_kills_have_hit() -> None:
    # A kill that comes too late hits nothing: most must have hit, or nothing was tested.
    assert sum(HITS) >= 0.6 * len(HITS)
