"""Small counts never reach the public zone, nor can one be computed from its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.catalog import load_areas, load_indicators
from analysis.protection import load_policy
from analysis.protection.edition.protect import Rules, protect_edition
from analysis.protection.reasons import PROTECTS
from analysis.protection.suppress import suppress
from analysis.store.build import build_observations
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.schema import COLUMNS, DIMENSIONS, NUMBERS, TOTAL, identify

if TYPE_CHECKING:
    from analysis.workspace import Workspace

PLACES = ["MK-101", "MK-403", "MK-405", "MK-703", "MK-803"]
INDICATOR = "unhcr_refugees_persons"
GROUP = ["indicator_id", "period_start", "period_end", *DIMENSIONS, "source_id"]


def _table(counts: dict[str, float], indicator: str = INDICATOR) -> pd.DataFrame:
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {
            "indicator_id": indicator,
            "area_id": area,
            "period_start": "2024-01-01",
            "period_end": "2024-12-31",
            **dict.fromkeys(DIMENSIONS, TOTAL),
            "source_id": "s",
            "snapshot_id": "s@1",
            "numerator": float(count),
            "denominator": np.nan,
            "value": float(count),
            "lower": np.nan,
            "upper": np.nan,
            "state": "value" if count else "zero",
            "status": "final",
            "line": 7,
            "note": f"was {count}",
        }
        for area, count in counts.items()
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.assign(observation_id=identify(frame))


def _protect(frame: pd.DataFrame) -> pd.DataFrame:
    return suppress(frame, load_areas(), load_indicators(), load_policy()).set_index("area_id")


@pytest.mark.parametrize(
    ("count", "state"),
    [(0, "zero"), (1, "suppressed"), (9, "suppressed"), (10, "value"), (11, "value")],
)
def test_one_to_nine_are_withheld_below_the_country(count: int, state: str) -> None:
    assert _protect(_table({"MK-703": count})).loc["MK-703", "state"] == state


@pytest.mark.parametrize("count", [1, 4, 5, 9])
def test_a_national_total_is_shown(count: int) -> None:
    assert _protect(_table({"MK": count})).loc["MK", "state"] == "value"


@pytest.mark.parametrize(("count", "state"), [(4, "suppressed"), (5, "value")])
def test_a_national_breakdown_below_five_is_withheld(count: int, state: str) -> None:
    frame = _table({"MK": count}).assign(origin="SYR")
    assert _protect(frame).loc["MK", "state"] == state


def test_figures_that_are_not_about_persons_at_risk_are_left_alone() -> None:
    assert (
        _protect(_table({"MK-703": 3}, "resident_population_persons")).loc["MK-703", "value"] == 3
    )
    assert _protect(_table({"MK-803": 3}, "reception_capacity_places")).loc["MK-803", "value"] == 3


def test_a_withheld_row_keeps_nothing_that_tells_the_number() -> None:
    row = _protect(_table({"MK-703": 7})).loc["MK-703"]
    assert row[list(NUMBERS)].isna().all()
    assert (row["note"], row["line"], row["method"]) == ("", 0, "")
    assert row["reason"] == PROTECTS


def test_the_input_is_not_changed() -> None:
    frame = _table({"MK-703": 7, "MK": 50})
    before = frame.copy(deep=True)
    suppress(frame, load_areas(), load_indicators(), load_policy())
    pd.testing.assert_frame_equal(frame, before)


def test_one_withheld_cell_of_a_public_total_takes_a_second_with_it() -> None:
    found = _protect(_table({"MK": 100, "MK-101": 7, "MK-403": 20, "MK-405": 73}))
    assert found.loc["MK-403", "state"] == "suppressed", "the smallest that was shown"
    assert found.loc["MK-405", "state"] == "value"
    assert found.loc["MK", "value"] == 100


def test_without_a_public_total_nothing_more_is_withheld() -> None:
    found = _protect(_table({"MK-101": 7, "MK-403": 20}))
    assert found.loc["MK-403", "state"] == "value"


@settings(max_examples=15)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=5), st.permutations(range(5)))
def test_no_cell_is_the_total_less_the_others(counts: list[int], order: list[int]) -> None:
    cells = dict(zip(PLACES, counts, strict=False))
    frame = _table({"MK": sum(counts), **cells})
    shuffled = frame.iloc[[i for i in order if i < len(frame)]]
    shuffled = pd.concat([shuffled, frame.drop(shuffled.index)])
    found = _protect(frame)
    pd.testing.assert_frame_equal(found, _protect(shuffled).loc[found.index])
    withheld = found["state"].eq("suppressed")
    small = {a for a, c in cells.items() if 1 <= c < 10}
    assert small <= set(found.index[withheld])
    shown = [a for a in cells if a not in set(found.index[withheld])]
    # A single withheld cell would be the difference; it may stand alone only where nothing else
    # could be withheld with it.
    if withheld.sum() == 1:
        assert all(found.loc[a, "state"] == "zero" for a in shown)


def test_the_public_zone_holds_no_small_count_of_a_municipality(workspace: Workspace) -> None:
    built = build_observations(workspace.published).observations
    public = read_table(workspace.public / OBSERVATIONS)
    assert list(public["observation_id"]) == list(built["observation_id"])
    asylum = {i.indicator_id for i in load_indicators().of_domain("asylum")}
    small = (
        built["indicator_id"].isin(asylum)
        & built["area_id"].str.match(r"MK-\d{3}$")
        & built["value"].between(1, 9)
    )
    assert small.sum() > 50, "the published figures do hold small counts"
    assert public.loc[small, "state"].eq("suppressed").all()
    assert public.loc[small, list(NUMBERS)].isna().all(axis=None)


def test_no_withheld_municipality_is_the_total_less_the_others(workspace: Workspace) -> None:
    public = read_table(workspace.public / OBSERVATIONS)
    restricted = read_table(workspace.restricted / OBSERVATIONS)
    true = restricted.set_index("observation_id")["value"]
    rules = Rules(load_areas(), load_indicators(), load_policy())
    told = protect_edition(restricted, rules).told
    known = set(told[GROUP[:3]].itertuples(index=False, name=None))
    municipal = public.loc[public["area_id"].str.match(r"MK-\d{3}$")]
    totals = public.loc[public["area_id"].eq("MK")].set_index(GROUP)["value"]
    checked = 0
    for key, group in municipal.groupby(GROUP):
        withheld = group.loc[group["state"].eq("suppressed"), "observation_id"]
        if len(withheld) == 1 and key in totals.index:
            checked += 1
            left = float(totals[key]) - group["value"].sum()
            if key[:3] not in known:
                assert left > true[withheld.iloc[0]], "others hold the rest, nobody knows where"
    assert checked > 0
    # The only place that its publisher lists, while the country has no more than it.
    assert len(told) <= 3


@pytest.mark.parametrize("column", ["indicator_id", "area_id"])
def test_what_the_policy_cannot_place_is_not_let_through(column: str) -> None:
    frame = _table({"MK-703": 50}).assign(**{column: "unheard_of"})
    with pytest.raises(ValueError, match=r"'unheard_of'.* is not in the catalogue.*nothing was"):
        suppress(frame, load_areas(), load_indicators(), load_policy())


@pytest.mark.parametrize(
    ("numerator", "state"), [(9.0, "suppressed"), (10.0, "value"), (np.nan, "suppressed")]
)
def test_a_share_is_as_safe_as_the_count_behind_it(numerator: float, state: str) -> None:
    share = next(
        i.indicator_id
        for i in load_indicators()
        if i.domain == "integration" and i.measure == "share"
    )
    frame = _table({"MK-703": 62}, share).assign(numerator=numerator)
    assert _protect(frame).loc["MK-703", "state"] == state


def test_a_national_share_is_shown() -> None:
    share = next(
        i.indicator_id
        for i in load_indicators()
        if i.domain == "integration" and i.measure == "share"
    )
    frame = _table({"MK": 62}, share).assign(numerator=np.nan)
    assert _protect(frame).loc["MK", "state"] == "value"


@pytest.mark.parametrize("domain", ["integration", "programme", "victim_services", "trafficking"])
def test_persons_of_every_protected_domain_are_protected(domain: str) -> None:
    found = [i for i in load_indicators().of_domain(domain) if i.unit == "persons"]
    assert found
    for indicator in found:
        frame = _table({"MK-703": 9}, indicator.indicator_id)
        assert _protect(frame).loc["MK-703", "state"] == "suppressed", indicator.indicator_id


@pytest.mark.parametrize(
    ("balance", "state"), [(-1, "suppressed"), (-9, "suppressed"), (-10, "value")]
)
def test_a_small_loss_tells_as_much_as_a_small_gain(balance: int, state: str) -> None:
    assert _protect(_table({"MK-703": balance})).loc["MK-703", "state"] == state


@pytest.mark.parametrize("count", [0.5, 9.5])
def test_half_a_count_is_small_as_well(count: float) -> None:
    frame = _table({"MK-703": 1}).assign(numerator=count, value=count)
    assert _protect(frame).loc["MK-703", "state"] == "suppressed"


def test_a_share_of_an_unknown_count_says_so() -> None:
    share = next(
        i.indicator_id
        for i in load_indicators()
        if i.domain == "integration" and i.measure == "share"
    )
    frame = _table({"MK-703": 62}, share).assign(numerator=np.nan)
    assert _protect(frame).loc["MK-703", "reason"] == "share of an unknown count"
