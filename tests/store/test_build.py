"""Published tables become observations that add up, twice to the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.protection import publish_observations
from analysis.sources.published import PublishedError, read_published
from analysis.store.build import BuildError, build_observations
from analysis.store.files import OBSERVATIONS, StoreError, read_table
from analysis.store.schema import COLUMNS, ObservationError, check_observations

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace

RESIDENTS = "resident_population_persons"


@pytest.fixture(scope="module")
def observations(workspace: Workspace) -> pd.DataFrame:
    return build_observations(workspace.published).observations


def _residents(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    return observations.loc[
        observations["indicator_id"].eq(RESIDENTS)
        & observations["period_end"].str.startswith(str(year))
    ].set_index("area_id")


@pytest.mark.parametrize(("year", "total"), [(2002, 2_022_547), (2021, 1_836_713)])
def test_the_80_municipalities_sum_to_the_country(
    observations: pd.DataFrame, year: int, total: int
) -> None:
    rows = _residents(observations, year)
    municipal = rows.loc[rows.index.str.match(r"MK-\d{3}$")]
    assert len(municipal) == 80
    assert municipal["value"].sum() == total
    assert rows.loc["MK", "value"] == total
    assert rows.loc["MK", "method"] == "sum of 80 municipalities"


def test_kumanovo_has_98104_residents_in_2021(observations: pd.DataFrame) -> None:
    row = _residents(observations, 2021).loc["MK-703"]
    assert (row["value"], row["state"], row["status"]) == (98_104, "value", "final")
    assert row["source_id"] == "sso-census-2021"
    assert row["snapshot_id"].startswith("population.csv@")


def test_the_city_of_skopje_is_the_sum_of_ten(observations: pd.DataFrame) -> None:
    rows = _residents(observations, 2021)
    assert rows.loc["MK-SKOPJE", "method"] == "sum of 10 municipalities"
    assert rows.loc["MK-SKOPJE", "value"] < rows.loc["MK008", "value"]


def test_change_is_the_difference_of_the_censuses(observations: pd.DataFrame) -> None:
    here = observations.loc[observations["area_id"].eq("MK-703")].set_index("indicator_id")
    assert here.loc["population_change_persons", "value"] == 98_104 - 105_484
    share = here.loc["population_change_pct"]
    assert share["value"] == pytest.approx(100 * (98_104 - 105_484) / 105_484)
    assert (share["numerator"], share["denominator"]) == (98_104 - 105_484, 105_484)


def test_a_year_of_the_route_is_summed_only_when_it_is_whole(observations: pd.DataFrame) -> None:
    route = observations.loc[observations["indicator_id"].eq("route_detections_crossings")]
    years = route.loc[route["method"].eq("sum of 12 months"), "period_end"].str[:4]
    assert list(years) == [str(y) for y in range(2009, 2025)], "2025 has four months only"


def test_a_zero_is_not_a_gap(observations: pd.DataFrame) -> None:
    zeros = observations.loc[observations["state"].eq("zero")]
    assert len(zeros) > 100
    assert zeros["value"].eq(0).all()
    assert observations.loc[observations["state"].eq("value"), "value"].ne(0).all()


def test_two_builds_have_the_same_bytes(own_workspace: Workspace, workspace: Workspace) -> None:
    publish_observations(build_observations(own_workspace.published), own_workspace)
    for zone in ("restricted", "public"):
        one = getattr(workspace, zone) / OBSERVATIONS
        two = getattr(own_workspace, zone) / OBSERVATIONS
        assert one.read_bytes() == two.read_bytes()


def _edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"'{old}' is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_wrong_figure_breaks_the_build_by_its_sum(own_workspace: Workspace) -> None:
    _edit(own_workspace.published, "population.csv", ",98104,", ",98105,")
    with pytest.raises(BuildError, match=r"MK give 1836714 .* 1836713 is printed"):
        build_observations(own_workspace.published)


def test_a_blank_cell_needs_its_state(own_workspace: Workspace) -> None:
    _edit(own_workspace.published, "route_detections.csv", ",177,value,", ",,value,")
    with pytest.raises(ObservationError, match=r"rule 'numbers agree with the state'"):
        build_observations(own_workspace.published)


def test_a_blank_cell_is_never_a_zero(own_workspace: Workspace) -> None:
    _edit(own_workspace.published, "route_detections.csv", ",177,value,", ",,no_data,")
    built = build_observations(own_workspace.published).observations
    row = built.loc[
        built["indicator_id"].eq("route_detections_crossings")
        & built["period_start"].eq("2009-01-01")
        & built["period_end"].eq("2009-01-31")
    ].iloc[0]
    assert row["state"] == "no_data"
    assert pd.isna(row["value"])
    whole_years = built.loc[built["method"].eq("sum of 12 months"), "period_end"].str[:4]
    assert "2009" not in set(whole_years), "a year with a gap has no sum"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (",177,value,", ",17x,value,", r"line \d+: '17x' is not a number"),
        ("ROUTE-WB", "ROUTE-XX", r"line 2: 'ROUTE-XX' is not an area id"),
        ("route_detections_crossings", "route_detection", r"'route_detection' is not an indicator"),
    ],
)
def test_a_bad_row_is_named_with_its_line(
    own_workspace: Workspace, old: str, new: str, sentence: str
) -> None:
    _edit(own_workspace.published, "route_detections.csv", old, new)
    with pytest.raises(BuildError, match=sentence):
        build_observations(own_workspace.published)


def test_a_row_given_twice_is_refused(own_workspace: Workspace) -> None:
    path = own_workspace.published / "route_detections.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]), encoding="utf-8")
    with pytest.raises(BuildError, match="more than once"):
        build_observations(own_workspace.published)


def test_a_figure_needs_a_listed_source(own_workspace: Workspace) -> None:
    _edit(own_workspace.published, "route_detections.csv", "frontex-ibc", "hearsay")
    with pytest.raises(PublishedError, match="line 2: source 'hearsay' is not in sources.csv"):
        read_published(own_workspace.published)


def test_an_unknown_column_is_refused(own_workspace: Workspace) -> None:
    _edit(own_workspace.published, "route_detections.csv", "locator,note", "locator,remark")
    with pytest.raises(PublishedError, match="route_detections.csv lacks the column 'note'"):
        read_published(own_workspace.published)


def test_an_empty_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PublishedError, match="holds no published tables"):
        read_published(tmp_path)


def test_reading_before_building_says_what_to_do(own_workspace: Workspace) -> None:
    with pytest.raises(StoreError, match="Run `patokaz build` first"):
        read_table(own_workspace.public / OBSERVATIONS)


def test_one_area_is_read_alone(workspace: Workspace) -> None:
    rows = read_table(workspace.public / OBSERVATIONS, ["MK-703"])
    assert set(rows["area_id"]) == {"MK-703"}
    everything = read_table(workspace.public / OBSERVATIONS)
    assert len(rows) == everything["area_id"].eq("MK-703").sum() > 0


def test_the_schema_refuses_a_suppressed_number(observations: pd.DataFrame) -> None:
    leaking = observations.head(3).copy()
    leaking["state"] = "suppressed"
    with pytest.raises(ObservationError, match="numbers agree with the state"):
        check_observations(leaking[list(COLUMNS)])
