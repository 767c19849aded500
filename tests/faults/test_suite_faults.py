"""Whatever is killed and whenever: readers see a whole edition, and the next run finishes."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.conftest import Suite

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals and forks are of POSIX"),
]
# `make faults` asks for fifty.
TIMES = int(os.environ.get("PATOKAZ_FAULTS", "8"))
VICTIMS = ("runner", "worker", "parent", "kernel")
LONGEST = 5.0


def _wait_for_work(suite: Suite, runner: int, until: float) -> None:
    while time.monotonic() < until and not suite.list_workers(runner):
        time.sleep(0.02)


def _find_victims(suite: Suite, name: str, runner: int) -> list[psutil.Process]:
    if name == "runner":
        return [psutil.Process(runner)] if psutil.pid_exists(runner) else []
    if name == "worker":
        return suite.list_workers(runner)
    return suite.list_parents() if name == "parent" else suite.list_kernels()


def test_killed_at_random_it_is_whole_and_finishes(
    suite: Suite, kill_one: Callable[[list[psutil.Process], float], bool]
) -> None:
    draw = random.Random(20261122)  # noqa: S311  # chooses whom to kill
    suite.change(0)
    suite.assert_finished(0)
    hits = 0
    for time_number in range(1, TIMES + 1):
        suite.change(time_number)
        runner = suite.start("--workers", "2")
        _wait_for_work(suite, runner.pid, time.monotonic() + LONGEST)
        time.sleep(draw.uniform(0.0, LONGEST))
        name = VICTIMS[time_number % len(VICTIMS)]
        hits += kill_one(_find_victims(suite, name, runner.pid), draw.random())
        suite.assert_whole()
        runner.communicate(timeout=120)
        suite.assert_whole()
        suite.assert_finished(time_number)
    # A kill that comes too late hits nothing: some must have hit, or nothing was tested.
    assert hits >= TIMES // 4


def test_kernels_end_with_a_runner_that_was_killed(suite: Suite) -> None:
    suite.change(0)
    suite.assert_finished(0)
    suite.change(1)
    runner = suite.start("--workers", "2")
    until = time.monotonic() + 60
    while time.monotonic() < until and not suite.list_kernels():
        time.sleep(0.02)
    assert suite.list_kernels()
    runner.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while time.monotonic() < until and suite.list_kernels():
        time.sleep(0.1)
    assert suite.list_kernels() == []
    suite.assert_whole()
    suite.assert_finished(1)


def test_ctrl_c_ends_it_and_the_next_run_goes_on(suite: Suite) -> None:
    suite.change(0)
    suite.assert_finished(0)
    suite.change(1)
    runner = suite.start("--workers", "1")
    until = time.monotonic() + 60
    while time.monotonic() < until and not suite.list_kernels():
        time.sleep(0.02)
    runner.send_signal(signal.SIGINT)
    _, said = runner.communicate(timeout=60)
    assert runner.returncode == 130
    assert "run it again and it goes on from there" in said
    assert "Traceback" not in said
    suite.assert_whole()
    assert suite.read_version("kumanovo") == "0"
    suite.assert_finished(1)


def test_two_runners_started_together(suite: Suite) -> None:
    suite.change(0)
    first, second = suite.start("--workers", "1"), suite.start("--workers", "1")
    _, first_said = first.communicate(timeout=120)
    _, second_said = second.communicate(timeout=120)
    codes = {first.returncode: first_said, second.returncode: second_said}
    assert sorted(codes) == [0, 75]
    assert "Another runner is at work: process " in codes[75]
    assert "holds 4 runs (09_small) since 20" in codes[75]
    suite.assert_finished(0)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_said(suite: Suite) -> None:
    suite.change(0)
    suite.assert_finished(0)
    suite.change(1)
    suite.space.runs.chmod(0o500)
    try:
        runner = suite.start("--workers", "1")
        _, said = runner.communicate(timeout=120)
    finally:
        suite.space.runs.chmod(0o755)
    assert runner.returncode != 0
    assert "Permission denied" in said
    suite.assert_whole()
    suite.assert_finished(1)
