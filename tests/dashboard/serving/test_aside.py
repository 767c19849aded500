"""Slow work beside the loop: its result, its failure, and an end that does not wait for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from analysis.dashboard.serving.aside import run_aside

ENDLESS = """
import asyncio, threading
from analysis.dashboard.serving.aside import run_aside

async def main():
    task = asyncio.ensure_future(run_aside(threading.Event().wait))
    await asyncio.sleep(0.05)
    task.cancel()

asyncio.run(main())
print("ended")
"""


def test_the_result_comes_back() -> None:
    assert asyncio.run(run_aside(lambda: 7)) == 7


def test_a_failure_comes_back() -> None:
    def fail():
        msg = "no kernels here"
        raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="no kernels here"):
        asyncio.run(run_aside(fail))


def test_the_loop_goes_on_meanwhile() -> None:
    async def race():
        import threading

        held = threading.Event()
        task = asyncio.ensure_future(run_aside(held.wait))
        await asyncio.sleep(0)
        assert not task.done()
        held.set()
        return await task

    assert asyncio.run(race()) is True


def test_the_end_of_the_program_does_not_wait_for_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDLESS], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "ended\n"
