"""A workspace in which a small edition is built, submitted and approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from protection.ledger.small_edition import MARCH, PLANTED, build, observe, publish, withhold

from analysis.workspace import Workspace

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace in which nothing was built."""
    return Workspace(tmp_path)


@pytest.fixture(scope="session")
def built() -> Callable[..., pd.DataFrame]:
    """Writes both zones of a workspace."""
    return build


@pytest.fixture(scope="session")
def published() -> Callable[..., Any]:
    """Builds, submits and approves; gives the entry."""
    return publish


@pytest.fixture(scope="session")
def observed() -> Callable[..., pd.DataFrame]:
    """Gives observations before protection."""
    return observe


@pytest.fixture(scope="session")
def protected() -> Callable[..., pd.DataFrame]:
    """Protects them."""
    return withhold


@pytest.fixture(scope="session")
def march() -> dt.datetime:
    """When everything is submitted; approved two days later."""
    return MARCH


@pytest.fixture(scope="session")
def planted() -> float:
    """The withheld number that must not be found."""
    return PLANTED
