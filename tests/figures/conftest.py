"""One chart of every kind, with as many of its parts as it can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from figures.map_samples import COUNTS, NOTES, SHADES, sample

from analysis.catalog import load_areas
from analysis.figures.charts import (
    chart_applications,
    chart_change,
    chart_registered,
    chart_route,
)
from analysis.figures.compare import chart_compare
from analysis.figures.map_layout import lay_out_country, lay_out_squares
from analysis.figures.maps import chart_map
from analysis.figures.outlook import chart_outlook
from analysis.figures.readiness import chart_readiness
from analysis.sources.boundaries import load_boundaries

if TYPE_CHECKING:
    from analysis.figures.drawing import Drawing

# Those whose samples lie in the gallery, in both languages.
GRAMMAR = ("capacity", "cascade", "lines", "plan", "tiles")
KINDS = (
    "change",
    "change_losses",
    "registered",
    "applications",
    "route",
    "outlook",
    "map",
    "map_points",
    "map_squares",
    "compare",
    "readiness",
    *GRAMMAR,
)


def named(*changes: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": ["Куманово", "Регион", "Северна Македонија"],
            "pct": changes,
            "label": [f"{change} %" for change in changes],
            "rank": [0, 1, 2],
        }
    )


def years() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": [2023, 2024, 2025],
            "count": [1200.0, 12.058140378892357, 20500.0],
            "label": ["1.200", "", "20.500"],
            "is_provisional": [False, False, True],
        }
    )


def registered() -> Drawing:
    rows = pd.DataFrame(
        {
            "kind": ["бегалци", "бегалци", "барачи"],
            "order": [0, 0, 1],
            "year": [2023, 2024, 2024],
            "persons": [12.0, None, 7.0],
            "label": ["12", "", "7"],
            "is_withheld": [False, True, False],
            "is_provisional": [False, False, True],
        }
    )
    return chart_registered(rows, "withheld", "light: provisional", [2023, 2024, 2025])


def outlook() -> Drawing:
    rows = pd.DataFrame(
        {
            "series": "s",
            "year": [2024, 2025, 2026],
            "count": [10.0, 12.0, 13.0],
            "is_forecast": [False, False, True],
            "low_80": [None, None, 11.0],
            "high_80": [None, None, 15.0],
            "low_95": [None, None, 9.0],
            "high_95": [None, None, 18.0],
        }
    )
    return chart_outlook(rows, ["s"])


def draw_map(unit: str, *, has_squares: bool) -> Drawing:
    boundaries = load_boundaries(load_areas().frame, None, None)
    values = COUNTS if unit == "persons" else SHADES
    layout = lay_out_squares() if has_squares else lay_out_country(boundaries)
    return chart_map(sample(unit, *values), layout, NOTES)


def compare() -> Drawing:
    rows = pd.DataFrame(
        {
            "name": ["Битола", "Велес", "Куманово", "Охрид"],
            "value": [-1.0, 0.0, 5.0, None],
            "lower": [-2.0, 0.0, 4.0, None],
            "upper": [1.0, 1.2, 6.5, None],
            "label": ["−1,0", "◌ 0", "5,0", "× затаено"],
            "is_here": [False, False, True, False],
        }
    )
    return chart_compare(rows, (-2.5, 7.0), "axis", "Северна Македонија: 4,1", 4.1)


def readiness() -> Drawing:
    states = ["fresh", "overdue", "undated", "missing"]
    rows = pd.DataFrame(
        {
            "owner": "the office\nof a long name",
            "state": states,
            "indicators": [1, 2, 0, 12],
            "label": ["1", "2", "0", "12"],
        }
    )
    return chart_readiness(rows, ["the office\nof a long name"], states)


def make_chart(kind: str) -> Drawing:
    if kind in GRAMMAR:
        # The gallery shows charts of this file too.
        from figures.gallery import draw_sample

        return draw_sample(kind, "mk")
    makers = {
        "change": lambda: chart_change(named(-7.0, 3.0, 0.0), named(-7.0, 3.0, 1.0), "x", "all"),
        "change_losses": lambda: chart_change(
            named(-7.0, -3.0, -1.0), named(-9.0, -2.0, -1.0), "x", "all"
        ),
        "registered": registered,
        "applications": lambda: chart_applications(years(), "axis", "light: provisional"),
        "route": lambda: chart_route(years(), "axis", ""),
        "outlook": outlook,
        "compare": compare,
        "readiness": readiness,
        "map": lambda: draw_map("percent", has_squares=False),
        "map_points": lambda: draw_map("persons", has_squares=False),
        "map_squares": lambda: draw_map("percent", has_squares=True),
    }
    return makers[kind]()


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    """The name of each kind of chart in turn."""
    return request.param


@pytest.fixture
def chart(kind) -> Drawing:
    """A chart of each kind in turn."""
    return make_chart(kind)


@pytest.fixture(scope="session")
def chart_of():
    """Makes a chart of a kind."""
    return make_chart


@pytest.fixture(scope="session")
def kinds() -> tuple[str, ...]:
    """The names of all kinds of charts."""
    return KINDS


@pytest.fixture(scope="session")
def areas_frame() -> pd.DataFrame:
    """The catalogue of areas."""
    return load_areas().frame
