"""A workspace whose suite file has a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.workspace import Workspace


@pytest.fixture
def scheduled(own_workspace: Workspace) -> Callable[[str], Workspace]:
    """Writes the lines of [schedule] and gives the workspace."""

    def write(lines: str = 'at = "05:00"') -> Workspace:
        text = own_workspace.suite_file.read_text(encoding="utf-8").split("[schedule]")[0]
        own_workspace.suite_file.write_text(f"{text}\n[schedule]\n{lines}\n", encoding="utf-8")
        return own_workspace

    return write
