"""A direction is named only where the rules allow it; what is silent says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.assessment.series import read_every_source, read_series
from analysis.assessment.trends import HAS_WITHHELD, IS_STOCK, SWINGS, judge_trends
from analysis.catalog import load_areas
from analysis.methods.reasons import NO_FIGURE, TOO_FEW, TOO_SHORT, WITHHELD
from analysis.methods.trends import label_trends

from .conftest import make_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.store.read import PublicData

FLOW = "asylum_applications_persons"
BIRTHS = "live_births_persons"
STOCK = "unhcr_refugees_persons"
RISING = [40, 48, 55, 66, 70, 85, 95, 110, 120, 140]
AREAS = load_areas()
MK = AREAS.get("MK")


def _yearly(values: list[float | None], indicator: str = FLOW, area: str = "MK", **more: str):
    return [make_row(indicator, area, 2015 + i, v, **more) for i, v in enumerate(values)]


def test_a_clear_rise_has_a_label_an_interval_and_its_observations(make_data: Callable) -> None:
    data = make_data(_yearly(RISING))
    trend = judge_trends(data, FLOW, [MK], 2024)["MK"]
    expected = label_trends([RISING])
    assert trend.label == "rising"
    assert trend.without_pandemic == "rising"
    assert trend.marker == "increasing"
    assert (trend.first_year, trend.last_year) == (2015, 2024)
    assert trend.change.value == pytest.approx(float(expected.change.value[0]))
    assert trend.change.lower > 0
    assert trend.change.unit == "percent"
    assert trend.change.inputs == tuple(data.frame["observation_id"])
    assert trend.change.period_start == "2015-01-01"
    assert trend.change.period_end == "2024-12-31"


def test_a_stock_is_never_given_a_direction(make_data: Callable) -> None:
    trend = judge_trends(make_data(_yearly(RISING, STOCK)), STOCK, [MK], 2024)["MK"]
    assert (trend.label, trend.change.state, trend.change.reason) == (
        "cannot_say",
        "not_applicable",
        IS_STOCK,
    )
    assert trend.change.value is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([40, 48, 55, 66], TOO_SHORT),
        ([1, 0, 1, 0, 1, 0, 1, 0, 1, 0], TOO_FEW),
        ([None] * 10, NO_FIGURE),
    ],
)
def test_what_is_too_short_or_too_few_says_so(
    make_data: Callable, values: list[float | None], reason: str
) -> None:
    trend = judge_trends(make_data(_yearly(values)), FLOW, [MK], 2024)["MK"]
    assert trend.label == "cannot_say"
    assert trend.change.reason == reason


def test_no_row_at_all_is_no_figure(make_data: Callable) -> None:
    trend = judge_trends(make_data(_yearly(RISING)), FLOW, [AREAS.get("RS")], 2024)["RS"]
    assert trend.change.reason == NO_FIGURE
    assert trend.first_year == 0


def test_one_withheld_year_silences_the_series(make_data: Callable) -> None:
    rows = _yearly(RISING)
    rows[4] |= {"state": "suppressed", "value": np.nan}
    trend = judge_trends(make_data(rows), FLOW, [MK], 2024)["MK"]
    assert (trend.label, trend.change.reason) == ("cannot_say", HAS_WITHHELD)
    every = [r | {"state": "suppressed", "value": np.nan} for r in _yearly(RISING)]
    assert judge_trends(make_data(every), FLOW, [MK], 2024)["MK"].change.reason == WITHHELD


def test_a_year_that_still_runs_is_left_out(make_data: Callable) -> None:
    rows = [*_yearly(RISING), make_row(FLOW, "MK", 2025, 3, status="provisional")]
    trend = judge_trends(make_data(rows), FLOW, [MK], 2025, 2015)["MK"]
    assert trend.label == "rising"
    assert trend.last_year == 2024


def test_areas_are_judged_as_one_family(make_data: Callable) -> None:
    draw = np.random.default_rng(5)
    places = AREAS.at_level("municipality")[:40]
    rows = []
    for place in places:
        rows += _yearly([float(c) for c in draw.poisson(30, 10)], BIRTHS, place.area_id)
    data = make_data(rows)
    found = judge_trends(data, BIRTHS, places, 2024)
    counts = np.array([[r.value for r in found[p.area_id].series.results] for p in places])
    labels = list(label_trends(counts).label)
    assert [found[p.area_id].label for p in places] == labels
    alone = [judge_trends(data, BIRTHS, [p], 2024)[p.area_id].label for p in places]
    assert alone.count("no_clear_change") < labels.count("no_clear_change") == len(places)


def test_a_jump_of_a_municipality_cuts_its_series_and_a_country_is_not_cut(
    make_data: Callable,
) -> None:
    jumped = [20, 22, 19, 21, 20, 23, 2_100, 2_200, 2_150, 2_300]
    place = AREAS.get("MK-703")
    cut = judge_trends(make_data(_yearly(jumped, BIRTHS, "MK-703")), BIRTHS, [place], 2024)
    assert cut["MK-703"].change.reason == TOO_SHORT
    whole = judge_trends(make_data(_yearly(jumped)), FLOW, [MK], 2024)["MK"]
    assert whole.change.is_number


def test_years_of_the_pandemic_are_taken_out_for_comparison(make_data: Callable) -> None:
    values = [90, 92, 88, 91, 90, 20, 25, 89, 92, 90]
    trend = judge_trends(make_data(_yearly(values)), FLOW, [MK], 2024)["MK"]
    outside = [v if 2015 + i not in (2020, 2021) else np.nan for i, v in enumerate(values)]
    assert trend.without_pandemic == label_trends([outside]).label[0] == "no_clear_change"


def test_publishers_are_never_mixed_and_editions_of_one_are_joined(make_data: Callable) -> None:
    rows = [
        *[make_row(FLOW, "MK", y, 10 + y - 2015, source="s1") for y in range(2015, 2019)],
        make_row(FLOW, "MK", 2018, 99, source="s2"),
        *[make_row(FLOW, "MK", y, 500, source="s3") for y in range(2017, 2020)],
    ]
    series = read_series(make_data(rows), FLOW, MK, 2010, 2024)
    assert [(r.year, r.value) for r in series.results] == [
        (2015, 10),
        (2016, 11),
        (2017, 12),
        (2018, 99),
    ]
    newest = [*rows, make_row(FLOW, "MK", 2018, 77, source="s0")]
    series = read_series(make_data(newest), FLOW, MK, 2010, 2024)
    assert series.results[-1].value == 77
    every = read_every_source(make_data(rows), FLOW, MK, 2016, 2024)
    assert [(s.results[0].source_id, len(s.results)) for s in every] == [
        ("s1", 3),
        ("s2", 1),
        ("s3", 3),
    ]


def test_months_are_no_years_but_a_sum_of_twelve_is(make_data: Callable) -> None:
    rows = [make_row(FLOW, "MK", 2015, 5, month=m) for m in range(1, 13)]
    assert read_series(make_data(rows), FLOW, MK, 2010, 2024).results == ()
    summed = make_row(FLOW, "MK", 2015, 60, status="provisional") | {"method": "sum of 12 months"}
    assert len(read_series(make_data([*rows, summed]), FLOW, MK, 2010, 2024).results) == 1


def test_the_real_figures_are_judged_without_a_stock_among_them(data: PublicData) -> None:
    named = 0
    for indicator in data.indicators:
        for trend in judge_trends(
            data, indicator.indicator_id, AREAS.at_level("country"), 2025, 2014
        ).values():
            if trend.label in {"rising", "falling"}:
                named += 1
                assert indicator.measure != "stock"
                assert len(trend.series.references) >= 5
                assert trend.change.lower * trend.change.upper > 0
    assert named > 5


def test_an_interval_that_says_anything_says_nothing(make_data: Callable) -> None:
    trend = judge_trends(make_data(_yearly([16, 1, 1, 4, 85])), FLOW, [MK], 2019, 2015)["MK"]
    assert (trend.label, trend.change.reason) == ("cannot_say", SWINGS)
    assert trend.change.value is None
