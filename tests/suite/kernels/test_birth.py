from __future__ import annotations

import os
import random
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.suite.kernels.birth import INLINE, plant_seed, restore_pictures


@pytest.fixture(autouse=True)
def _same_after():
    own, shared = random.getstate(), np.random.get_state()  # noqa: NPY002  # as notebooks use it
    yield
    random.setstate(own)
    np.random.set_state(shared)  # noqa: NPY002


def draw(seed):
    plant_seed(seed)
    return random.random(), float(np.random.random())  # noqa: NPY002, S311  # no secret


def test_the_same_seed_gives_the_same_numbers():
    assert draw(2**40 + 3) == draw(2**40 + 3)
    assert draw(3) != draw(4)


def test_without_a_seed_numbers_differ():
    assert len({draw(None) for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("imported", "backend", "expected"),
    [(True, INLINE, ["inline"]), (False, INLINE, []), (True, "agg", [])],
)
def test_pictures_of_matplotlib_are_shown_where_the_environment_wants_it(
    monkeypatch, imported, backend, expected
):
    asked = []
    monkeypatch.setitem(sys.modules, "matplotlib", SimpleNamespace())
    if not imported:
        monkeypatch.delitem(sys.modules, "matplotlib")

    restore_pictures(SimpleNamespace(enable_matplotlib=asked.append), backend)

    assert asked == expected


def test_a_kernel_is_told_where_matplotlib_draws():
    assert INLINE == "module://matplotlib_inline.backend_inline"
    assert os.environ.get("MPLBACKEND") != INLINE
