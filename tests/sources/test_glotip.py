"""A range is never a number, a missing row never a zero, and each population has its own name."""

from __future__ import annotations

import copy
import csv
import io

import pytest
from servers.faults import running
from servers.frontex import workbook
from servers.glotip import BODY, DETECTED, HEADER, PATH, TABLE, GlotipHandler, record

from analysis.sources.client import Client
from analysis.sources.glotip import GlotipSource
from analysis.sources.protocol import CutShort, Refused, Reshaped, Unreachable
from analysis.sources.published import COLUMNS

KEYS = ["indicator_id", "area_id", "sex", "period_start"]


def _client(**options) -> Client:
    return Client(**{"sleep": lambda _: None, **options})


def _fetch(client=None, faults=(), always="right", **state):
    with running(GlotipHandler, **state) as server, client or _client() as asking:
        server.faults.extend(faults)
        server.always = always
        return GlotipSource(server.address).fetch(asking), server


def _read(table=TABLE):
    return GlotipSource().read(workbook({"data_glotip_1": table}), "data_glotip.xlsx")


def _csv(rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _changed(column: str, value: object) -> list[list[object]]:
    table = copy.deepcopy(TABLE)
    table[3][HEADER.index(column)] = value
    return table


def _renamed(column: str) -> list[list[object]]:
    return [["new name" if cell == column else cell for cell in row] for row in TABLE]


def test_the_file_is_asked_and_read() -> None:
    (file,), server = _fetch()
    assert [c.path for c in server.calls] == [PATH]
    assert GlotipSource().read(file.content, file.name).equals(_read())


def test_rows_have_the_shape_of_published_tables() -> None:
    frame = _read()
    assert tuple(frame.columns) == COLUMNS
    assert not frame.duplicated(KEYS).any()
    assert set(frame["source_id"]) == {"unodc-glotip"}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("detected_victims_persons", "MK", "total", 2022), ("9", "value", "")),
        (("detected_victims_persons", "MK", "female", 2022), ("8", "value", "")),
        (("detected_victims_persons", "MK", "male", 2022), ("", "suppressed", "<5 as published")),
        (("detected_victims_persons", "AL", "total", 2021), ("1097", "value", "")),
        (("convicted_persons", "RS", "total", 2020), ("", "suppressed", "<5 as published")),
        (("prosecuted_persons", "BA", "total", 2020), ("12", "value", "")),
        (("formal_contact_persons", "ME", "total", 2020), ("6", "value", "")),
        (("recorded_trafficking_offences", "ME", "total", 2020), ("6", "value", "")),
    ],
)
def test_each_population_keeps_its_name_and_state(key, expected) -> None:
    row = _read().set_index(KEYS).loc[(*key[:3], f"{key[3]}-01-01")]
    assert (row["value"], row["state"], row["note"]) == expected


def test_a_missing_row_is_not_made_a_zero() -> None:
    frame = _read()
    assert len(frame) == 8
    assert "zero" not in set(frame["state"])


def test_what_has_no_place_is_counted() -> None:
    assert _read().attrs["set_aside"] == {
        "by age": 1,
        "by citizenship": 1,
        "by form of exploitation": 1,
        "sex: Other": 1,
    }


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_gives_what_xlsx_gives(mark) -> None:
    frame = GlotipSource().read(mark + _csv([HEADER, *BODY]), "glotip.csv")
    assert frame.equals(_read())


@pytest.mark.parametrize(
    "column",
    ["Indicator", "Dimension", "Category", "Sex", "Age", "Year", "Unit of measurement", "txtVALUE"],
)
def test_a_renamed_column_is_named(column) -> None:
    with pytest.raises(Reshaped, match=f"has no column '{column}', expected Iso3_code"):
        _read(_renamed(column))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (_renamed("Iso3_code"), "has no header row with the word 'Iso3_code'"),
        (_changed("Indicator", "Victims"), "has the indicator 'Victims' in 'Counts', expected"),
        (_changed("Unit of measurement", "Rate"), "in 'Rate', expected .* in 'Counts'"),
        (_changed("Year", "2021/22"), "has '9' for MKD in '2021/22', expected a whole number"),
        (_changed("txtVALUE", "5 to 9"), "has '5 to 9' for MKD in '2022', expected .* range"),
        (_changed("txtVALUE", None), "has '' for MKD in '2022', expected a whole number"),
        ([*TABLE, record("MKD", DETECTED, "Total", 2022, "10")], "sex 'Total', twice"),
        (TABLE[:3], "has no totals of MKD, SRB, ALB, BIH, MNE"),
    ],
)
def test_every_drift_is_named(table, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        _read(table)


def test_another_sheet_is_named() -> None:
    with pytest.raises(Reshaped, match="has the sheets 'Data', expected 'data_glotip_1'"):
        _fetch(sheet="Data")


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1", b'"open'])
def test_what_is_neither_xlsx_nor_csv_is_refused(content) -> None:
    with pytest.raises(Reshaped, match="a.csv is neither xlsx nor csv in UTF-8"):
        GlotipSource().read(content, "a.csv")


@pytest.mark.parametrize(
    ("fault", "kind", "sentence"),
    [
        ("403", Refused, "status 403"),
        ("500", Unreachable, "status 500"),
        ("cut", CutShort, "ended before its answer was whole"),
        ("broken", Reshaped, "cannot be opened as a workbook"),
        ("html", Reshaped, "web page"),
        ("html-as-json", Reshaped, "web page"),
    ],
)
def test_what_goes_wrong_is_told_by_kind(fault, kind, sentence) -> None:
    with pytest.raises(kind, match=sentence):
        _fetch(always=fault)


def test_a_slow_workbook_ends_at_the_deadline() -> None:
    with pytest.raises(Unreachable, match="within 0.2 seconds"):
        _fetch(client=_client(deadline=0.2), always="trickle")


def test_busy_and_broken_servers_are_asked_again() -> None:
    waited: list[float] = []
    files, server = _fetch(client=_client(sleep=waited.append), faults=["429", "500"])
    assert (len(files), len(server.calls)) == (1, 3)
    assert waited[0] == pytest.approx(1)


def test_right_bytes_count_whatever_they_are_called() -> None:
    (file,), _ = _fetch(always="type")
    assert GlotipSource().read(file.content, file.name).equals(_read())


def test_the_real_rows_give_the_known_totals(checkout) -> None:
    path = checkout.parent / "shared" / "data" / "files" / "glotip_western_balkans_raw.csv"
    if not path.is_file():
        pytest.skip("the real files of ../shared are not on this machine; the hand-made ones ran")
    frame = GlotipSource().read(path.read_bytes(), path.name)
    assert frame["state"].value_counts().to_dict() == {"value": 346, "suppressed": 150}
    assert frame.attrs["set_aside"]["by age"] == 557
    totals = frame[frame["sex"] == "total"].set_index(["indicator_id", "area_id", "period_start"])
    detected = totals.loc["detected_victims_persons"]
    assert len(detected) == 73
    assert detected.loc[("AL", "2008-01-01"), "value"] == "108"
    assert detected.loc[("MK", "2022-01-01"), "value"] == "9"
