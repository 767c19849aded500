"""UNHCR is asked in a way that it cannot ignore, and read cell by cell."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from servers.faults import running
from servers.unhcr import UnhcrHandler

from analysis.catalog import load_areas
from analysis.sources.client import Client
from analysis.sources.protocol import CutShort, Refused, Reshaped, Unreachable
from analysis.sources.published import COLUMNS
from analysis.sources.unhcr import UnhcrSource

KEYS = ["indicator_id", "area_id", "period_start", "origin"]


def _client(**options) -> Client:
    return Client(**{"sleep": lambda _: None, **options})


def _source(server) -> UnhcrSource:
    return UnhcrSource(server.address, first_year=2021, last_year=2022)


def _fetch(client=None, faults=(), always="right", **state):
    with running(UnhcrHandler, **state) as server, client or _client() as asking:
        server.faults.extend(faults)
        server.always = always
        return _source(server).fetch(asking), server


def _read(received) -> pd.DataFrame:
    frames = [UnhcrSource().read(file.content, file.name) for file in received]
    return pd.concat([f.set_index(KEYS) for f in frames]).sort_index()


def _figure(frame, indicator, area="MK", origin="total", year=2022):
    row = frame.loc[(indicator, area, f"{year}-01-01", origin)]
    return row["value"], row["state"]


@pytest.fixture(scope="module")
def received():
    return _fetch()[0]


def test_all_is_asked_by_iso_and_both_years() -> None:
    _, server = _fetch()
    assert [c.path.split("/")[3] for c in server.calls] == [
        "population",
        "asylum-applications",
        "asylum-decisions",
        "demographics",
    ]
    for call in server.calls:
        assert call.query["cf_type"] == ["ISO"]
        assert (call.query["yearFrom"], call.query["yearTo"]) == (["2021"], ["2022"])
    assert server.calls[0].query["coo_all"] == ["true"]
    assert server.calls[3].query["coa"] == ["MKD"]


def test_rows_have_the_shape_of_published_tables(received) -> None:
    for file in received:
        frame = UnhcrSource().read(file.content, file.name)
        assert tuple(frame.columns) == COLUMNS
        assert not frame.duplicated([*KEYS, "sex"]).any()
        assert set(frame["source_id"]) == {"unhcr-rpsd"}


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("unhcr_refugees_persons", ("106", "value")),
        ("unhcr_refugees_from_ukraine_persons", ("100", "value")),
        ("unhcr_asylum_seekers_persons", ("7", "value")),
        ("unhcr_others_of_concern_persons", ("30", "value")),
        ("unhcr_stateless_persons", ("0", "zero")),
        ("unhcr_idps_persons", ("", "not_applicable")),
        ("unhcr_others_in_need_of_protection_persons", ("", "no_data")),
        ("asylum_applications_persons", ("18", "value")),
        ("asylum_decisions_recognized_persons", ("5", "value")),
        ("asylum_decisions_rejected_persons", ("0", "zero")),
        ("asylum_decisions_other_persons", ("", "not_applicable")),
        ("asylum_decisions_total_persons", ("30", "value")),
    ],
)
def test_each_cell_keeps_its_state(received, indicator, expected) -> None:
    assert _figure(_read(received), indicator) == expected


def test_applications_stand_by_origin_too(received) -> None:
    frame = _read(received)
    assert _figure(frame, "asylum_applications_persons", origin="DZA") == ("18", "value")
    assert _figure(frame, "asylum_applications_persons", origin="TUR") == ("0", "zero")
    assert "DZA" not in frame.loc["asylum_decisions_total_persons"].reset_index()["origin"].tolist()


def test_cases_are_not_persons(received) -> None:
    frame = UnhcrSource().read(received[1].content, received[1].name)
    assert frame.attrs["set_aside"] == {"counted in cases, not in persons": 10}


def test_blank_cells_of_a_sum_are_told(received) -> None:
    row = _read(received).loc[("asylum_decisions_closed_persons", "MK", "2022-01-01", "total")]
    assert (row["value"], row["note"]) == ("10", "1 of 2 cells are blank and not counted")


def test_serbia_says_that_it_includes_kosovo(received) -> None:
    frame = _read(received)
    assert set(frame.xs("RS", level="area_id")["note"].str[:28]) == {"includes Kosovo (S/RES/1244)"}
    assert "XK" not in frame.index.get_level_values("area_id")


def test_places_become_municipalities_or_are_set_aside(received) -> None:
    frame = UnhcrSource().read(received[3].content, received[3].name)
    latest = frame[frame["period_start"] == "2022-01-01"].set_index(["indicator_id", "area_id"])
    assert latest["value"].to_dict() == {
        ("unhcr_asylum_seekers_persons", "MK-803"): "26",
        ("unhcr_others_of_concern_persons", "MK-405"): "4930",
        ("unhcr_refugees_persons", "MK-703"): "11",
    }
    assert frame.attrs["set_aside"] == {
        "Hotel Kuba: not a municipality that the catalogue knows": 2,
        "RDP: no indicator by place for this kind of population": 2,
        "Skopje: the place where people are booked, not where they stay": 2,
        "recorded without a place": 2,
    }


def test_many_pages_give_what_one_page_gives(received) -> None:
    paged, server = _fetch(page_size=7)
    assert len(server.calls) > 4
    assert _read(paged).equals(_read(received))


@pytest.mark.parametrize(
    ("deaf_to", "sentence"),
    [
        (("coa",), "population.json of UNHCR holds the countries .*GRC.*, asked for ALB"),
        (("cf_type",), "holds the countries ALB, MNE, SRB, asked for ALB, BIH, MKD"),
        (("yearFrom",), r"holds the years 2020 to 2022 \(3 of them\), asked for 2021 to 2022"),
        (("coo_all",), "holds no countries of origin, asked for all"),
        (("locationDescription_show",), "An item of demographics.json lacks 'location'"),
        (("page",), "is page 1 of 5.*Expected page 2 of at most 200"),
    ],
)
def test_a_parameter_that_is_ignored_is_noticed(deaf_to, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        _fetch(deaf_to=deaf_to, page_size=7 if "page" in deaf_to else 1000)


@pytest.mark.parametrize("field", ["oip", "coa_iso", "applied", "dec_pc", "pop_type", "coo_iso"])
def test_a_renamed_field_is_named(field) -> None:
    with pytest.raises(Reshaped, match=f"lacks '{field}', expected"):
        _fetch(rename={field: "new_name"})


@pytest.mark.parametrize(
    ("fault", "kind", "sentence"),
    [
        ("403", Refused, "status 403"),
        ("500", Unreachable, "status 500"),
        ("cut", CutShort, "ended before its answer was whole"),
        ("broken", Reshaped, "is not JSON"),
        ("empty", Reshaped, "is not JSON"),
        ("html", Reshaped, "web page"),
        ("html-as-json", Reshaped, "web page"),
    ],
)
def test_what_goes_wrong_is_told_by_kind(fault, kind, sentence) -> None:
    with pytest.raises(kind, match=sentence):
        _fetch(always=fault)


def test_a_slow_answer_ends_at_the_deadline() -> None:
    with pytest.raises(Unreachable, match="within 0.2 seconds"):
        _fetch(client=_client(deadline=0.2), always="trickle")


def test_busy_and_broken_servers_are_asked_again(received) -> None:
    waited: list[float] = []
    again, server = _fetch(client=_client(sleep=waited.append), faults=["429", "right", "500"])
    assert len(server.calls) == 6
    assert waited[0] == pytest.approx(1)
    assert _read(again).equals(_read(received))


def test_right_bytes_count_whatever_they_are_called(received) -> None:
    assert [f.content for f in _fetch(always="type")[0]] == [f.content for f in received]


def test_a_byte_order_mark_is_no_harm(received) -> None:
    file = received[0]
    plain = UnhcrSource().read(file.content, file.name)
    assert UnhcrSource().read(b"\xef\xbb\xbf" + file.content, file.name).equals(plain)


@pytest.mark.parametrize("content", [b"[]", b'{"endpoint": "solutions"}', b"{}", b"3"])
def test_other_json_is_refused(content) -> None:
    with pytest.raises(Reshaped, match="a.json lacks 'endpoint', 'asked' or 'pages'"):
        UnhcrSource().read(content, "a.json")


def _file(endpoint: str, items: list[dict[str, object]], first: int, last: int) -> bytes:
    page = {"page": 1, "maxPages": 1, "items": items}
    asked = {"yearFrom": str(first), "yearTo": str(last)}
    return json.dumps({"endpoint": endpoint, "asked": asked, "pages": [page]}).encode()


@pytest.mark.parametrize("cell", ["many", "-5", 1.5, True])
def test_a_cell_that_is_no_count_is_refused(cell) -> None:
    place = {"year": 2022, "coa_iso": "MKD", "pop_type": "REF", "location": "Veles", "total": cell}
    with pytest.raises(Reshaped, match="expected a whole number, '-' or a blank"):
        UnhcrSource().read(_file("demographics", [place], 2022, 2022), "demographics.json")


def test_most_years_must_be_there() -> None:
    place = {"year": 2022, "coa_iso": "MKD", "pop_type": "REF", "location": "Veles", "total": 3}
    assert len(UnhcrSource().read(_file("demographics", [place], 2021, 2022), "d.json")) == 1
    with pytest.raises(Reshaped, match=r"2022 to 2022 .1 of them., asked for 2020 to 2022"):
        UnhcrSource().read(_file("demographics", [place], 2020, 2022), "d.json")


def test_an_unknown_origin_counts_in_the_total_alone() -> None:
    cells = {"year": "2022", "app_pc": "P", "applied": 4}
    items = [
        {**cells, "coa_iso": country, "coo_iso": code}
        for country in ("MKD", "SRB", "ALB", "BIH", "MNE")
        for code in ("TUR", "-")
    ]
    content = _file("asylum-applications", items, 2022, 2022)
    frame = UnhcrSource().read(content, "a.json").set_index(KEYS)
    assert _figure(frame, "asylum_applications_persons") == ("8", "value")
    assert set(frame.index.get_level_values("origin")) == {"total", "TUR"}


def test_a_bare_number_is_no_code_of_a_municipality() -> None:
    code = load_areas().frame.set_index("area_id").loc["MK-703", "makstat_code"]
    assert load_areas().find(code).area_id == "MK-703"
    place = {"year": 2022, "coa_iso": "MKD", "pop_type": "REF", "location": code, "total": 3}
    frame = UnhcrSource().read(_file("demographics", [place], 2022, 2022), "d.json")
    assert frame.empty
    assert frame.attrs["set_aside"] == {f"{code}: not a municipality that the catalogue knows": 1}


@pytest.fixture
def real(checkout):
    folder = checkout.parent / "shared" / "data" / "files"
    if not folder.is_dir():
        pytest.skip("the real files of ../shared are not on this machine; the hand-made ones ran")

    def load(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / name, dtype=str, keep_default_na=False)

    return load


def _published(checkout, name: str) -> pd.DataFrame:
    path = checkout / "data_raw" / "published" / name
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_real_places_give_the_published_municipalities(real, checkout) -> None:
    items = real("unhcr_locations_mk.csv").assign(coa_iso="MKD").to_dict("records")
    frame = UnhcrSource().read(_file("demographics", items, 2000, 2025), "demographics.json")
    columns = [*KEYS, "value"]
    published = _published(checkout, "unhcr_municipality.csv")
    merged = published[columns].merge(frame[columns], how="outer", indicator=True)
    assert len(merged) == len(published) == 202
    assert set(merged["_merge"]) == {"both"}
    assert frame.attrs["set_aside"].pop(
        "Skopje: the place where people are booked, not where they stay"
    )


def test_real_population_gives_the_published_countries(real, checkout) -> None:
    table = real("unhcr_population_wb.csv")
    items = table[table["year"].astype(int) >= 2000].to_dict("records")
    frame = UnhcrSource().read(_file("population", items, 2000, 2025), "population.json")
    both = _published(checkout, "unhcr_country.csv").merge(frame, on=KEYS, suffixes=("", "_read"))
    # The extract leaves this column blank; a blank is no zero.
    both = both[both["indicator_id"] != "unhcr_others_in_need_of_protection_persons"]
    assert len(both) == 775
    assert (both["value"] == both["value_read"]).all()
