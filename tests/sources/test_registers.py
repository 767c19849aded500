"""A register is counted where it lies: every row is counted or rejected, and none is kept."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.sources import registers
from analysis.sources.published import COLUMNS
from analysis.sources.registers import (
    RegisterColumn,
    RegisterError,
    RegisterSpec,
    aggregate_register,
    count_register,
)

if TYPE_CHECKING:
    from pathlib import Path

POINTS = {"GEV": "MK-405", "BOG": "MK-405", "TAB": "MK-703"}
HEADER = "date,border_point,direction,citizenship,sex,age_band,persons"


def spec(**changes) -> RegisterSpec:
    given_columns = {
        "columns": (
            RegisterColumn("date", "date"),
            RegisterColumn("border_point", "area", POINTS),
            RegisterColumn("direction", "indicator", {"in": "entries", "out": "exits"}),
            RegisterColumn("citizenship", "citizenship", {"MKD": "MKD", "SRB": "SRB"}),
            RegisterColumn("sex", "sex", {"F": "female", "M": "male"}),
            RegisterColumn("age_band", "unused"),
            RegisterColumn("persons", "count"),
        ),
        "source_id": "border-police",
    }
    return RegisterSpec(**given_columns | changes)


def write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "crossings.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_rows_become_counts_by_area_period_and_dimension(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "2024-01-31,GEV,in,MKD,F,15-29,3",
        "2024-12-31,BOG,in,MKD,F,30-44,4",
        "2025-01-01,GEV,in,MKD,F,30-44,5",
        "2024-06-01,TAB,out,SRB,M,30-44,0",
    )
    frame = aggregate_register(path, spec())
    assert tuple(frame.columns) == COLUMNS
    shown = frame[["indicator_id", "area_id", "period_start", "period_end", "value", "state"]]
    assert shown.to_numpy().tolist() == [
        ["entries", "MK-405", "2024-01-01", "2024-12-31", 7, "value"],
        ["entries", "MK-405", "2025-01-01", "2025-12-31", 5, "value"],
        ["exits", "MK-703", "2024-01-01", "2024-12-31", 0, "zero"],
    ]
    assert set(frame["origin"]) == {"total"}
    assert frame.attrs == {"rows_read": 4, "rows_counted": 4, "rejected": {}}


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("year", "2024-01-01", "2024-12-31"),
        ("quarter", "2024-01-01", "2024-03-31"),
        ("month", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_period_begins_and_ends_as_the_calendar_has_it(
    tmp_path: Path, period: str, start: str, end: str
) -> None:
    path = write(tmp_path, "2024-02-29,GEV,in,MKD,F,15-29,3")
    row = aggregate_register(path, spec(period=period)).iloc[0]
    assert (row["period_start"], row["period_end"]) == (start, end)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("31.01.2024,GEV,in,MKD,F,15-29,3", "no readable date"),
        ("2024-02-30,GEV,in,MKD,F,15-29,3", "no readable date"),
        ("2924-02-01,GEV,in,MKD,F,15-29,3", "no readable date"),
        (",GEV,in,MKD,F,15-29,3", "no readable date"),
        ("2024-01-31,XXX,in,MKD,F,15-29,3", "unknown code in border_point"),
        ("2024-01-31,gev,in,MKD,F,15-29,3", "unknown code in border_point"),
        ("2024-01-31,GEV,,MKD,F,15-29,3", "unknown code in direction"),
        ("2024-01-31,GEV,in,MKD,X,15-29,3", "unknown code in sex"),
        ("2024-01-31,GEV,in,MKD,F,15-29,", "no count"),
        ("2024-01-31,GEV,in,MKD,F,15-29,3.7", "the count is not a whole number"),
        ("2024-01-31,GEV,in,MKD,F,15-29,1e3", "the count is not a whole number"),
        ("2024-01-31,GEV,in,MKD,F,15-29,many", "the count is not a whole number"),
        ("2024-01-31,GEV,in,MKD,F,15-29,-1", "the count is negative"),
        ("2024-01-31,GEV,in,MKD,F", "the line does not have the fields of the header"),
        ("2024-01-31,GEV,in,MKD,F,15-29,3,9", "the line does not have the fields of the header"),
        ("", "the line does not have the fields of the header"),
    ],
)
def test_a_row_that_cannot_be_read_is_counted_under_its_reason(
    tmp_path: Path, line: str, reason: str
) -> None:
    good = "2024-01-31,GEV,in,MKD,F,15-29,3"
    counts = count_register(write(tmp_path, good, line, good), spec())
    assert counts.rejected == {reason: 1}
    assert (counts.rows_read, counts.rows_counted, counts.rows_rejected) == (3, 2, 1)
    assert counts.frame["value"].tolist() == [6]


def test_a_register_without_one_good_row_gives_no_observation(tmp_path: Path) -> None:
    counts = count_register(write(tmp_path, "x,x,x,x,x,x,x"), spec())
    assert tuple(counts.frame.columns) == COLUMNS
    assert counts.frame.empty
    assert counts.rows_rejected == counts.rows_read == 1


def test_every_row_counts_one_where_there_is_no_column_of_counts(tmp_path: Path) -> None:
    path = write(tmp_path, "05.01.2024;GEV", "06.01.2024;TAB", "07.01.2024;TAB", header="day;point")
    plain = RegisterSpec(
        (RegisterColumn("day", "date"), RegisterColumn("point", "area", POINTS)),
        source_id="border-police",
        indicator_id="border_crossings",
        date_format="%d.%m.%Y",
        delimiter=";",
    )
    frame = aggregate_register(path, plain)
    assert frame.set_index("area_id")["value"].to_dict() == {"MK-405": 1, "MK-703": 2}
    assert set(frame["indicator_id"]) == {"border_crossings"}


def test_a_path_with_signs_of_a_pattern_is_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "a[b]*'c"
    folder.mkdir()
    path = write(folder, "2024-01-31,GEV,in,MKD,F,15-29,3")
    assert count_register(path, spec()).rows_counted == 1


@pytest.mark.parametrize(
    "column",
    ["name", "First_Name", "lastName", "ЕМБГ", "embg", "Презиме", "mbiemri", "E-mail", "phone_no"],
)
def test_a_personal_column_is_refused_by_its_name(tmp_path: Path, column: str) -> None:
    path = write(tmp_path, "2024-01-31,x", header=f"date,{column}")
    with pytest.raises(RegisterError, match=f"has a column '{column}', which is personal"):
        count_register(path, spec())


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("0101990450012", "a 13-digit number"),  # made-up number
        ("somebody@example.org", "an e-mail address"),
        ("+389 70 123 456", "a telephone number"),
        ("070 123 456", "a telephone number"),
    ],
)
def test_a_personal_value_is_refused_and_not_repeated(
    tmp_path: Path, value: str, what: str
) -> None:
    path = write(tmp_path, f"2024-01-31,GEV,in,MKD,F,{value},3")
    with pytest.raises(RegisterError, match=f"has {what} in its column 'age_band'") as caught:
        count_register(path, spec())
    assert value not in str(caught.value)


def test_a_column_of_names_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    lines = [f"2024-01-31,GEV,in,MKD,F,{a.upper()}na Petr{a}ska,1" for a in letters]
    with pytest.raises(RegisterError, match="what looks like names of persons"):
        count_register(write(tmp_path, *lines), spec())
    places = ["2024-01-31,GEV,in,MKD,F,Gorno Nerezi,1"] * 30
    assert count_register(write(tmp_path, *places), spec()).rows_counted == 30


def test_another_header_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "2024-01-31,GEV", header="date,border_point")
    with pytest.raises(RegisterError, match="begins with date, border_point. Expected exactly: da"):
        count_register(path, spec())
    with pytest.raises(RegisterError, match="'nowhere.csv' is not a file"):
        count_register(tmp_path / "nowhere.csv", spec())


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ([("a", "area", POINTS)], "0 columns are of kind 'date'. Name exactly one."),
        (
            [("d", "date", {}), ("a", "area", POINTS), ("s", "sex", POINTS), ("t", "sex", POINTS)],
            "More than one column is of kind 'sex'",
        ),
        ([("d", "date", {}), ("a", "area", {})], "Column 'a' has no codes"),
        ([("d", "date", {}), ("a", "area", POINTS)], "not said once what is counted"),
    ],
)
def test_a_spec_that_cannot_be_counted_is_refused(columns: list, sentence: str) -> None:
    with pytest.raises(RegisterError, match=sentence):
        spec(columns=tuple(RegisterColumn(*c) for c in columns))


def test_nothing_of_the_register_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(scratch)
    folder = tmp_path / "received"
    folder.mkdir()
    path = write(folder, *["2024-01-31,GEV,in,MKD,F,15-29,3"] * 5000)
    count_register(path, spec())
    assert list(scratch.iterdir()) == []
    assert list(folder.iterdir()) == [path]


def test_duckdb_may_reach_only_the_register(tmp_path: Path, monkeypatch) -> None:
    path = write(tmp_path, "2024-01-31,GEV,in,MKD,F,15-29,3")
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    for query in (
        f"FROM read_csv('{other}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ):
        monkeypatch.setattr(registers, "_query", lambda *_, query=query: query)
        with pytest.raises(RegisterError, match="could not be counted"):
            count_register(path, spec())
    assert not (tmp_path / "out.csv").exists()


CELL = st.tuples(
    st.sampled_from(["2023-12-31", "2024-01-01", "2024-02-29", "2024-02-30", "", "soon"]),
    st.sampled_from(["GEV", "BOG", "TAB", "XXX", ""]),
    st.sampled_from(["in", "out", "over"]),
    st.sampled_from(["MKD", "SRB", "?"]),
    st.sampled_from(["F", "M", ""]),
    st.just("15-29"),
    st.sampled_from(["0", "1", "7", "-2", "", "2.5", "x"]),
)


@given(rows=st.lists(CELL, max_size=40))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_sums_are_those_of_pandas_and_no_row_is_lost(tmp_path: Path, rows: list) -> None:
    path = write(tmp_path, *[",".join(row) for row in rows])
    counts = count_register(path, spec(period="month"))
    assert counts.rows_read == len(rows) == counts.rows_counted + counts.rows_rejected

    frame = pd.DataFrame(rows, columns=HEADER.split(","))
    fine = frame.loc[
        frame["date"].isin(["2023-12-31", "2024-01-01", "2024-02-29"])
        & frame["border_point"].isin(list(POINTS))
        & frame["direction"].isin(["in", "out"])
        & frame["citizenship"].isin(["MKD", "SRB"])
        & frame["sex"].isin(["F", "M"])
        & frame["persons"].isin(["0", "1", "7"])
    ]
    assert counts.rows_counted == len(fine)
    expected = (
        fine.assign(persons=fine["persons"].astype(int), area=fine["border_point"].map(POINTS))
        .groupby([fine["date"].str[:7], "area", "direction", "citizenship", "sex"])["persons"]
        .sum()
    )
    kinds = {"in": "entries", "out": "exits"}
    sexes = {"F": "female", "M": "male"}
    ours = counts.frame.assign(month=counts.frame["period_start"].str[:7])
    ours = ours.set_index(["month", "area_id", "indicator_id", "citizenship", "sex"])["value"]
    assert ours.to_dict() == {
        (day, area, kinds[way], who, sexes[sex]): value
        for (day, area, way, who, sex), value in expected.items()
    }


GOOD = b"2024-01-31,GEV,in,MKD,F,15-29,3"


@pytest.mark.parametrize(
    ("content", "read", "counted"),
    [
        (b"\r\n".join([HEADER.encode(), GOOD, GOOD, b""]), 2, 2),
        (b"\n".join([HEADER.encode(), GOOD, GOOD]), 2, 2),
        (b"\xef\xbb\xbf" + b"\n".join([HEADER.encode(), GOOD, b""]), 1, 1),
        (b"\n".join([HEADER.encode(), GOOD, b"2024-01-31,\xff\xfe,in,MKD,F,15-29,3"]), 2, 1),
        (b"\n".join([HEADER.encode(), GOOD, b'2024-01-31,"GEV","in",MKD,F,"a,b",3', b""]), 2, 2),
        (b"\n".join([HEADER.encode(), GOOD, b'2024-01-31,"GEV,in,MKD,F,15-29,3', b""]), 2, 1),
        (HEADER.encode(), 0, 0),
    ],
)
def test_lines_are_counted_however_the_file_was_saved(
    tmp_path: Path, content: bytes, read: int, counted: int
) -> None:
    path = tmp_path / "crossings.csv"
    path.write_bytes(content)
    counts = count_register(path, spec())
    assert (counts.rows_read, counts.rows_counted) == (read, counted)
    assert counts.rows_rejected == read - counted


def test_nothing_is_lost_where_a_quote_is_never_closed(tmp_path: Path) -> None:
    lines = [GOOD.decode()] * 5000
    lines[2000] = '2024-01-31,"GEV,in,MKD,F,15-29,3'
    counts = count_register(write(tmp_path, *lines), spec())
    assert counts.rows_read == 5000 == counts.rows_counted + counts.rows_rejected
    assert counts.rows_rejected > 0
    assert counts.frame["value"].sum() == 3 * counts.rows_counted
