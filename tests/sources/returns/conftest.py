"""Returns as their senders would write them, made in memory."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from analysis.sources.returns.personal import WEIGHTS

TEAM_HEADER = ("Team", "Month", "Stage", "Sex", "Age", "Origin", "Number of persons")
TEAM_ROWS = (
    ("Team 1", "2024-03", "potential", "f", "child", "national", 12),
    ("Team 1", "2024-03", "potential", "m", "child", "national", 0),
    ("Team 1", "2024-03", "identified", "f", "adult", "foreign", "<5"),
    ("Team 2", "2024-03", "potential", "f", "child", "national", ".."),
    ("Team 2", "2024-03", "identified", "f", "child", "national", "-"),
    ("Team 2", "2024-03", "vulnerable", "m", "adult", "national", None),
)


def workbook(*sheets, shape=None, **options) -> bytes:
    """Write sheets, each a name and its rows; `shape` may change the workbook before it closes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(line, place, cell)
                    elif cell is not None:
                        sheet.write(line, place, cell)
        if shape:
            shape(book)
    return out.getvalue()


def made_up_number(first: str = "010199045000") -> str:
    """Complete twelve digits that are nobody's by their check digit."""
    rest = sum(w * int(d) for w, d in zip(WEIGHTS, first, strict=True)) % 11
    return first + str(11 - rest if rest > 1 else 0)


@pytest.fixture
def received(tmp_path):
    return tmp_path / "received"


@pytest.fixture
def make_book():
    return workbook


@pytest.fixture
def team_rows():
    return [TEAM_HEADER, *TEAM_ROWS]


@pytest.fixture
def team_book(team_rows):
    return workbook(("March", team_rows))


@pytest.fixture
def number():
    return made_up_number()
