"""Areas are found by code and by name in every language; what is not found is a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.catalog import AreaError, load_areas

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "facts"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference files are not beside this checkout"
)


@pytest.mark.parametrize(
    "written",
    [
        "MK-703",
        "mk-703",
        "kumanovo",
        "Kumanovo",
        "Куманово",
        "КУМАНОВО",
        "Kumanovë",
        "Kumanova",
        " kumanovo ",
    ],
)
def test_kumanovo_is_found_however_it_is_written(written: str) -> None:
    assert load_areas().find(written).area_id == "MK-703"


def test_every_municipality_is_found_by_each_of_its_names_and_codes() -> None:
    areas = load_areas()
    for row in areas.frame.loc[areas.frame["level"].eq("municipality")].to_dict("records"):
        for column in ("area_id", "slug", "name_mk", "name_en", "name_sq", "makstat_code"):
            if row[column]:
                assert areas.find(str(row[column])).area_id == row["area_id"], row[column]


def test_an_unknown_area_names_the_nearest_matches() -> None:
    with pytest.raises(AreaError, match=r"'Kumanvo' is not a municipality.*Kumanovo \(MK-703\)"):
        load_areas().find("Kumanvo")
    with pytest.raises(AreaError, match=r"'Atlantis' is not .* Did you mean \w+"):
        load_areas().find("Atlantis")


def test_a_region_is_no_municipality() -> None:
    areas = load_areas()
    with pytest.raises(AreaError, match="is not a municipality"):
        areas.find("MK007")
    assert areas.find("MK007", "region").name_en == "Northeast"


def test_the_80_municipalities_lie_in_8_regions_of_one_country() -> None:
    areas = load_areas()
    assert len(areas.children("MK", "municipality")) == 80
    assert len(areas.children("MK", "region")) == 8
    members = [
        m for r in areas.at_level("region") for m in areas.children(r.area_id, "municipality")
    ]
    assert len(members) == 80
    assert sum(m.is_city_of_skopje for m in members) == 10


def test_a_missing_serbian_name_is_the_macedonian_one() -> None:
    kumanovo = load_areas().get("MK-703")
    assert kumanovo.name("name_sr_cyrl") == "Куманово"


def test_an_unknown_id_is_a_sentence() -> None:
    with pytest.raises(AreaError, match="'MK-999' is not an area id"):
        load_areas().get("MK-999")


def test_there_were_84_municipalities_in_2012_and_there_are_80() -> None:
    areas = load_areas()
    assert len(areas.at_level("municipality")) == 80
    assert len(areas.at_level("municipality", date(2012, 12, 31))) == 84
    assert len(areas.children("MK003", "municipality", date(2012, 12, 31))) == 13
    # Only the year of the merger is known: within it the four still count.
    assert len(areas.at_level("municipality", date(2013, 12, 31))) == 84
    assert len(areas.at_level("municipality", date(2014, 1, 1))) == 80
    assert set(areas.frame["area_id"]) == {a.area_id for a in areas if areas.valid(a)}
    assert len(areas.whole) == len(areas.frame) + 4


@pytest.mark.parametrize("area_id", ["MK-302", "MK-305", "MK-306", "MK-309"])
def test_four_municipalities_became_part_of_kichevo(area_id: str) -> None:
    areas = load_areas()
    former = areas.get(area_id)
    assert not areas.valid(former)
    assert areas.valid(former, date(2012, 6, 1))
    assert areas.successor(former).area_id == "MK-307"
    assert former.validity_note.startswith("Unverified")
    with pytest.raises(AreaError, match=r"was a municipality until 2013 and is part of Kichevo"):
        areas.find(former.name_mk)
    assert areas.find(former.name_mk, on=date(2012, 6, 1)) == former


def test_an_area_that_stands_is_its_own_successor() -> None:
    areas = load_areas()
    assert areas.successor(areas.get("MK-307")).area_id == "MK-307"


@pytest.mark.parametrize(
    ("begin", "end", "day", "expected"),
    [
        ("", "", date(1900, 1, 1), True),
        ("2013-03-24", "", date(2013, 3, 23), False),
        ("2013-03-24", "", date(2013, 3, 24), True),
        ("2013", "", date(2013, 1, 1), True),
        ("", "2013-03-24", date(2013, 3, 24), True),
        ("", "2013-03-24", date(2013, 3, 25), False),
        ("", "2013-03", date(2013, 3, 31), True),
        ("", "2013-03", date(2013, 4, 1), False),
    ],
)
def test_an_area_is_valid_between_its_dates(begin: str, end: str, day: date, expected) -> None:
    area = replace(load_areas().get("MK-703"), valid_from=begin, valid_to=end)
    assert load_areas().valid(area, day) is expected


def test_the_city_of_skopje_is_the_sum_of_ten() -> None:
    areas = load_areas()
    assert [a.area_id for a in areas.at_level("city")] == ["MK-SKOPJE"]
    ten = [a for a in areas.at_level("municipality") if a.is_city_of_skopje]
    assert len(ten) == 10
    assert {a.parent_id for a in ten} == {areas.get("MK-SKOPJE").parent_id}


def test_serbia_has_districts_and_municipalities_of_its_own_level() -> None:
    areas = load_areas()
    assert len(areas.at_level("district")) == 25
    assert len(areas.at_level("municipality_rs")) == 168
    assert len(areas.children("RS", "municipality_rs")) == 168
    assert areas.children("RS", "municipality") == []
    assert areas.get("RS-24").name("name_sr_cyrl") == "Пчињски округ"


@pytest.mark.parametrize("written", ["Inđija", "Indjija", "Инђија", "80179", "rs-indjija"])
def test_a_municipality_of_serbia_is_found_only_when_it_is_asked_for(written: str) -> None:
    areas = load_areas()
    with pytest.raises(AreaError, match="is not a municipality"):
        areas.find(written)
    assert areas.find(written, "municipality_rs").name_en == "Inđija"
    assert areas.find(written, None).area_id == "RS-80179"


def test_a_name_of_serbia_that_has_no_macedonian_form_stands_as_its_office_writes_it() -> None:
    indjija = load_areas().find("Inđija", "municipality_rs")
    assert indjija.name("name_mk") == indjija.name("name_sq") == "Inđija"
    assert indjija.name("name_sr_cyrl") == "Инђија"


def test_a_name_of_two_countries_is_asked_back() -> None:
    with pytest.raises(AreaError, match=r"'Bor' may be any of Bor \(RS-14\), Bor \(RS-70327\)"):
        load_areas().find("Bor", None)


@needs_shared
def test_the_municipalities_of_serbia_add_up_to_the_country() -> None:
    frame = pd.read_csv(SHARED / "population_rs.csv", dtype={"sors_code": str})
    codes = {a.area_id.removeprefix("RS-") for a in load_areas().at_level("municipality_rs")}
    assert frame.loc[frame["sors_code"].isin(codes), "population"].sum() == 6_549_901
    assert frame.loc[frame["level"].eq("country"), "population"].item() == 6_549_901
