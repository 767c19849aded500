"""Workspaces in which one count is another, built once for all tests of this folder."""

from __future__ import annotations

import pytest
from mutation.edits import STATES, change, publish


@pytest.fixture(scope="session")
def changed_workspace(new_workspace, tmp_path_factory):
    """Makes a built workspace in which lines of the published tables are others."""

    def make(edits):
        space = new_workspace(tmp_path_factory.mktemp("changed"))
        change(space, edits)
        return publish(space)

    return make


@pytest.fixture(scope="session")
def spaces(workspace, changed_workspace):
    """By name: a count as it is, a zero, withheld, and withheld with another number."""
    return {"value": workspace} | {n: changed_workspace(edits) for n, edits in STATES.items()}
