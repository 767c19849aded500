"""Cells: five states, numbers with either mark, dates, choices; nothing is guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.sources.returns.cells import CellError, read_cell, safe_cell, shown
from analysis.sources.returns.columns import Column
from analysis.sources.returns.kinds import find_kind
from analysis.sources.returns.periods import period_days, read_date, read_period

COUNT = Column("n", "Number", (), "count")
AMOUNT = Column("amount", "Amount", (), "amount")
NUMBER = Column("value", "Value", (), "number")


@pytest.mark.parametrize(
    ("raw", "value", "state"),
    [
        (12.0, 12.0, "value"),
        ("12", 12.0, "value"),
        (0, 0.0, "zero"),
        ("0", 0.0, "zero"),
        ("<5", None, "suppressed"),
        ("< 10", None, "suppressed"),
        ("×", None, "suppressed"),
        ("-", None, "not_applicable"),
        ("–", None, "not_applicable"),
        ("..", None, "no_data"),
        (":", None, "no_data"),
        ("н.д.", None, "no_data"),
        ("", None, "no_data"),
        (None, None, "no_data"),
    ],
)
def test_five_states_stay_apart(raw, value, state) -> None:
    cell = read_cell(COUNT, raw)
    assert (cell.value, cell.state) == (value, state)


def test_a_dash_is_zero_only_where_its_sender_said_so() -> None:
    assert read_cell(COUNT, "-", dash="zero").state == "zero"
    assert read_cell(COUNT, "-", dash="no_data").state == "no_data"


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (AMOUNT, "1,5", 1.5),
        (AMOUNT, "1.5", 1.5),
        (AMOUNT, "1.234,56", 1234.56),
        (AMOUNT, "1,234.56", 1234.56),
        (AMOUNT, "1 234,5", 1234.5),
        (AMOUNT, "1\u00a0234\u00a0567", 1234567.0),
        (AMOUNT, "0,125", 0.125),
        (AMOUNT, "1.234.567", 1234567.0),
        (COUNT, "98.104", 98104.0),
        (COUNT, "98,104", 98104.0),
        (NUMBER, "−6,9 %", -6.9),
    ],
)
def test_numbers_are_read_with_either_mark(column, text, value) -> None:
    assert read_cell(column, text).value == value


@pytest.mark.parametrize(
    ("column", "raw", "said"),
    [
        (AMOUNT, "1.234", "'1.234' may be thousands or decimals. Write the number without"),
        (AMOUNT, "12,500", "may be thousands or decimals"),
        (COUNT, "12,5", "'12,5' is not a whole number, and this column counts."),
        (COUNT, -3, "'-3' is below zero, which cannot be here."),
        (COUNT, "about 12", "'about 12' is not a number."),
        (COUNT, "1.2.3", "is not a number"),
        (COUNT, True, "the cell holds a date or a yes/no"),
        (COUNT, dt.date(2024, 3, 1), "the cell holds a date or a yes/no"),
        (COUNT, float("inf"), "is not a number that can be kept"),
        (COUNT, float("nan"), "is not a number that can be kept"),
        (COUNT, "#REF!", "'#REF!' is not a number."),
        (COUNT, "x", "'x' is not a number."),
        (COUNT, "12 %", "'12 %' is not a number."),
        (COUNT, "١٢", "is not a number"),
    ],
)
def test_what_is_no_number_says_why(column, raw, said) -> None:
    with pytest.raises(CellError, match=said):
        read_cell(column, raw)


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("31.12.2024", "2024-12-31"),
        ("1. 2. 2024 г.", "2024-02-01"),
        ("2024-12-31", "2024-12-31"),
        (dt.date(2024, 12, 31), "2024-12-31"),
        (dt.datetime(2024, 12, 31), "2024-12-31"),  # noqa: DTZ001 - as a spreadsheet holds it
        ("3/4/2024", ""),
        ("31.02.2024", ""),
        ("1.1.0024", ""),
        (45000, ""),
    ],
)
def test_dates_are_read_where_they_mean_one_day(raw, date) -> None:
    assert read_date(raw) == date


@pytest.mark.parametrize(
    ("raw", "period", "days"),
    [
        ("2024", "2024", ("2024-01-01", "2024-12-31")),
        (2024.0, "2024", ("2024-01-01", "2024-12-31")),
        ("03.2024", "2024-03", ("2024-03-01", "2024-03-31")),
        (dt.date(2024, 2, 1), "2024-02", ("2024-02-01", "2024-02-29")),
        ("2024-Q4", "2024-Q4", ("2024-10-01", "2024-12-31")),
        ("IV/2024", "2024-Q4", ("2024-10-01", "2024-12-31")),
        ("К2 2024", "2024-Q2", ("2024-04-01", "2024-06-30")),
        ("2018-03..2018-12", "2018-03..2018-12", ("2018-03-01", "2018-12-31")),
        ("13.2024", "", ("", "")),
        ("spring", "", ("", "")),
        ("2018-12..2018-03", "", ("", "")),
    ],
)
def test_periods_are_read_as_people_write_them(raw, period, days) -> None:
    assert read_period(raw) == period
    assert period_days(period) == days


@pytest.mark.parametrize("text", ["f", "female", "ж", "Женски", "ženski", "femër", "F"])
def test_a_choice_is_read_in_four_languages(text) -> None:
    assert read_cell(find_kind("mobile_team_month").column("sex"), text).text == "f"


@pytest.mark.parametrize("text", ["MK-703", "Куманово", "Kumanovo", "Kumanova", "kumanovo"])
def test_an_area_is_read_in_two_scripts(text) -> None:
    assert read_cell(find_kind("indicator_table").column("area"), text).text == "MK-703"


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("area", "Atlantis", "'Atlantis' is not an area of the catalogue"),
        ("area", "x" * 5000, "is not an area of the catalogue"),
        ("indicator_id", "made_up", "'made_up' is not the code of an indicator"),
        ("period_start", "soon", "'soon' is not a date. Write 31.12.2024 or 2024-12-31."),
        ("citizenship", "Afghan", "'AFGHAN' is not a country code|'Afghan' is not a country code"),
        ("sex", "green", "'green' is not one of the choices of this column: total, f, m, unknown"),
        ("source", None, "The cell is blank and its column may not be."),
        ("source", True, "True or false is no answer"),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_was_expected(name, raw, said) -> None:
    with pytest.raises(CellError, match=said):
        read_cell(find_kind("indicator_table").column(name), raw)


@pytest.mark.parametrize("text", ["=1+1", "+A1", "@SUM(A1)", "-2+3", "\t=1", "  =1", "=cmd|'x'!A1"])
def test_a_text_that_would_compute_is_neutralised_and_read_back(text) -> None:
    safe = safe_cell(text)
    assert safe.startswith("'")
    assert shown(safe) in {text, text.strip()}


@pytest.mark.parametrize("text", ["-5", "-", "Kumanovo", "", "−", "-1,5"])
def test_an_ordinary_text_stays(text) -> None:
    assert safe_cell(text) == text
