"""What is too small for a year or a municipality is offered for several years or a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.protection.edition.protect import Rules, protect_edition
from analysis.protection.policy import Policy
from analysis.protection.wider import widen_counts

if TYPE_CHECKING:
    from collections.abc import Callable

STOCK = "unhcr_refugees_persons"
NORTHEAST = ["MK-701", "MK-702", "MK-703", "MK-704", "MK-705", "MK-706"]


@pytest.fixture
def sums(rules: Rules) -> Callable[[pd.DataFrame], list[tuple[str, str, str, float, str]]]:
    def widen(frame: pd.DataFrame) -> list[tuple[str, str, str, float, str]]:
        made = widen_counts(frame, rules)
        new = made.loc[~made["observation_id"].isin(frame["observation_id"])]
        columns = ["area_id", "period_start", "period_end", "value", "method"]
        return [tuple(line) for line in new[columns].to_numpy().tolist()]

    return widen


def _years(row, counts: dict[str, int], **other: str) -> list[dict[str, object]]:
    return [row(c, "MK-703", y, **other) for y, c in counts.items()]


def test_three_years_make_a_sum(sums, table, row) -> None:
    frame = table(*_years(row, {"2020": 7, "2021": 5, "2022": 9}))
    assert sums(frame) == [("MK-703", "2020-01-01", "2022-12-31", 21.0, "sum of 3 years")]


def test_the_newest_years_come_first_and_spans_never_overlap(sums, table, row) -> None:
    years = {str(2015 + at): 4 for at in range(8)}
    found = sums(table(*_years(row, years)))
    assert [(a, b, v) for _, a, b, v, _ in found] == [
        ("2017-01-01", "2019-12-31", 12.0),
        ("2020-01-01", "2022-12-31", 12.0),
    ]


def test_a_span_grows_to_five_years_and_no_further(sums, table, row) -> None:
    assert sums(table(*_years(row, {str(2018 + at): 2 for at in range(5)}))) == [
        ("MK-703", "2018-01-01", "2022-12-31", 10.0, "sum of 5 years")
    ]
    assert sums(table(*_years(row, {str(2016 + at): 1 for at in range(7)}))) == []


def test_a_year_that_is_not_there_is_not_counted_as_none(sums, table, row) -> None:
    assert sums(table(*_years(row, {"2019": 7, "2021": 5, "2022": 9}))) == []


def test_large_counts_stocks_and_breakdowns_are_not_summed(sums, table, row) -> None:
    assert sums(table(*_years(row, {"2020": 70, "2021": 50, "2022": 90}))) == []
    small = {"2020": 7, "2021": 5, "2022": 9}
    assert sums(table(*_years(row, small, indicator_id=STOCK))) == []
    assert sums(table(*_years(row, small, sex="female"))) == []


def test_a_region_is_summed_where_all_its_municipalities_are_known(sums, table, row) -> None:
    rows = [row(c, p) for p, c in zip(NORTHEAST, [0, 2, 8, 3, 0, 1], strict=True)]
    assert sums(table(*rows)) == [
        ("MK007", "2022-01-01", "2022-12-31", 14.0, "sum of 6 municipalities")
    ]
    assert sums(table(*rows[1:])) == []


def test_a_region_that_has_its_figure_keeps_it(sums, table, row) -> None:
    rows = [row(c, p) for p, c in zip(NORTHEAST, [0, 2, 8, 3, 0, 1], strict=True)]
    assert sums(table(*rows, row(15, "MK007"))) == []


def test_remedies_that_the_policy_does_not_offer_are_not_tried(rules, table, row) -> None:
    fields = {name: getattr(rules.policy, name) for name in Policy.__slots__}
    bare = Rules(rules.areas, rules.indicators, Policy(**fields | {"remedies": ("suppress",)}))
    frame = table(*_years(row, {"2020": 7, "2021": 5, "2022": 9}))
    assert widen_counts(frame, bare) is frame


def test_sums_keep_their_years_out_of_reach(rules, table, row) -> None:
    frame = table(*_years(row, {"2020": 7, "2021": 12, "2022": 9}))
    before = frame.copy(deep=True)
    edition = protect_edition(widen_counts(frame, rules), rules)
    pd.testing.assert_frame_equal(frame, before)
    out = edition.observations.set_index(["period_start", "period_end"])
    assert out.loc[("2020-01-01", "2022-12-31"), "value"] == 28
    assert edition.exposed.empty
    assert out["state"].eq("suppressed").sum() == 2, "12 may stay: two years are open beside it"
