"""A small edition: some cells are withheld, some are shown, one of them with the same number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from analysis.protection.scanner.match import Matcher
from analysis.protection.scanner.scan import scan_bytes
from analysis.protection.scanner.secrets import Secrets, make_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

# id, indicator, area, year, number, is withheld
CELLS = (
    ("a1b2c3d4e5f6", "unhcr_refugees_persons", "MK-703", 2023, 7.0, True),
    ("b1b2c3d4e5f6", "unhcr_others_of_concern_persons", "MK-703", 2021, 347.0, True),
    ("c1b2c3d4e5f6", "unhcr_asylum_seekers_persons", "MK-703", 2019, float("nan"), True),
    ("d1b2c3d4e5f6", "unhcr_stateless_persons", "MK-804", 2023, 7.0, False),
    ("e1b2c3d4e5f6", "unhcr_stateless_persons", "MK-703", 2023, 18.0, False),
    ("f1b2c3d4e5f6", "unhcr_refugees_persons", "MK-703", 2022, 24.0, False),
    ("a2b2c3d4e5f6", "unhcr_refugees_persons", "MK-803", 2022, 13.0, True),
)


def make_rows(cells: Any) -> pd.DataFrame:
    """Observations of the columns that the scanner reads."""
    rows = [
        {
            "observation_id": name,
            "indicator_id": indicator,
            "area_id": area,
            "period_start": f"{year}-01-01",
            "period_end": f"{year}-12-31",
            **dict.fromkeys(("sex", "origin", "citizenship", "age", "category"), "total"),
            "source_id": "unhcr-rpsd",
            "numerator": number,
            "denominator": float("nan"),
            "value": number,
            "lower": float("nan"),
            "upper": float("nan"),
            "state": "value",
            "reason": "",
        }
        for name, indicator, area, year, number, _ in cells
    ]
    return pd.DataFrame(rows)


def protect(rows: pd.DataFrame, withheld: set[str]) -> pd.DataFrame:
    """The same rows with blanks where they are withheld."""
    public = rows.copy()
    closed = public["observation_id"].isin(withheld)
    public.loc[closed, ["value", "numerator"]] = float("nan")
    public.loc[closed, "state"] = "suppressed"
    public.loc[closed, "reason"] = "small count"
    return public


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Any], pd.DataFrame]:
    """Makes observations of cells."""
    return make_rows


@pytest.fixture(scope="session")
def edition() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The restricted table and the public one."""
    rows = make_rows(CELLS)
    return rows, protect(rows, {name for name, *_, closed in CELLS if closed})


@pytest.fixture(scope="session")
def secrets(edition: tuple[pd.DataFrame, pd.DataFrame]) -> Secrets:
    """What the small edition withholds."""
    return make_secrets(*edition)


@pytest.fixture(scope="session")
def find(secrets: Secrets) -> Callable[[str, bytes | str], list[str]]:
    """Finds ids that a file tells; a part that was not read is an error of the test."""
    matcher = Matcher(secrets)

    def scan(name: str, content: bytes | str) -> list[str]:
        raw = content.encode("utf-8") if isinstance(content, str) else content
        leaks = scan_bytes(name, raw, matcher)
        assert not [leak.sentence for leak in leaks if not leak.observation_id]
        return sorted({leak.observation_id for leak in leaks})

    return scan
