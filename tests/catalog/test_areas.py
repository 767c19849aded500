"""Areas are found by code and by name in every language; what is not found is a sentence."""

from __future__ import annotations

import pytest

from analysis.catalog import AreaError, load_areas, load_indicators
from analysis.catalog.indicators import IndicatorError


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
    with pytest.raises(IndicatorError, match="'weather' is not an indicator of the catalogue"):
        load_indicators().get("weather")


def test_indicators_say_what_they_are() -> None:
    indicators = list(load_indicators())
    assert len({i.indicator_id for i in indicators}) == len(indicators)
    for indicator in indicators:
        assert indicator.measure in {"stock", "flow", "change", "share", "yes_no"}, indicator
        assert indicator.name_mk, indicator
        assert indicator.owner, indicator
        unit = {"percent": "_pct", "yes_no": "has_"}.get(indicator.unit, indicator.unit)
        assert unit in indicator.indicator_id, "the name ends in its unit"
