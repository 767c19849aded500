"""MAKSTAT: metadata first, both limits kept, marks and codes read as the office means them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from servers.makstat import (
    AREAS,
    DEATHS,
    EXTERNAL,
    INTERNAL,
    PLACE,
    POPULATION,
    SEXES,
    TABLES,
    UPDATED,
    YEARS,
    MakstatHandler,
)

from analysis.sources.makstat import MakstatSource
from analysis.sources.makstat_tables import TABLES as WANTED
from analysis.sources.protocol import Refused, Reshaped
from analysis.sources.published import COLUMNS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "files"
ANSWER = SHARED / "makstat_30062021_MKD_allages.jsonstat2.json"


@pytest.fixture
def office(serve, clock):
    """A server with the documented limits, and the connector pointed at it."""

    def start(**state):
        server = serve(MakstatHandler, clock=clock, **state)
        return server, MakstatSource(f"{server.address}/PXWeb/api/v1/mk")

    return start


def _frames(source, received):
    return {file.name: source.read(file.content, file.name) for file in received}


def _pick(frame, **where):
    for column, text in where.items():
        frame = frame[frame[column].eq(text)]
    return frame


def test_every_table_is_fetched_within_the_rate_of_the_office(office, client, clock) -> None:
    server, source = office()
    received = source.fetch(client)
    assert [file.name for file in received] == [f"{table.name}.json" for table in WANTED]
    assert {file.published for file in received} == {UPDATED}
    assert len(server.calls) == len(WANTED) * 2 + 4
    # A call that came too early would have been told 429 and waited for that.
    assert clock.slept == [11.0]
    assert all(call.method == "GET" for call in server.calls[:2])


def test_a_server_that_stumbles_is_asked_again(office, client) -> None:
    server, source = office()
    server.faults.extend(["500", "right", "429", "cut"])
    assert len(source.fetch(client)) == len(WANTED)


def test_without_the_rate_the_office_would_refuse(office, client) -> None:
    server, _ = office()
    folder = f"{server.address}/PXWeb/api/v1/mk/MakStat/Naselenie/Vitalna"
    for _ in range(10):
        client.get(folder)
    with pytest.raises(Refused, match="status 429"):
        client.get(folder)


def test_rows_have_our_ids_and_say_where_they_stand(office, client) -> None:
    _, source = office()
    frames = _frames(source, source.fetch(client))
    deaths = frames["deaths.json"]
    assert list(deaths.columns) == list(COLUMNS)
    row = _pick(deaths, area_id="MK-703", sex="female", period_start="2024-01-01").iloc[0]
    assert row.to_dict() == {
        "indicator_id": "deaths_persons",
        "area_id": "MK-703",
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "sex": "female",
        "origin": "total",
        "citizenship": "total",
        "value": str(1678 + 2024 + len("Female")),
        "state": "value",
        "status": "final",
        "verification": "read",
        "source_id": "makstat",
        "locator": "MAKSTAT 685_VitStat_Umr_Pol_ops_ml.px, Општина 1678, Година 2024",
        "note": "",
    }
    assert set(deaths["area_id"]) == {"MK", "MK-SKOPJE", "MK-801", "MK-703"}
    # One code is unknown to the catalogue.
    assert deaths.attrs["set_aside"] == 1 * 2 * 3
    assert {i for f in frames.values() for i in f["indicator_id"]} == {
        "internal_inmigration_persons",
        "internal_outmigration_persons",
        "immigrated_citizens_persons",
        "emigrated_citizens_persons",
        "immigrated_foreigners_persons",
        "emigrated_foreigners_persons",
        "midyear_population_persons",
        "live_births_persons",
        "deaths_persons",
    }


def test_arrivals_and_departures_are_told_apart_by_what_they_are_called(office, client) -> None:
    _, source = office()
    frame = _frames(source, source.fetch(client))["internal_migration.json"]
    here = _pick(frame, area_id="MK-703", period_start="2023-01-01")
    assert dict(zip(here["indicator_id"], here["value"], strict=True)) == {
        "internal_inmigration_persons": str(1678 + 2023 + 1),
        "internal_outmigration_persons": str(1678 + 2023 + 2),
    }


def test_population_is_taken_at_all_ages_for_the_middle_of_the_year(office, client) -> None:
    server, source = office()
    frame = _frames(source, source.fetch(client))["midyear_population.json"]
    assert set(frame["period_start"]) == set(frame["period_end"]) == {"2023-06-30", "2024-06-30"}
    assert set(frame["sex"]) == {"total", "male", "female"}
    assert set(frame["status"]) == {"estimate"}
    posted = [c for c in server.calls if c.method == "POST" and c.path.endswith(POPULATION)]
    query = {p["code"]: p["selection"]["values"] for p in json.loads(posted[0].body)["query"]}
    assert query == {
        "Општина": list(AREAS),
        "Година": list(YEARS),
        "Возраст": ["1000"],
        "Пол": ["0", "1", "2"],
    }


def test_marks_are_states_and_a_blank_is_never_zero(office, client) -> None:
    marks = {
        ("1678", "2023", "Total"): "..",
        ("1678", "2023", "Male"): "-",
        ("1678", "2023", "Female"): ".",
        ("1678", "2024", "Total"): None,
    }
    _, source = office(marks=marks)
    frame = _frames(source, source.fetch(client))["deaths.json"]
    here = _pick(frame, area_id="MK-703").head(4)
    assert list(zip(here["value"], here["state"], strict=True)) == [
        ("", "no_data"),
        ("0", "zero"),
        ("", "not_applicable"),
        ("", "no_data"),
    ]


def test_an_unknown_mark_is_asked_about(office, client) -> None:
    _, source = office(marks={("1678", "2023", "Total"): "Ø"})
    deaths = {file.name: file.content for file in source.fetch(client)}["deaths.json"]
    with pytest.raises(Reshaped, match="Општина 1678, Година 2023 has the mark 'Ø' in place of a"):
        source.read(deaths, "deaths.json")


def test_a_mark_written_as_the_value_is_read_too_and_one_beside_a_number_is_noted() -> None:
    cube = {
        "id": ["Општина", "Година", "Пол"],
        "size": [1, 1, 2],
        "dimension": {
            "Општина": {"category": {"index": ["1678"]}},
            "Година": {"category": {"index": ["2024"]}},
            "Пол": {"category": {"label": {"1": "Мажи", "2": "Жени"}, "index": ["1", "2"]}},
        },
        "value": ["..", 7],
        "status": {"1": "*"},
    }
    frame = MakstatSource().read(json.dumps(cube).encode(), "deaths.json")
    assert list(zip(frame["value"], frame["state"], frame["note"], strict=True)) == [
        ("", "no_data", ""),
        ("7", "value", "marked '*' by the office"),
    ]


def test_a_large_table_is_asked_for_in_parts_and_read_as_one(office, client, clock) -> None:
    whole_server, whole = office()
    expected = _frames(whole, whole.fetch(client))
    server, _ = office(most=20)
    parted = MakstatSource(f"{server.address}/PXWeb/api/v1/mk", most_cells=20)
    received = parted.fetch(client)
    assert len(server.calls) > len(whole_server.calls)
    assert {f.name: f.content[:1] for f in received}["deaths.json"] == b"["
    for name, frame in _frames(parted, received).items():
        order = ["indicator_id", "area_id", "period_start", "sex"]
        ours = frame.sort_values(order, ignore_index=True)
        assert ours.equals(expected[name].sort_values(order, ignore_index=True))
    assert clock.slept == [pytest.approx(11.0)] * len(clock.slept)


def test_more_cells_than_allowed_are_refused_by_the_office(office, client) -> None:
    _, source = office(most=3)
    with pytest.raises(
        Refused, match=r"675_Migracii_op_VkDosOts_ml.px answered with the status 40"
    ):
        source.fetch(client)


def _renamed(path, old, new):
    dimensions = {new if name == old else name: codes for name, codes in TABLES[path].items()}
    return {**TABLES, path: dimensions}


def test_a_renamed_dimension_names_the_old_and_the_new_one(office, client) -> None:
    _, source = office(tables=_renamed(DEATHS, "Општина", "Општини"))
    sentence = r"685_VitStat_Umr_Pol_ops_ml.px\) has no dimension 'Општина', but there is 'Општини'"
    with pytest.raises(Reshaped, match=sentence):
        source.fetch(client)


def test_a_dimension_that_is_gone_is_named(office, client) -> None:
    _, source = office(tables={**TABLES, DEATHS: PLACE})
    with pytest.raises(Reshaped, match="has no dimension 'Пол'. Expected Општина, Година, Пол;"):
        source.fetch(client)


@pytest.mark.parametrize(
    ("path", "dimensions", "sentence"),
    [
        (DEATHS, {**PLACE, "Пол": {"1": "Останати"}}, "has 'Останати' in its dimension 'Пол'"),
        (INTERNAL, PLACE, "has no dimension with доселени and отселени"),
        (INTERNAL, {**PLACE, "Вид": {"1": "Доселени"}}, "has 0 totals in its dimension 'Вид'"),
        (DEATHS, {**PLACE, "Пол": SEXES, "Доба": {"1": "зима"}}, "0 totals in its dimension 'До"),
    ],
)
def test_a_table_with_other_categories_is_refused(
    office, client, path, dimensions, sentence
) -> None:
    _, source = office(tables={**TABLES, path: dimensions})
    with pytest.raises(Reshaped, match=sentence):
        source.fetch(client)


def test_a_new_dimension_is_taken_at_its_total(office, client) -> None:
    path = f"{EXTERNAL}/805_NMigdos_Op_dr_drzavi_ml.px"
    more = {**PLACE, "Држава": {"9": "Албанија", "00": "Вкупно"}}
    _, source = office(tables={**TABLES, path: more})
    frame = _frames(source, source.fetch(client))["immigrated_citizens.json"]
    assert _pick(frame, area_id="MK", period_start="2024-01-01")["value"].tolist() == ["2024"]


def test_a_table_that_is_not_listed_any_more_is_named(office, client) -> None:
    _, source = office(tables={path: table for path, table in TABLES.items() if path != DEATHS})
    with pytest.raises(Reshaped, match="Vitalna does not list 685_VitStat_Umr_Pol_ops_ml.px any"):
        source.fetch(client)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"{}", "deaths.json", "deaths.json is not a dataset of JSON-stat 2.0"),
        (b"[{}]", "deaths.json", "deaths.json is not a dataset of JSON-stat 2.0"),
        (b"{}", "births.json", "'births.json' is no file of MAKSTAT. Expected one of: internal"),
    ],
)
def test_what_is_no_answer_is_refused(content, name, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        MakstatSource().read(content, name)


@pytest.mark.skipif(not ANSWER.is_file(), reason="the recorded answers are not beside the checkout")
def test_a_recorded_answer_lacks_only_the_municipality() -> None:
    with pytest.raises(Reshaped, match="has no dimension 'Општина'. Expected Општина, Година, Пол"):
        MakstatSource().read(ANSWER.read_bytes(), "midyear_population.json")
    # With the country as its only place, it is a table of municipalities.
    cube = json.loads(ANSWER.read_bytes())
    cube["id"].insert(0, "Општина")
    cube["size"].insert(0, 1)
    cube["dimension"]["Општина"] = {"category": {"index": {"0000": 0}}}
    frame = MakstatSource().read(json.dumps(cube).encode(), "midyear_population.json")
    total = _pick(frame, area_id="MK", sex="total")
    assert total["value"].tolist() == ["1837114", "1831712", "1827816", "1824359", "1820509"]
