"""The stock of migrants is read by code, by sex and without aggregates."""

from __future__ import annotations

import copy

import pytest
from servers.faults import running
from servers.frontex import workbook
from servers.undesa import HEADER_ROW, PATH, TABLE, UnDesaHandler, line

from analysis.sources.client import Client
from analysis.sources.protocol import CutShort, Refused, Reshaped, Unreachable
from analysis.sources.published import COLUMNS
from analysis.sources.undesa import UnDesaSource, iso_codes

KEYS = ["indicator_id", "area_id", "origin", "sex", "period_start"]


def _client(**options) -> Client:
    return Client(**{"sleep": lambda _: None, **options})


def _fetch(client=None, faults=(), always="right", **state):
    with running(UnDesaHandler, **state) as server, client or _client() as asking:
        server.faults.extend(faults)
        server.always = always
        return UnDesaSource(server.address).fetch(asking), server


def _read(table=TABLE, sheet="Table 1"):
    return UnDesaSource().read(workbook({sheet: table}), "ims.xlsx")


def _with_header(place: int, value: object) -> list[list[object]]:
    table = copy.deepcopy(TABLE)
    table[HEADER_ROW - 1][place] = value
    return table


def _without(to: int, origin: int) -> list[list[object]]:
    return [row for row in TABLE if len(row) < 7 or (row[4], row[6]) != (to, origin)]


def test_the_workbook_is_asked_like_a_browser() -> None:
    (file,), server = _fetch()
    assert [c.path for c in server.calls] == [PATH]
    assert file.published == "2024"
    assert UnDesaSource().read(file.content, file.name).equals(_read())


def test_rows_have_the_shape_of_published_tables() -> None:
    frame = _read()
    assert tuple(frame.columns) == COLUMNS
    assert not frame.duplicated(KEYS).any()
    assert set(frame["status"]) == {"estimate"}
    assert set(frame["source_id"]) == {"undesa-ims-2024"}


@pytest.mark.parametrize(
    ("indicator", "origin", "sex", "expected"),
    [
        ("immigrant_stock_persons", "total", "total", ("130", "value")),
        ("immigrant_stock_persons", "total", "female", ("80", "value")),
        ("immigrant_stock_persons", "ALB", "male", ("30", "value")),
        ("immigrant_stock_persons", "SRB", "male", ("0", "zero")),
        ("immigrant_stock_persons", "TUR", "total", ("", "no_data")),
        ("emigrant_stock_persons", "total", "total", ("610", "value")),
    ],
)
def test_each_cell_keeps_its_place(indicator, origin, sex, expected) -> None:
    row = _read().set_index(KEYS).loc[(indicator, "MK", origin, sex, "2024-07-01")]
    assert (row["value"], row["state"]) == expected


def test_aggregates_and_other_origins_are_dropped() -> None:
    frame = _read()
    ours = frame[(frame["area_id"] == "MK") & (frame["indicator_id"] == "immigrant_stock_persons")]
    assert set(ours["origin"]) == {"total", "ALB", "SRB", "TUR"}
    assert set(frame["area_id"]) == {"MK", "RS", "AL", "BA", "ME"}


def test_kosovo_is_read_where_it_has_rows() -> None:
    frame = _read([*TABLE, line(412, 900, 3, 4), line(807, 412, 1, 1)])
    assert "XK" in set(frame["area_id"])
    assert "XKX" in set(frame["origin"])


def test_codes_written_as_text_are_codes() -> None:
    table = [[str(c) if i in {4, 6} else c for i, c in enumerate(row)] for row in TABLE]
    assert _read(table).equals(_read())


def test_thousands_may_be_set_off() -> None:
    row = [*line(499, 40, 600, 634)[:7], *["1,234"] * 8, *["600"] * 8, *["634"] * 8]
    frame = _read([*_without(499, 900), line(499, 900, 600, 634), row]).set_index(KEYS)
    key = ("immigrant_stock_persons", "ME", "AUT", "total", "2020-07-01")
    assert frame.loc[key, "value"] == "1234"


def test_codes_of_countries_are_known_and_of_regions_not() -> None:
    codes = iso_codes()
    assert [codes[c] for c in (4, 8, 70, 276, 412, 499, 688, 807)] == [
        *["AFG", "ALB", "BIH", "DEU", "XKX", "MNE", "SRB", "MKD"]
    ]
    # Regions that stand below 900 in the same column of the file.
    assert not {2, 9, 19, 39, 142, 150, 155, 419, 900} & set(codes)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (_with_header(4, "Code"), "no header row with the word 'Location code of destination'"),
        (_with_header(6, "Code"), "has no column 'Location code of origin'"),
        (_with_header(14, 2025), "has the years 1990, .*2025, .*expected 1990, .* three times"),
        (_with_header(30, "2024 (women)"), "has the years .* A new edition needs a new reader"),
        (_without(807, 900), "lacks MK .M49 807. as destination of, or origin in, the World"),
        (_without(900, 499), "lacks ME .M49 499."),
        ([*TABLE, line(807, 276, 500, 500)], "The origins give 1079, more than the 130 of MK"),
    ],
)
def test_every_drift_is_named(table, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        _read(table)


def test_columns_of_sexes_in_another_order_are_noticed() -> None:
    table = _without(807, 900)
    row = line(807, 900, 50, 80)
    turned = [*row[:7], *row[15:23], *row[23:31], *row[7:15]]
    with pytest.raises(Reshaped, match=r"Men \(80\) and women \(130\) give not the 50 of MK, 1990"):
        _read([*table, turned])


def test_a_cell_that_is_no_number_is_named() -> None:
    row = [*line(807, 40, 1, 1)[:-1], "about 5"]
    with pytest.raises(Reshaped, match="has the cell 'about 5', expected a whole number"):
        _read([*TABLE, row])


def test_another_sheet_is_named() -> None:
    with pytest.raises(Reshaped, match="has the sheets 'Contents', 'Table 2', expected 'Table 1'"):
        _fetch(sheet="Table 2")


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
    assert UnDesaSource().read(file.content, file.name).equals(_read())
