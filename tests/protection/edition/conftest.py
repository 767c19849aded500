"""Small editions: rows of counts, and the rules that they are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from analysis.catalog import load_areas, load_indicators
from analysis.protection import load_policy
from analysis.protection.edition.protect import Rules
from analysis.store.schema import COLUMNS, DIMENSIONS, TOTAL, identify

if TYPE_CHECKING:
    from collections.abc import Callable

FLOW = "trafficking_identified_victims_persons"
STOCK = "unhcr_refugees_persons"


def make_row(value: float, area: str = "MK", year: str = "2022", **other: Any) -> dict[str, Any]:
    """One observation of a count; any column can be given by name."""
    row = dict.fromkeys(COLUMNS, "") | dict.fromkeys(DIMENSIONS, TOTAL)
    row |= {"denominator": np.nan, "lower": np.nan, "upper": np.nan, "line": 7, "note": "a note"}
    row |= {"indicator_id": FLOW, "area_id": area, "source_id": "a", "snapshot_id": "a@1"}
    row |= {
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        "method": "as published",
    }
    row |= {"value": float(value), "numerator": float(value), "state": "value" if value else "zero"}
    return row | {"status": "final", "verification": "verified"} | other


def make_table(*rows: dict[str, Any]) -> pd.DataFrame:
    """A table of such rows, with their ids."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return frame.assign(observation_id=identify(frame))


@pytest.fixture
def row() -> Callable[..., dict[str, Any]]:
    return make_row


@pytest.fixture
def table() -> Callable[..., pd.DataFrame]:
    return make_table


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules(load_areas(), load_indicators(), load_policy())
