"""What is cut off ends cleanly, is said, and is finished by the next run."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.faults.conftest import SmallSuite

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals and forks are of POSIX"),
]


def test_kernels_end_with_a_runner_that_was_killed(suite: SmallSuite) -> None:
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


def test_ctrl_c_ends_it_and_the_next_run_goes_on(suite: SmallSuite) -> None:
    suite.change(0)
    suite.assert_finished(0)
    # To look for kernels takes long on a busy machine: the first must still be there then.
    suite.change(1, pause=2.0)
    runner = suite.start("--workers", "1")
    until = time.monotonic() + 60
    while time.monotonic() < until and not suite.list_kernels():
        time.sleep(0.02)
    assert runner.poll() is None
    runner.send_signal(signal.SIGINT)
    _, said = runner.communicate(timeout=60)
    assert runner.returncode == 130
    assert "run it again and it goes on from there" in said
    assert "Traceback" not in said
    suite.assert_whole()
    assert suite.read_version("kumanovo") == "0"
    suite.assert_finished(1)


def test_two_runners_started_together(suite: SmallSuite) -> None:
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
def test_a_folder_that_cannot_be_written_is_said(suite: SmallSuite) -> None:
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
