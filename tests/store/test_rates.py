"""Derived figures name how they were made, and never take a missing part for zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.store.rates import RateError, crude_rates, merge_areas, residual_net_migration
from analysis.store.schema import COLUMNS, DIMENSIONS, NUMBERS, check_observations, identify

RESIDENTS = "midyear_population_persons"
BIRTHS, DEATHS = "births_persons", "deaths_persons"
NET, RATE = "net_migration_persons", "net_migration_per_1000"
TEXTS = {
    **dict.fromkeys(DIMENSIONS, "total"),
    "area_id": "A",
    "source_id": "sso",
    "snapshot_id": "table.csv@1",
    "method": "as published",
    "status": "final",
    "verification": "read",
    "locator": "table 1",
    "line": 7,
    "note": "",
}


def row(indicator: str, start: str, end: str, value: float | str, **changes) -> dict:
    """Make a row; a text instead of a number is a state."""
    is_number = not isinstance(value, str)
    state = value if not is_number else "value" if value else "zero"
    numbers = dict.fromkeys(NUMBERS, np.nan)
    if is_number:
        numbers |= {"value": value, "numerator": value}
    period = {"indicator_id": indicator, "period_start": start, "period_end": end}
    return TEXTS | period | numbers | {"state": state} | changes


def residents(day: str, value: float | str, **changes) -> dict:
    return row(RESIDENTS, day, day, value, **changes)


def year(indicator: str, number: int, value: float | str, **changes) -> dict:
    return row(indicator, f"{number}-01-01", f"{number}-12-31", value, **changes)


def table(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    frame = frame.assign(observation_id=identify(frame)).astype(dict.fromkeys(NUMBERS, float))
    return frame[list(COLUMNS)]


def only(frame: pd.DataFrame) -> dict:
    assert len(frame) == 1
    check_observations(frame)
    return frame.iloc[0].to_dict()


def test_net_migration_is_what_births_and_deaths_do_not_explain() -> None:
    frame = table(
        residents("2020-12-31", 1000),
        residents("2021-12-31", 980),
        year(BIRTHS, 2021, 10),
        year(DEATHS, 2021, 15),
    )
    before = frame.copy()
    made = only(residual_net_migration(frame, BIRTHS, DEATHS))
    assert made["value"] == made["numerator"] == -20 - (10 - 15)
    assert (made["period_start"], made["period_end"]) == ("2021-01-01", "2021-12-31")
    assert made["method"] == "residual: population change − (births − deaths)"
    assert (made["state"], made["status"], made["verification"]) == ("value", "final", "derived")
    pd.testing.assert_frame_equal(frame, before)


def test_between_mid_years_half_of_the_calendar_years_is_taken_and_named() -> None:
    frame = table(
        residents("2020-06-30", 1000),
        residents("2022-06-30", 1000),
        *(year(BIRTHS, y, n) for y, n in ((2020, 10), (2021, 20), (2022, 30))),
        *(year(DEATHS, y, 2) for y in (2020, 2021, 2022)),
    )
    made = only(residual_net_migration(frame, BIRTHS, DEATHS))
    assert made["value"] == -(5 + 20 + 15 - (1 + 2 + 1))
    assert made["method"].endswith("; half of the calendar years at both ends")
    assert made["status"] == "estimate"


def test_months_fill_the_time_as_a_year_does() -> None:
    quarters = [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")]
    frame = table(
        residents("2020-12-31", 1000),
        residents("2021-12-31", 1000),
        *(row(BIRTHS, f"2021-{a}", f"2021-{b}", 4) for a, b in quarters),
        year(DEATHS, 2021, 16),
    )
    assert only(residual_net_migration(frame, BIRTHS, DEATHS))["state"] == "zero"


@pytest.mark.parametrize(
    ("births", "state"),
    [
        ([], "no_data"),
        ([year(BIRTHS, 2021, "no_data")], "no_data"),
        ([year(BIRTHS, 2020, 10)], "no_data"),
        ([year(BIRTHS, 2021, "suppressed")], "suppressed"),
        ([year(BIRTHS, 2021, "not_applicable")], "no_data"),
        ([year(BIRTHS, 2021, 0)], "value"),
    ],
)
def test_a_missing_part_is_never_zero(births: list, state: str) -> None:
    points = [residents("2020-12-31", 1000), residents("2021-12-31", 980)]
    frame = table(*points, year(DEATHS, 2021, 15), *births)
    made = only(residual_net_migration(frame, BIRTHS, DEATHS))
    assert made["state"] == state
    assert np.isnan(made["value"]) == (state != "value")


def test_what_cannot_be_placed_is_refused() -> None:
    census = table(row(RESIDENTS, "2021-01-01", "2021-12-31", 9))
    with pytest.raises(RateError, match="midyear_population_persons of A is of 2021-01-01 to 2021"):
        residual_net_migration(census, BIRTHS, DEATHS)
    twice = table(year(BIRTHS, 2021, 1), year(BIRTHS, 2021, 2, source_id="other"))
    with pytest.raises(RateError, match="is given by sso and other. Choose one source before"):
        residual_net_migration(twice, BIRTHS, DEATHS)


def test_a_rate_keeps_numerator_and_denominator() -> None:
    frame = table(residents("2021-06-30", 2000), year(NET, 2021, -5))
    made = only(crude_rates(frame, NET, RATE))
    assert (made["value"], made["numerator"], made["denominator"]) == (-2.5, -5, 2000)
    assert made["method"] == (
        "per 1,000 residents: net_migration_persons / residents in the middle of the period"
    )


def test_residents_at_both_ends_stand_for_those_in_the_middle() -> None:
    frame = table(residents("2020-12-31", 900), residents("2021-12-31", 1100), year(NET, 2021, 0))
    made = only(crude_rates(frame, NET, RATE))
    assert (made["state"], made["value"], made["denominator"]) == ("zero", 0, 1000)
    assert made["method"].endswith("mean of residents at both ends")


@pytest.mark.parametrize(
    ("population", "count", "state"),
    [
        ([], 5, "no_data"),
        ([residents("2021-06-30", "no_data")], 5, "no_data"),
        ([residents("2021-06-30", 10, sex="female")], 5, "no_data"),
        ([residents("2021-06-30", 0)], 5, "not_applicable"),
        ([residents("2021-06-30", 10)], "suppressed", "suppressed"),
        ([residents("2021-06-30", 10)], "not_applicable", "no_data"),
    ],
)
def test_a_rate_without_a_part_has_no_number(population: list, count, state: str) -> None:
    made = only(crude_rates(table(*population, year(NET, 2021, count)), NET, RATE))
    assert made["state"] == state
    assert all(np.isnan(made[name]) for name in NUMBERS)


def test_former_areas_are_summed_into_their_successor() -> None:
    frame = table(
        year(BIRTHS, 2012, 3, area_id="OLD", status="provisional"),
        year(BIRTHS, 2012, 4, area_id="NEW"),
        year(BIRTHS, 2014, 9, area_id="NEW"),
        year(BIRTHS, 2012, 5, area_id="B"),
    )
    merged = merge_areas(frame, {"OLD": "NEW", "NEW": "NEW"})
    check_observations(merged)
    shown = merged[["area_id", "period_end", "value", "status", "method"]].to_numpy().tolist()
    assert shown == [
        ["B", "2012-12-31", 5, "final", "as published"],
        ["NEW", "2012-12-31", 7, "provisional", "sum of merged areas: NEW, OLD"],
        ["NEW", "2014-12-31", 9, "final", "as published"],
    ]


@pytest.mark.parametrize(
    ("rows", "state", "note"),
    [
        ([year(BIRTHS, 2012, 3, area_id="X")], "no_data", "no figure of Y"),
        (
            [year(BIRTHS, 2012, 3, area_id="X"), year(BIRTHS, 2012, "suppressed", area_id="Y")],
            "suppressed",
            "",
        ),
        (
            [year(RATE, 2012, 3, area_id="X"), year(RATE, 2012, 4, area_id="Y")],
            "no_data",
            "not a count: cannot be summed",
        ),
        (
            [year(BIRTHS, 2012, 0, area_id="X"), year(BIRTHS, 2012, 0, area_id="Y")],
            "zero",
            "",
        ),
    ],
)
def test_a_successor_without_all_its_parts_has_no_number(rows, state, note) -> None:
    made = only(merge_areas(table(*rows), {"X": "N", "Y": "N"}))
    assert (made["area_id"], made["state"], made["note"]) == ("N", state, note)


def test_mergers_that_make_no_sense_are_refused() -> None:
    frame = table(year(BIRTHS, 2012, 3, area_id="X"), year(BIRTHS, 2012, 3, area_id="N"))
    with pytest.raises(RateError, match="'N' has a row of births_persons, 2012-01-01, besides"):
        merge_areas(frame, {"X": "N"})
    with pytest.raises(RateError, match="'A' is merged in a circle: A → B → A"):
        merge_areas(frame, {"A": "B", "B": "A"})


VALUES = st.one_of(st.integers(0, 9), st.sampled_from(["suppressed", "no_data", "not_applicable"]))


@given(cells=st.dictionaries(st.sampled_from("ABCDE"), VALUES, min_size=1))
@settings(max_examples=80, deadline=None)
def test_a_merged_number_is_the_sum_of_all_its_parts_or_none(cells: dict) -> None:
    frame = table(*(year(BIRTHS, 2012, value, area_id=area) for area, value in cells.items()))
    merged = merge_areas(frame, dict.fromkeys("ABC", "N"))
    check_observations(merged)
    parts = [cells.get(area, "no_data") for area in "ABC"]
    new = merged.loc[merged["area_id"].eq("N")]
    assert len(new) == any(area in cells for area in "ABC")
    if all(isinstance(part, int) for part in parts):
        assert new["value"].tolist() == [sum(parts)]
    assert new["value"].isna().all() != all(isinstance(part, int) for part in parts) or new.empty
    assert set(merged["area_id"]) == {"N" if area in "ABC" else area for area in cells}


@given(numbers=st.tuples(*[VALUES] * 4))
@settings(max_examples=80, deadline=None)
def test_a_residual_has_a_number_exactly_when_all_four_parts_have(numbers: tuple) -> None:
    first, last, born, died = numbers
    frame = table(
        residents("2020-12-31", first),
        residents("2021-12-31", last),
        year(BIRTHS, 2021, born),
        year(DEATHS, 2021, died),
    )
    made = only(residual_net_migration(frame, BIRTHS, DEATHS))
    if all(isinstance(number, int) for number in numbers):
        assert made["value"] == (last - first) - (born - died)
    else:
        assert np.isnan(made["value"])
        assert ("suppressed" in numbers) == (made["state"] == "suppressed")
