"""An edition under the policy: what goes, for which reason, and that it suffices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from analysis.protection.edition.protect import protect_edition
from analysis.protection.reasons import (
    BREAKDOWN,
    CLOSING,
    DERIVED,
    FORMER,
    FULL,
    SMALL,
)
from analysis.store.schema import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.protection.edition.protect import Rules

STOCK = "unhcr_refugees_persons"
PLACES = ["MK-101", "MK-403", "MK-405", "MK-703", "MK-803"]


@pytest.fixture
def reasons(rules: Rules) -> Callable[..., list[str]]:
    def protect(frame: pd.DataFrame, **other: Any) -> list[str]:
        edition = protect_edition(frame, rules, **other)
        assert edition.exposed.empty
        return edition.reasons.tolist()

    return protect


@pytest.mark.parametrize("count", [0, 9, 10, 500])
def test_no_breakdown_of_victims_is_published_below_a_country(reasons, table, row, count) -> None:
    frame = table(row(600, "MK-703"), row(count, "MK-703", sex="female"))
    expected = SMALL if 0 < count < 10 else BREAKDOWN
    assert reasons(frame)[1] == expected


def test_a_breakdown_of_others_is_published_below_a_country(reasons, table, row) -> None:
    halves = [
        row(c, "MK-703", sex=s, indicator_id=STOCK) for s, c in (("female", 40), ("male", 60))
    ]
    assert reasons(table(row(100, "MK-703", indicator_id=STOCK), *halves)) == ["", "", ""]


def test_a_part_that_holds_everybody_is_withheld_with_its_empty_twin(reasons, table, row) -> None:
    halves = [row(c, "MK-703", sex=s, indicator_id=STOCK) for s, c in (("female", 40), ("male", 0))]
    assert reasons(table(row(40, "MK-703", indicator_id=STOCK), *halves)) == ["", FULL, FULL]


def test_everybody_of_a_country_may_be_of_one_part_unless_they_are_few(reasons, table, row) -> None:
    many = table(row(9), row(9, sex="female"), row(0, sex="male"))
    assert reasons(many) == ["", "", ""]
    few = table(row(3), row(3, sex="female"), row(0, sex="male"))
    assert reasons(few) == ["", SMALL, FULL]


def test_a_zero_goes_only_where_nothing_else_protects(reasons, table, row) -> None:
    # Two municipalities make up what the country counts; nobody else was there.
    counts = dict(zip(PLACES, [3, 20, 0, 0, 0], strict=True))
    frame = table(
        row(23, indicator_id=STOCK), *(row(c, p, indicator_id=STOCK) for p, c in counts.items())
    )
    assert reasons(frame) == ["", SMALL, CLOSING, "", "", ""]
    alone = table(
        row(4, indicator_id=STOCK),
        *(row(c, p, indicator_id=STOCK) for p, c in zip(PLACES, [4, 0, 0, 0, 0], strict=True)),
    )
    assert reasons(alone)[0] == ""
    assert reasons(alone)[1] == SMALL
    assert FULL in reasons(alone)[2:] or CLOSING in reasons(alone)[2:]


def test_a_year_is_not_what_a_longer_period_leaves(reasons, table, row) -> None:
    pooled = {"period_start": "2020-01-01", "period_end": "2022-12-31"}
    years = [row(12, "MK-703", "2020"), row(11, "MK-703", "2021")]
    found = reasons(table(row(26, "MK-703", **pooled), *years))
    assert found.count(CLOSING) == 1, "three in 2022, which no row holds"
    kept = reasons(table(row(33, "MK-703", **pooled), *years))
    assert kept == ["", "", ""], "ten in 2022"


def test_a_share_goes_with_its_count(reasons, table, row, rules) -> None:
    share = next(
        i.indicator_id for i in rules.indicators if i.domain == "asylum" and i.measure == "share"
    )
    counts = dict(zip(PLACES, [7, 20, 30, 0, 0], strict=True))
    rows = [
        row(57, indicator_id=STOCK),
        *(row(c, p, indicator_id=STOCK) for p, c in counts.items()),
    ]
    part = row(50, "MK-403", indicator_id=share, numerator=20.0, denominator=40.0)
    other = row(50, "MK-405", indicator_id=share, numerator=20.0, denominator=40.0)
    found = reasons(table(*rows, part, other))
    assert found[2] == CLOSING
    assert found[-2] == DERIVED
    assert found[-1] == "", "of another place"


def test_figures_from_two_publishers_are_withheld_together(reasons, table, row) -> None:
    rows = [row(100, indicator_id=STOCK)]
    for source in "ab":
        rows += [
            row(c, p, indicator_id=STOCK, source_id=source)
            for p, c in zip(PLACES[:3], [7, 20, 73], strict=True)
        ]
    found = reasons(table(*rows))
    assert found == ["", SMALL, CLOSING, "", SMALL, CLOSING, ""]


def test_what_an_accepted_remedy_names_is_withheld(reasons, table, row) -> None:
    frame = table(row(50, "MK-703", indicator_id=STOCK), row(60, "MK-405", indicator_id=STOCK))
    assert reasons(frame, also=[frame["observation_id"][1]]) == ["", FORMER]


def test_over_the_years_the_same_place_goes_with_a_small_one(reasons, table, row) -> None:
    rows = []
    for year, counts in (
        ("2020", [7, 30, 29, 34]),
        ("2021", [7, 28, 29, 36]),
        ("2022", [7, 29, 30, 34]),
    ):
        rows.append(row(sum(counts), year=year, indicator_id=STOCK))
        rows += [row(c, p, year, indicator_id=STOCK) for p, c in zip(PLACES, counts, strict=False)]
    frame = table(*rows)
    frame = frame.assign(reason=reasons(frame))
    closed = frame.loc[frame["reason"].eq(CLOSING)]
    assert len(closed) == 3
    assert len(set(closed["area_id"])) == 1, "the smallest differs from year to year"


def test_a_withheld_row_keeps_nothing_that_tells(rules, table, row) -> None:
    frame = table(row(7, "MK-703", lower=3.0, upper=12.0, denominator=90.0))
    before = frame.copy(deep=True)
    out = protect_edition(frame, rules).observations.loc[0]
    assert out[list(NUMBERS)].isna().all()
    assert (out["state"], out["note"], out["line"], out["method"]) == ("suppressed", "", 0, "")
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=some.lists(some.integers(0, 25), min_size=5, max_size=5),
    women=some.lists(some.integers(0, 25), min_size=5, max_size=5),
    seed=some.integers(0, 99),
)
def test_no_small_count_is_exposed_and_order_does_not_matter(
    rules, table, row, counts, women, seed
) -> None:
    rows = [row(sum(counts), indicator_id=STOCK)]
    for place, count, half in zip(PLACES, counts, women, strict=True):
        rows.append(row(count, place, indicator_id=STOCK))
        part = min(count, half)
        rows.append(row(part, place, indicator_id=STOCK, sex="female"))
        rows.append(row(count - part, place, indicator_id=STOCK, sex="male"))
    frame = table(*rows)
    edition = protect_edition(frame, rules)
    assert edition.exposed.empty
    small = frame["value"].between(1, 9) & frame["area_id"].ne("MK")
    assert edition.withheld[small].all()
    assert not edition.withheld[0], "the total of the country is shown"
    shuffled = frame.sample(frac=1, random_state=np.random.RandomState(seed))
    again = protect_edition(shuffled.reset_index(drop=True), rules)
    found = pd.Series(again.reasons.to_numpy(), index=again.observations["observation_id"])
    assert found[frame["observation_id"]].tolist() == edition.reasons.tolist()
