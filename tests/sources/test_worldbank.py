"""The World Bank answers 200 to everything; what it means is read from the answer."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from servers.faults import running
from servers.worldbank import WorldBankHandler, figures

from analysis.sources.client import Client
from analysis.sources.protocol import CutShort, Refused, Reshaped, Unreachable
from analysis.sources.published import COLUMNS
from analysis.sources.worldbank import WorldBankSource

KEYS = ["indicator_id", "area_id", "period_start"]


def _client(**options) -> Client:
    return Client(**{"sleep": lambda _: None, **options})


def _fetch(client=None, faults=(), always="right", **state):
    with running(WorldBankHandler, **state) as server, client or _client() as asking:
        server.faults.extend(faults)
        server.always = always
        return WorldBankSource(server.address, years=(2023, 2024)).fetch(asking), server


def _read(received) -> pd.DataFrame:
    frames = [WorldBankSource().read(file.content, file.name) for file in received]
    return pd.concat(frames).set_index(KEYS).sort_index()


@pytest.fixture(scope="module")
def received():
    return _fetch()[0]


def test_six_countries_and_the_years_are_asked() -> None:
    _, server = _fetch()
    assert len(server.calls) == 3
    first = server.calls[0]
    assert first.path == "/v2/country/MKD;SRB;ALB;BIH;MNE;XKX/indicator/SP.POP.TOTL"
    assert first.query["date"] == ["2023:2024"]


@pytest.mark.parametrize(
    ("indicator", "year", "expected"),
    [
        ("wdi_population_persons", 2023, ("1790000", "value")),
        ("wdi_population_persons", 2024, ("", "no_data")),
        ("wdi_net_migration_persons", 2023, ("0", "zero")),
        ("wdi_net_migration_persons", 2024, ("12", "value")),
        ("wdi_remittances_received_pct", 2023, ("3", "value")),
    ],
)
def test_each_figure_keeps_its_state(received, indicator, year, expected) -> None:
    row = _read(received).loc[(indicator, "MK", f"{year}-01-01")]
    assert (row["value"], row["state"]) == expected
    assert (row["status"], row["source_id"]) == ("estimate", "worldbank-wdi")


def test_negative_and_broken_numbers_stay_as_they_are() -> None:
    source = WorldBankSource()
    head = {"page": 1, "pages": 1}
    for indicator, expected in (("SM.POP.NETM", "-4500"), ("BX.TRF.PWKR.DT.GD.ZS", "3.25")):
        frame = source.read(json.dumps([[head, figures(indicator)]]).encode(), "a.json")
        assert frame.loc[frame["period_start"] == "2022-01-01", "value"].tolist() == [expected] * 6


def test_rows_have_the_shape_of_published_tables(received) -> None:
    for file in received:
        frame = WorldBankSource().read(file.content, file.name)
        assert tuple(frame.columns) == COLUMNS
        assert set(frame["area_id"]) == {"MK", "RS", "AL", "BA", "ME", "XK"}
        assert not frame.duplicated(KEYS).any()
        assert file.published == "2026-10-07"
    notes = _read(received).xs("RS", level="area_id")["note"]
    assert notes.str.endswith("without Kosovo*, which has its own row").all()


def test_many_pages_give_what_one_page_gives(received) -> None:
    paged, server = _fetch(page_size=5)
    assert len(server.calls) == 9
    assert _read(paged).equals(_read(received))


def test_a_deleted_indicator_is_said() -> None:
    with pytest.raises(Reshaped, match="message .*was not found.*, expected figures"):
        _fetch(deleted="SM.POP.NETM")


@pytest.mark.parametrize(
    ("deaf_to", "sentence"),
    [
        (("date",), "holds the years 2022 to 2024, asked for 2023 to 2024"),
        (("page",), "is page 1 of 3, expected page 2 of at most 100"),
        (("format",), "is not JSON"),
    ],
)
def test_a_parameter_that_is_ignored_is_noticed(deaf_to, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        _fetch(deaf_to=deaf_to, page_size=5 if "page" in deaf_to else 1000)


@pytest.mark.parametrize("field", ["indicator", "countryiso3code", "date", "value"])
def test_a_renamed_field_is_named(field) -> None:
    with pytest.raises(Reshaped, match=f"A figure of SP.POP.TOTL.json lacks '{field}'"):
        _fetch(rename={field: "new_name"})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"countryiso3code": "GRC"}, "holds the countries ALB, .*GRC.*, asked for ALB"),
        ({"date": "2024Q1"}, "a figure for '2024Q1', expected a year such as 2024"),
        ({"value": "many"}, "'many' stands where a number was expected"),
        ({"indicator": {"id": "SP.DYN"}}, "holds the indicators SP.DYN, .*expected one of"),
        ({"indicator": "SP.DYN"}, "holds the indicators SP.DYN, .*expected one of"),
    ],
)
def test_other_figures_are_refused(change, sentence) -> None:
    items = figures("SP.POP.TOTL")
    items[0] |= change
    with pytest.raises(Reshaped, match=sentence):
        WorldBankSource().read(json.dumps([[{"page": 1, "pages": 1}, items]]).encode(), "a.json")


@pytest.mark.parametrize("content", [b"{}", b"[]", b"3", b"[[1]]", b'[[{"page": 1}, null]]'])
def test_other_json_is_refused(content) -> None:
    with pytest.raises(Reshaped, match="a.json is n.*(fetch again|by hand)"):
        WorldBankSource().read(content, "a.json")


@pytest.mark.parametrize(
    ("fault", "kind", "sentence"),
    [
        ("403", Refused, "status 403"),
        ("500", Unreachable, "status 500"),
        ("cut", CutShort, "ended before its answer was whole"),
        ("broken", Reshaped, "is not JSON"),
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
    assert len(server.calls) == 5
    assert waited[0] == pytest.approx(1)
    assert _read(again).equals(_read(received))


def test_right_bytes_count_whatever_they_are_called(received) -> None:
    assert [f.content for f in _fetch(always="type")[0]] == [f.content for f in received]


def test_a_byte_order_mark_is_no_harm(received) -> None:
    file = received[0]
    plain = WorldBankSource().read(file.content, file.name)
    assert WorldBankSource().read(b"\xef\xbb\xbf" + file.content, file.name).equals(plain)
