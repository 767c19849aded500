"""A profile holds what its page prints, and says what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.assessment import ProfileError, load_profile, make_profile
from analysis.catalog import AreaError, load_areas
from analysis.store.files import OBSERVATIONS, read_table

if TYPE_CHECKING:
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace


def test_kumanovo_stands_beside_its_region_and_the_country(workspace: Workspace) -> None:
    profile = load_profile(workspace, "Куманово")
    here, region, country = profile.residents
    assert [c.area.name_en for c in profile.residents] == [
        "Kumanovo",
        "Northeast",
        "North Macedonia",
    ]
    assert (here.before.value, here.after.value) == (105_484, 98_104)
    assert (region.before.value, region.after.value) == (172_787, 152_982)
    assert (country.before.value, country.after.value) == (2_022_547, 1_836_713)
    assert here.change.value == 98_104 - 105_484
    assert len(profile.change_everywhere) == 80
    assert all(r.is_number for r in profile.change_everywhere.values())


def test_every_municipality_has_a_profile_with_gaps(data: PublicData) -> None:
    for area in load_areas().at_level("municipality"):
        profile = make_profile(data, area.area_id)
        assert profile.gaps, area
        assert {"not_held"} <= {g.kind for g in profile.gaps}
        assert all(c.after.is_number for c in profile.residents)


def test_every_number_of_a_profile_is_in_the_public_table(
    workspace: Workspace, data: PublicData
) -> None:
    table = read_table(workspace.public / OBSERVATIONS).set_index("observation_id")
    for name in ("kumanovo", "butel", "gevgelija"):
        results = make_profile(data, name).results
        assert len(results) > 100
        for result in results:
            row = table.loc[result.reference]
            assert row["state"] == result.state
            assert (pd.isna(row["value"]) and result.value is None) or row["value"] == result.value


def test_sources_that_differ_are_both_kept(data: PublicData) -> None:
    places = make_profile(data, "butel").services["reception_capacity_places"]
    assert sorted(r.value for r in places if r.value is not None) == [150, 200]
    assert len({r.source_id for r in places}) == 2


def test_a_place_without_registered_people_has_none_rather_than_zeros(data: PublicData) -> None:
    profile = make_profile(data, "vevchani")
    assert profile.registered == ()
    kinds = {g.indicator.indicator_id: g.kind for g in profile.gaps}
    assert kinds["unhcr_refugees_persons"] == "no_row"


def test_a_series_that_is_withheld_whole_is_a_gap(data: PublicData) -> None:
    gaps = {g.indicator.indicator_id: g for g in make_profile(data, "prilep").gaps}
    stateless = gaps["unhcr_stateless_persons"]
    assert stateless.kind == "withheld"
    assert stateless.years == (2019, 2020, 2021, 2022, 2025)


def test_the_reference_year_ends_every_series(data: PublicData) -> None:
    profile = make_profile(data, "kumanovo", 2023)
    assert {r.year for r in profile.national["asylum_applications_persons"]} <= set(
        range(2000, 2024)
    )
    assert max(r.year for kind in profile.registered for r in kind.results) == 2023
    assert profile.route_years[-1].year == 2023
    assert profile.route_months == ()
    assert profile.origins[0][1].year == 2023


def test_origins_are_ranked_only_for_a_complete_year(data: PublicData) -> None:
    origins = make_profile(data, "kumanovo", 2025).origins
    assert {r.year for _, r in origins} == {2024}
    values = [r.value for _, r in origins]
    assert values == sorted(values, reverse=True)
    assert origins[0][0] == "SYR"


def test_a_year_before_the_census_is_refused(data: PublicData) -> None:
    with pytest.raises(ProfileError, match="reference year is 2019.*needs 2021 or later"):
        make_profile(data, "kumanovo", 2019)


def test_an_unknown_place_is_refused(data: PublicData) -> None:
    with pytest.raises(AreaError, match="'Atlantis' is not a municipality"):
        make_profile(data, "Atlantis")


def test_no_row_is_no_data_with_its_reason(data: PublicData) -> None:
    result = data.one("unhcr_refugees_persons", "MK-703", 1950)
    assert (result.state, result.value) == ("no_data", None)
    assert result.reason == "no source that we hold has a figure"
    assert data.latest("unhcr_refugees_persons", "MK-102") is None
