"""Public data made row by row, for what is said of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from analysis.catalog import load_indicators
from analysis.store.read import PublicData, read_public
from analysis.store.schema import COLUMNS, DIMENSIONS, TOTAL, identify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.workspace import Workspace

Row = dict[str, object]


def make_row(  # a row is told everything
    indicator: str,
    area: str,
    year: int,
    value: float | None,
    *,
    source: str = "s1",
    state: str = "",
    status: str = "final",
    month: int | None = None,
) -> Row:
    first, last = f"{year}-01-01", f"{year}-12-31"
    if month:
        first = f"{year}-{month:02d}-01"
        last = str(pd.Timestamp(first) + pd.offsets.MonthEnd(0))[:10]
    named = state or ("no_data" if value is None else "value" if value else "zero")
    return (
        dict.fromkeys(COLUMNS, "")
        | dict.fromkeys(DIMENSIONS, TOTAL)
        | {
            "indicator_id": indicator,
            "area_id": area,
            "period_start": first,
            "period_end": last,
            "numerator": np.nan,
            "denominator": np.nan,
            "value": np.nan if value is None else float(value),
            "lower": np.nan,
            "upper": np.nan,
            "state": named,
            "status": status,
            "source_id": source,
            "reason": "",
        }
    )


@pytest.fixture(scope="session")
def data(workspace: Workspace) -> PublicData:
    return read_public(workspace)


@pytest.fixture
def make_data() -> Callable[[Iterable[Row]], PublicData]:
    def make(rows: Iterable[Row]) -> PublicData:
        frame = pd.DataFrame(list(rows))
        frame = frame.assign(observation_id=identify(frame))
        sources = pd.DataFrame(
            {
                # Of the Office, the edition whose id comes first is the newest.
                "source_id": ["s0", "s1", "s2", "s3"],
                "publisher": ["Office", "Office", "Office", "Agency"],
                "as_of": ["2026", "2024", "2025", "2025"],
                "verification": ["read", "read", "read", "secondary"],
            }
        )
        return PublicData(frame, sources, load_indicators())

    return make
