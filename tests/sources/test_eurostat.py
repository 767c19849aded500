"""Eurostat: what was asked for is what came, flags are kept, aggregates of people are nobody's."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from servers.eurostat import CODES, UPDATED, EurostatHandler

from analysis.catalog import load_areas
from analysis.sources.eurostat import CITIZENS, FIXED, EurostatSource
from analysis.sources.protocol import Refused, Reshaped
from analysis.sources.published import COLUMNS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "files"
RECORDED = SHARED / "eurostat_asylum_by_wb_citizens.csv"
ISO3 = {"ALB": "AL", "BIH": "BA", "MNE": "ME", "MKD": "MK", "SRB": "RS", "XKX": "XK"}


@pytest.fixture
def office(serve):
    def start(**state):
        server = serve(EurostatHandler, **state)
        return server, EurostatSource(server.address)

    return start


def _read(source, client):
    (file,) = source.fetch(client)
    return source.read(file.content, file.name)


def _cube(values, citizens=CITIZENS, years=("2024",)):
    codes = {"citizen": list(citizens), **{d: [c] for d, c in FIXED.items()}, "time": list(years)}
    return {
        "id": list(codes),
        "size": [len(c) for c in codes.values()],
        "dimension": {d: {"category": {"index": c}} for d, c in codes.items()},
        "value": values,
    }


def test_the_file_says_what_it_is_and_when_it_was_updated(office, client) -> None:
    server, source = office()
    (file,) = source.fetch(client)
    assert (file.name, file.published) == ("migr_asyappctza.json", UPDATED)
    assert file.title.startswith("Asylum applicants by type")
    query = server.calls[0].query
    assert query["citizen"] == list(CITIZENS)
    assert {d: query[d] for d in FIXED} == {d: [code] for d, code in FIXED.items()}


def test_figures_belong_to_the_citizenship_with_state_and_status(office, client) -> None:
    frame = _read(office()[1], client)
    assert list(frame.columns) == list(COLUMNS)
    assert set(frame["area_id"]) == set(CITIZENS)
    found = {
        (row.area_id, row.period_start[:4]): (row.value, row.state, row.status)
        for row in frame.itertuples()
    }
    assert found["MK", "2023"] == ("8275", "value", "final")
    assert found["MK", "2024"] == ("0", "zero", "final")
    assert found["MK", "2025"] == ("", "no_data", "final")
    assert found["RS", "2024"] == ("3120", "value", "provisional")
    assert found["XK", "2024"] == ("1500", "value", "estimate")
    assert found["AL", "2024"] == ("", "suppressed", "final")
    assert found["BA", "2023"] == ("", "no_data", "final")
    assert len(frame) == len(CITIZENS) * 3
    kosovo = frame[frame["area_id"].eq("XK") & frame["period_start"].eq("2024-01-01")].iloc[0]
    assert kosovo["note"] == "rounded to 5 by Eurostat; flag 'b'"
    assert kosovo["locator"] == "migr_asyappctza, citizen XK, geo EU27_2020, 2024"


def test_citizenships_are_countries_of_the_catalogue() -> None:
    areas = load_areas()
    assert {areas.get(code).level for code in CITIZENS} == {"country"}


def test_an_aggregate_of_citizenships_is_dropped() -> None:
    cube = _cube([1, 2, 3, 4, 5, 6, 21], (*CITIZENS, "TOTAL"))
    frame = EurostatSource().read(json.dumps(cube).encode(), "x.json")
    assert frame["value"].tolist() == ["1", "2", "3", "4", "5", "6"]


def test_a_code_that_is_not_known_gives_an_empty_dimension_and_is_refused(office, client) -> None:
    _, source = office(codes={**CODES, "unit": ["NR"]})
    with pytest.raises(Reshaped, match="has nothing in its dimension 'unit'"):
        _read(source, client)


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ({"citizen": ["AL", "BA", "ME", "RS", "XK"]}, "has no 'MK' in its dimension 'citizen'"),
        ({"duration": ["TOTAL"]}, "They differ in 'duration'"),
        ({"time": ["2024-01"]}, "has '2024-01' in its dimension 'time'"),
    ],
)
def test_another_shape_is_refused(office, client, codes, sentence) -> None:
    _, source = office(codes={**CODES, **codes})
    with pytest.raises(Reshaped, match=sentence):
        _read(source, client)


def test_a_dimension_that_is_gone_is_named(office, client) -> None:
    _, source = office(codes={name: codes for name, codes in CODES.items() if name != "sex"})
    with pytest.raises(Reshaped, match="They differ in 'sex'"):
        _read(source, client)


def test_what_is_no_dataset_is_fetched_and_refused_when_it_is_read(serve, client) -> None:
    server = serve()
    (file,) = EurostatSource(server.address).fetch(client)
    assert file.published == ""
    with pytest.raises(Reshaped, match="is not a dataset of JSON-stat"):
        EurostatSource().read(file.content, file.name)


def test_a_service_that_moved_is_refused(serve, client) -> None:
    server = serve(EurostatHandler)
    server.always = "404"
    with pytest.raises(Refused, match="migr_asyappctza.* answered with the status 404"):
        EurostatSource(server.address).fetch(client)


@pytest.mark.skipif(
    not RECORDED.is_file(), reason="the recorded answers are not beside the checkout"
)
def test_recorded_figures_of_the_whole_eu_are_read_as_they_are() -> None:
    with RECORDED.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["geo_kind"] != "country"]
    ours = [
        r
        for r in rows
        if r["citizen_iso3"] in ISO3 and r["country_of_application_iso3"].startswith("EU27")
    ]
    assert ours
    years = sorted({r["year"] for r in ours})
    held = {(ISO3[r["citizen_iso3"]], r["year"]): float(r["first_time_applicants"]) for r in ours}
    values = [held.get((citizen, year)) for citizen in CITIZENS for year in years]
    frame = EurostatSource().read(json.dumps(_cube(values, years=years)).encode(), "x.json")
    seen = {
        (row.area_id, row.period_start[:4]): row.value
        for row in frame.itertuples()
        if row.state != "no_data"
    }
    assert seen == {key: f"{number:.0f}" for key, number in held.items()}
