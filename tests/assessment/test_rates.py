"""A count beside its residents: interval, benchmark, and what is withheld stays so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.assessment.movement import read_movements
from analysis.assessment.rates import relate_to_residents
from analysis.catalog import load_areas, load_indicators
from analysis.methods import Result
from analysis.methods.rates import estimate_rate

from .conftest import make_row

AREA = load_areas().get("MK-703")
BIRTHS = load_indicators().get("live_births_persons")


def _result(value: float | None, reference: str, state: str = "value") -> Result:
    return Result(
        state=state,
        value=value,
        unit="persons",
        source_id="s1",
        reference=reference,
        period_start="2024-01-01",
        period_end="2024-12-31",
    )


def _relate(count: Result, residents: Result, indicator=BIRTHS, country: float = 20_000):
    return relate_to_residents(
        indicator, AREA, count, residents, _result(country, "c"), _result(1_820_000, "d")
    )


def test_a_rate_has_its_interval_and_what_it_was_made_of() -> None:
    rate = _relate(_result(900, "a"), _result(98_104, "b"))
    expected = estimate_rate([900], [98_104])
    assert rate.rate.value == pytest.approx(1000 * 900 / 98_104)
    assert (rate.rate.lower, rate.rate.upper) == (
        pytest.approx(float(expected.lower[0])),
        pytest.approx(float(expected.upper[0])),
    )
    assert rate.rate.inputs == ("a", "b")
    assert rate.rate.unit == "per_1000"
    assert rate.benchmark.value == pytest.approx(1000 * 20_000 / 1_820_000)
    assert rate.benchmark.lower is None
    assert rate.standing == "lower"


@pytest.mark.parametrize(
    ("direction", "standing"),
    [("neutral", "lower"), ("higher_is_better", "worse"), ("lower_is_better", "better")],
)
def test_better_and_worse_need_a_direction(direction: str, standing: str) -> None:
    indicator = replace(BIRTHS, direction=direction)
    assert _relate(_result(900, "a"), _result(98_104, "b"), indicator).standing == standing


def test_the_countrys_rate_inside_the_interval_is_similar() -> None:
    assert _relate(_result(1_078, "a"), _result(98_104, "b")).standing == "similar"


@pytest.mark.parametrize("state", ["suppressed", "no_data", "not_applicable"])
def test_what_is_not_a_number_stays_so_and_is_not_compared(state: str) -> None:
    rate = _relate(_result(None, "a", state), _result(98_104, "b"))
    assert rate.rate.state == state
    assert (rate.rate.value, rate.rate.lower, rate.rate.upper, rate.rate.n) == (None,) * 4
    assert rate.rate.reason
    assert rate.standing == "not_compared"


def test_without_residents_there_is_no_rate() -> None:
    rate = _relate(_result(900, "a"), _result(None, "b", "no_data"))
    assert (rate.rate.state, rate.standing) == ("no_data", "not_compared")
    nobody = _relate(_result(900, "a"), _result(0, "b", "zero"))
    assert (nobody.rate.state, nobody.standing) == ("not_applicable", "not_compared")


def test_a_zero_is_a_rate_of_zero_with_an_upper_limit() -> None:
    rate = _relate(_result(0, "a", "zero"), _result(98_104, "b"))
    assert (rate.rate.state, rate.rate.value) == ("zero", 0)
    assert rate.rate.upper > 0
    assert rate.standing == "lower"


def test_only_the_same_source_and_period_of_the_country_is_compared(make_data) -> None:
    residents = [
        make_row("resident_population_persons", area, 2021, persons)
        for area, persons in (("MK-703", 98_104), ("MK", 1_836_713))
    ]
    count = make_row("live_births_persons", "MK-703", 2021, 900)
    other = make_row("live_births_persons", "MK", 2021, 99, source="s0")
    same = make_row("live_births_persons", "MK", 2021, 18_000)
    for national, standing in (([other], "not_compared"), ([other, same], "lower")):
        data = make_data([*residents, count, *national])
        (found,) = read_movements(data, AREA, [AREA], load_areas().get("MK"), 2024)
        assert found.rate.rate.value == pytest.approx(1000 * 900 / 98_104)
        assert found.rate.standing == standing
        told = {r.value for r in found.rate.results}
        assert (18_000 in told) is (standing == "lower")
        assert 99 not in told
