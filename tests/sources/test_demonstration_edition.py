"""The synthetic edition of victims: its margins, its size, and how small its counts are."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.sources.demonstration_edition import COLUMNS, make_edition

DIMENSIONS = ["sex", "age", "form"]
KEYS = ["area", *DIMENSIONS, "year"]


@pytest.fixture(scope="module")
def edition() -> pd.DataFrame:
    return make_edition(5)


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    return make_edition(2, areas=7, regions=3, years=2)


def test_the_full_edition_has_a_row_for_each_cell_and_margin(edition):
    assert tuple(edition.columns) == COLUMNS
    assert len(edition) == (80 + 8 + 1) * 3 * 3 * 5 * (8 + 1) == 36_045
    assert not edition.duplicated(KEYS).any()
    assert edition["count"].dtype == "int64"
    assert edition["count"].min() == 0


def test_the_sizes_that_are_asked_for_are_made(small):
    assert small.groupby("level")["area"].nunique().to_dict() == {
        "country": 1,
        "municipality": 7,
        "region": 3,
    }
    assert sorted(small["year"].unique()) == ["2018", "2019", "all"]
    assert sorted(small["sex"].unique()) == ["female", "male", "total"]
    assert sorted(small["age"].unique()) == ["adult", "child", "total"]
    assert small["form"].nunique() == 5


def test_only_municipalities_name_their_region_and_each_region_has_one(small):
    own = small[small["level"] == "municipality"]
    regions = set(small.loc[small["level"] == "region", "area"])
    assert set(own["region"]) == regions
    assert own[["area", "region"]].drop_duplicates()["area"].is_unique
    assert set(small.loc[small["level"] != "municipality", "region"]) == {""}


@pytest.mark.parametrize("column", [*DIMENSIONS, "year"])
def test_every_total_is_the_sum_of_its_parts(small, column):
    whole = {"year": "all"}.get(column, "total")
    others = [key for key in KEYS if key != column]
    totals = small[small[column] == whole].set_index(others)["count"]
    parts = small[small[column] != whole].groupby(others)["count"].sum()
    pd.testing.assert_series_equal(totals.sort_index(), parts.sort_index())


def test_regions_are_the_sum_of_their_municipalities_and_the_country_of_its_regions(small):
    rest = [*DIMENSIONS, "year"]
    own = small[small["level"] == "municipality"]
    inside = own.groupby(["region", *rest])["count"].sum()
    regions = small[small["level"] == "region"].set_index(["area", *rest])["count"]
    assert inside.sort_index().tolist() == regions.sort_index().tolist()
    country = small[small["level"] == "country"].set_index(rest)["count"].sort_index()
    assert regions.groupby(rest).sum().sort_index().tolist() == country.tolist()


def test_the_same_seed_gives_the_same_table_and_another_seed_another(small):
    pd.testing.assert_frame_equal(small, make_edition(2, areas=7, regions=3, years=2))
    assert not make_edition(3, areas=7, regions=3, years=2)["count"].equals(small["count"])


def test_counts_are_as_small_and_as_uneven_as_they_are_in_life(edition):
    finest = edition[
        (edition[DIMENSIONS] != "total").all(axis=1)
        & (edition["level"] == "municipality")
        & (edition["year"] != "all")
    ]
    assert (finest["count"] == 0).mean() > 0.7
    totals = edition[(edition[DIMENSIONS] == "total").all(axis=1)]
    years = totals[(totals["level"] == "country") & (totals["year"] != "all")]["count"]
    assert years.between(100, 500).all()
    places = totals[(totals["level"] == "municipality") & (totals["year"] == "all")]["count"]
    assert places.nlargest(8).sum() > 0.25 * places.sum()
    assert places.max() >= 10 > places.min()
    assert years.min() < years.max()


@pytest.mark.parametrize("name", ["areas", "regions", "years"])
def test_a_size_below_one_is_refused(name):
    with pytest.raises(ValueError, match=f"'{name}' is 0. Give a whole number from 1 up."):
        make_edition(1, **{name: 0})


def test_more_regions_than_municipalities_are_refused():
    with pytest.raises(ValueError, match="There are 9 regions and 8 municipalities."):
        make_edition(1, areas=8, regions=9)
    assert make_edition(1, areas=2, regions=2, years=1)["area"].nunique() == 5
