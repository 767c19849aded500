"""How a notebook is executed: what is said meanwhile, and what need not be loaded for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from analysis.documents.face import RUN_VARIABLE
from analysis.suite.engine import Task
from analysis.suite.inside import RUN

LOADED = "import sys, analysis.suite.attempt; print(*sorted(sys.modules))"
# Each takes longer to import than a run takes in all.
HEAVY = {"altair", "geopandas", "papermill", "statsmodels", "matplotlib"}


@pytest.fixture
def task(tmp_path):
    return Task({}, tmp_path, 60.0, tmp_path / "heartbeat.json")


def test_a_heartbeat_says_the_cell_that_is_at_work(task):
    task.beat(99, 120)
    task.beat(1, 7)

    said = json.loads(task.heartbeat.read_text())

    assert (said["cell"], said["of"]) == (2, 7)
    assert said["at"] > 1_700_000_000


def test_a_heartbeat_covers_the_former_one_in_its_place(task):
    task.beat(0, 7)
    first = task.heartbeat.stat()
    task.beat(123_456, 1_000_000)
    second = task.heartbeat.stat()

    assert (first.st_ino, first.st_size) == (second.st_ino, second.st_size)
    assert [p.name for p in task.folder.iterdir()] == ["heartbeat.json"]


def test_documents_and_runs_call_the_id_of_a_run_the_same():
    assert RUN == RUN_VARIABLE


def test_starting_a_kernel_needs_nothing_that_draws_or_composes():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )

    assert HEAVY.isdisjoint(done.stdout.split())
