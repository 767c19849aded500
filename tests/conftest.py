"""A workspace that tests may build in: files of the checkout, results in a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.workspace import Workspace

CHECKOUT = Path(__file__).resolve().parents[1]
INPUTS = ("data_raw/published", "notebooks", "dashboards", "policy_briefs/templates")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout that the tests belong to."""
    return CHECKOUT


def copy_inputs(root: Path) -> Workspace:
    """Make a workspace of the inputs of the checkout, with nothing built."""
    for name in INPUTS:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, root / name)
    shutil.copy(CHECKOUT / "requirements.lock", root)
    return Workspace(root)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A built workspace; shared, so tests only read its inputs and its public zone."""
    space = copy_inputs(tmp_path_factory.mktemp("workspace"))
    publish_observations(build_observations(space.published), space)
    return space


@pytest.fixture
def own_workspace(tmp_path: Path) -> Workspace:
    """A workspace of one test, with nothing built, whose files the test may change."""
    return copy_inputs(tmp_path)
