"""SORS: packed or plain, with every level in one table of which only known places are read."""

from __future__ import annotations

import json

import pytest
from servers.sors import RECORDS, SorsHandler, pack, record

from analysis.sources import sors
from analysis.sources.protocol import Reshaped
from analysis.sources.published import COLUMNS
from analysis.sources.sors import SorsSource


def _read(records, name="180304IND02"):
    return SorsSource().read(json.dumps(records).encode(), name)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("marked", [False, True])
def test_an_answer_is_read_packed_or_plain_with_or_without_mark(
    serve, client, packed, marked
) -> None:
    server = serve(SorsHandler, zip=packed, bom=marked)
    source = SorsSource(server.address)
    (file,) = source.fetch(client)
    assert file.content.startswith(b"PK") is packed
    frame = source.read(file.content, file.name)
    assert list(frame.columns) == list(COLUMNS)
    found = {(row.area_id, row.period_start): (row.value, row.state) for row in frame.itertuples()}
    assert found == {
        ("RS", "2025-06-30"): ("6549901", "value"),
        ("RS-70017", "2024-06-30"): ("21300", "value"),
        ("RS-70017", "2025-06-30"): ("21041", "value"),
        ("RS-70025", "2025-06-30"): ("", "no_data"),
        ("RS-70025", "1961-06-30"): ("", "not_applicable"),
    }
    # A region and a district: levels that would be added up twice.
    assert frame.attrs["set_aside"] == 2


def test_a_row_says_where_it_stands() -> None:
    row = _read([record("70017", "Aleksandrovac", "2025", "21041")]).iloc[0]
    assert row["indicator_id"] == "midyear_population_persons"
    assert row["locator"] == "180304IND02, IDTer 70017, 2025"
    assert (row["status"], row["source_id"]) == ("estimate", "sors")


def test_the_country_is_known_by_its_name_too() -> None:
    frame = _read([record("00", "Republic of Serbia ", "2025", 6549901)])
    assert frame["area_id"].tolist() == ["RS"]
    assert frame["note"].tolist() == ["without Kosovo*"]


def test_a_catalogue_without_serbian_codes_leaves_the_country(monkeypatch) -> None:
    class _Without:
        frame = sors.load_areas().frame.drop(columns="sors_code")

    monkeypatch.setattr(sors, "load_areas", _Without)
    frame = _read(RECORDS)
    assert frame["area_id"].tolist() == ["RS"]
    assert frame.attrs["set_aside"] == len(RECORDS) - 1


def test_a_place_that_stands_twice_is_refused() -> None:
    rows = [record("70017", "Aleksandrovac", "2025", n) for n in (1, 2)]
    with pytest.raises(Reshaped, match="record 2: Aleksandrovac has more than one figure for 2025"):
        _read(rows)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"vrednost": "21.041"}, "record 1: '21.041' is no whole number of persons"),
        ({"vrednost": True}, "True stands where a number was expected"),
        ({"IDStatusPodatka": "Q"}, "record 1: the status is 'Q'. Expected A, M or O"),
        ({"god": "2025/26"}, "record 1: '2025/26' is no year"),
        ({"mes": "06"}, "record 1: 'mes' is '06'. Expected '00', a figure for the year"),
    ],
)
def test_a_record_that_cannot_be_read_is_named(changes, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        _read([{**record("70017", "Aleksandrovac", "2025", "1"), **changes}])


def test_a_blank_of_an_ordinary_record_is_no_zero() -> None:
    frame = _read([record("70017", "Aleksandrovac", "2025", " ")])
    assert frame[["value", "state"]].to_numpy().tolist() == [["", "no_data"]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[]", "holds an empty list. Expected a list of records"),
        (b"{}", "holds a dict. Expected a list of records"),
        (b"[1]", "record 1, has no 'mes'"),
        (b'[{"mes": "00", "god": "2025"}]', "record 1, has no 'IDTer'. Expected mes, god, IDTer"),
        (b"", "is not JSON"),
        (b"PK", "is a ZIP that cannot be unpacked"),
        (pack(b"[]")[:-30], "is a ZIP that cannot be unpacked"),
        (pack(b"[]", "more.json"), "is a ZIP with 2 files. Expected one JSON inside"),
    ],
)
def test_what_is_no_table_is_refused(content, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        SorsSource().read(content, "180304IND02")


def test_a_pack_that_grows_too_large_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(sors, "MAX_BYTES", 1000)
    with pytest.raises(Reshaped, match="a ZIP of more than 1000 bytes once unpacked"):
        SorsSource().read(pack(b" " * 5000), "180304IND02")
