"""The newest workbook is found, its layout is held against what is known, blanks are no zeros."""

from __future__ import annotations

import copy

import pandas as pd
import pytest
from servers.faults import running
from servers.frontex import NEWEST, PAGE, TABLE, FrontexHandler, workbook

from analysis.sources.client import Client
from analysis.sources.frontex import FrontexSource
from analysis.sources.protocol import CutShort, Refused, Reshaped, Unreachable
from analysis.sources.published import COLUMNS


def _client(**options) -> Client:
    return Client(**{"sleep": lambda _: None, **options})


def _fetch(client=None, faults=(), **state):
    with running(FrontexHandler, **state) as server, client or _client() as asking:
        server.faults.extend(faults)
        return FrontexSource(server.address).fetch(asking), server


def _read(table, sheet="Detections_of_IBC", name=NEWEST) -> pd.DataFrame:
    return FrontexSource().read(workbook({sheet: table}), name)


def _changed(row: int, column: int, value: object) -> list[list[object]]:
    table = copy.deepcopy(TABLE)
    table[row][column] = value
    return table


def test_the_newest_workbook_is_read() -> None:
    (file,), server = _fetch()
    assert [c.path for c in server.calls] == [PAGE, f"/assets/Migratory_routes/2026/{NEWEST}"]
    assert {c.method for c in server.calls} == {"GET"}
    assert (file.name, file.published) == (NEWEST, "2026-09-02")
    assert FrontexSource().read(file.content, file.name).equals(_read(TABLE))


def test_a_month_sums_the_cells_that_hold_a_number() -> None:
    frame = _read(TABLE)
    assert tuple(frame.columns) == COLUMNS
    months = ["2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28"]
    assert frame["period_end"].tolist() == months
    assert frame["value"].tolist() == ["115", "10", "0", ""]
    assert frame["state"].tolist() == ["value", "value", "zero", "no_data"]
    assert frame["note"].tolist() == [
        "",
        "1 of 3 cells are blank and not counted",
        "1 of 3 cells are blank and not counted",
        "3 of 3 cells are blank and not counted",
    ]
    assert set(frame["area_id"]) == {"ROUTE-WB"}
    assert set(frame["indicator_id"]) == {"route_detections_crossings"}
    assert set(frame["status"]) == {"provisional"}
    assert frame.loc[0, "locator"].startswith("Monthly detections of IBC of 2026-09-02, sheet")


def test_thousands_may_be_set_off() -> None:
    assert _read(_changed(2, 3, "1,014")).loc[0, "value"] == "1115"


def test_an_older_name_of_a_column_is_known() -> None:
    assert _read(_changed(1, 2, "Nationality")).equals(_read(TABLE))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (TABLE[2:], "has no header row with the word 'Route'"),
        (_changed(1, 0, "Path"), "has no header row with the word 'Route'"),
        (_changed(1, 1, "Border"), "has the columns Route, Border, .*expected BorderType"),
        (_changed(1, 2, "Citizenship"), "expected NationalityLong or Nationality"),
        (_changed(1, 3, "2025-11"), "has a column '2025-11', expected months such as JAN2009"),
        (_changed(1, 3, "NOW2025"), "'NOW2025' is not a month"),
        (_changed(1, 3, "OCT2025"), "run from 2025-10 to 2026-02 with a gap or twice"),
        (_changed(1, 6, "JAN2026"), "run from 2025-11 to 2026-01 with a gap or twice"),
        (_changed(1, 6, "Total"), "has a column 'Total', expected months"),
        ([r[:3] for r in TABLE], "has no column of a month"),
        (_changed(4, 1, "Total"), "a row of the border type 'Total'.*may count twice"),
        (_changed(4, 2, "Grand Total"), "the nationality 'Grand Total'.*no totals"),
        (_changed(2, 3, "<10"), "has the cell '<10', expected a whole number or a blank"),
        (_changed(2, 3, 1.5), "has the cell 1.5, expected a whole number"),
        ([*TABLE[:2], TABLE[5]], "has no rows of 'Western Balkan Route'"),
    ],
)
def test_every_drift_is_named(table, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        _read(table)


def test_another_sheet_is_named() -> None:
    with pytest.raises(Reshaped, match="has the sheets 'Notes', 'Data', expected 'Detections_of"):
        _fetch(sheet="Data")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf<html>", workbook({"a": []})[:400]])
def test_what_is_no_workbook_is_refused(content) -> None:
    with pytest.raises(Reshaped, match="a.xlsx cannot be opened as a workbook"):
        FrontexSource().read(content, "a.xlsx")


def test_a_page_without_the_link_is_named() -> None:
    with pytest.raises(Reshaped, match="holds no link such as /assets/Migratory_routes/2026"):
        _fetch(page="<html><a href='/assets/other.xlsx'>new</a></html>")


@pytest.mark.parametrize(
    ("faults", "kind", "sentence"),
    [
        (["403"], Refused, "status 403"),
        (["right", "403"], Refused, "status 403"),
        (["html"], Reshaped, "holds no link"),
        (["right", "html"], Reshaped, "web page"),
        (["right", "html-as-json"], Reshaped, "web page"),
        (["right", "broken"], Reshaped, "cannot be opened as a workbook"),
        (["right", *["cut"] * 4], CutShort, "ended before its answer was whole"),
    ],
)
def test_what_goes_wrong_is_told_by_kind(faults, kind, sentence) -> None:
    with pytest.raises(kind, match=sentence):
        _fetch(faults=faults)


def test_a_slow_workbook_ends_at_the_deadline() -> None:
    with pytest.raises(Unreachable, match="within 0.4 seconds"):
        _fetch(client=_client(deadline=0.4), faults=["right", "trickle"])


def test_busy_and_broken_servers_are_asked_again() -> None:
    waited: list[float] = []
    files, server = _fetch(client=_client(sleep=waited.append), faults=["429", "right", "500"])
    assert (len(files), len(server.calls)) == (1, 4)
    assert waited[0] == pytest.approx(1)


def test_right_bytes_count_whatever_they_are_called() -> None:
    (file,), _ = _fetch(faults=["type", "type"])
    assert FrontexSource().read(file.content, file.name).equals(_read(TABLE))


def test_the_real_route_gives_the_published_months(checkout) -> None:
    path = checkout.parent / "shared" / "data" / "files" / "frontex_wb_monthly.csv"
    if not path.is_file():
        pytest.skip("the real files of ../shared are not on this machine; the hand-made ones ran")
    long = pd.read_csv(path)
    long["month"] = pd.to_datetime(long["month"]).dt.strftime("%b%Y").str.upper()
    wide = long.pivot_table(
        index=["route", "border_type", "nationality_iso3"],
        columns="month",
        values="detections",
        sort=False,
    )
    months = sorted(wide.columns, key=lambda m: pd.to_datetime(m, format="%b%Y"))
    body = wide[months].reset_index().astype(object)
    head = ["Route", "BorderType", "Nationality", *months]
    table = [[], head, *body.where(body.notna(), None).to_numpy().tolist()]
    frame = _read(table)
    published = pd.read_csv(checkout / "data_raw" / "published" / "route_detections.csv", dtype=str)
    both = published.merge(frame, on=["area_id", "period_start"], suffixes=("", "_read"))
    assert len(both) == len(published) == 196
    assert (both["value"] == both["value_read"]).all()
