"""A half that gives a small other half away is withheld with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.catalog import load_areas, load_indicators
from analysis.protection import load_policy
from analysis.protection.edition.protect import Rules, protect_edition
from analysis.protection.reasons import CLOSING, SMALL
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.schema import COLUMNS, DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from analysis.workspace import Workspace

INDICATOR = "trafficking_identified_victims_persons"


def _row(value: float, source: str = "a", area: str = "MK", **split: str) -> dict[str, object]:
    return (
        dict.fromkeys(COLUMNS, "")
        | dict.fromkeys(DIMENSIONS, TOTAL)
        | {
            "indicator_id": INDICATOR,
            "area_id": area,
            "period_start": "2022-01-01",
            "period_end": "2022-12-31",
            "value": value,
            "numerator": float("nan"),
            "denominator": float("nan"),
            "lower": float("nan"),
            "upper": float("nan"),
            "state": "value" if value else "zero",
            "source_id": source,
            "line": 7,
        }
        | split
    )


def _protect(*rows: dict[str, object]) -> list[str]:
    frame = pd.DataFrame(list(rows))
    frame = frame.assign(observation_id=[str(at) for at in range(len(frame))])
    rules = Rules(load_areas(), load_indicators(), load_policy())
    return list(protect_edition(frame, rules).reasons)


@pytest.mark.parametrize(
    ("dimension", "part", "other"),
    [("sex", "female", "male"), ("age", "child", "adult"), ("citizenship", "foreign", "national")],
)
def test_both_halves_go_when_one_is_small(dimension: str, part: str, other: str) -> None:
    rows = (_row(9), _row(8, **{dimension: part}), _row(1, **{dimension: other}))
    assert _protect(*rows) == ["", CLOSING, SMALL]


def test_a_half_goes_although_the_other_has_no_row_of_its_own() -> None:
    assert _protect(_row(9), _row(7, age="child")) == ["", CLOSING]


def test_the_total_of_another_source_tells_as_well() -> None:
    assert _protect(_row(9, "b"), _row(7, "a", age="child")) == ["", CLOSING]


@pytest.mark.parametrize(
    ("total", "part", "kept"), [(9, 4, False), (10, 5, True), (9, 5, False), (12, 7, True)]
)
def test_the_threshold_of_a_country_decides_about_the_remainder(
    total: float, part: float, *, kept: bool
) -> None:
    reason = _protect(_row(total), _row(part, sex="female"))[1]
    assert (reason == "") is kept


def test_a_remainder_of_nobody_is_let_through_like_a_zero() -> None:
    assert _protect(_row(6), _row(6, sex="female")) == ["", ""]


def test_forms_are_no_halves_because_a_person_may_have_suffered_several() -> None:
    assert _protect(_row(9), _row(6, category="form:forced_marriage")) == ["", ""]


def test_another_period_or_country_tells_nothing() -> None:
    assert _protect(_row(9, area="RS"), _row(8, sex="female")) == ["", ""]
    later = _row(9) | {"period_end": "2023-12-31"}
    assert _protect(later, _row(8, sex="female")) == ["", ""]


def test_no_half_in_the_public_zone_gives_a_small_other_half_away(workspace: Workspace) -> None:
    table = read_table(workspace.public / OBSERVATIONS)
    policy = load_policy()
    domains = {i.indicator_id: i.domain for i in load_indicators()}
    table = table.loc[table["indicator_id"].map(domains).isin(policy.domains)]
    keys = ["indicator_id", "area_id", "period_start", "period_end"]
    whole = table.loc[table[list(DIMENSIONS)].eq(TOTAL).all(axis=1)]
    seen = 0
    for name, halves in (("sex", ("female", "male")), ("age", ("child", "adult"))):
        others = [d for d in DIMENSIONS if d != name]
        half = table.loc[table[name].isin(halves) & table[others].eq(TOTAL).all(axis=1)]
        both = half.merge(whole, on=keys, suffixes=("", "_whole"))
        left = both["value_whole"] - both["value"]
        seen += int(left.notna().sum())
        assert not (left.gt(0) & left.lt(policy.national_breakdown)).any()
    assert seen > 20
