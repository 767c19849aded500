"""Returns as their senders would write them, made in memory."""

from __future__ import annotations

import io
import struct

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
                fill(sheet, line, row)
        if shape:
            shape(book)
    return out.getvalue()


def fill(sheet, line, row):
    for place, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(line, place, cell)
        elif cell is not None:
            sheet.write(line, place, cell)


def record(code: int, data: bytes) -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def old_workbook(rows) -> bytes:
    """Write one sheet as XLS: the records of BIFF8 in a compound file, no more than is needed."""
    end = record(0x0A, b"")
    cells = b"".join(
        record(0x203, struct.pack("<HHHd", line, place, 0, cell))
        if isinstance(cell, int | float)
        else record(
            0x204,
            struct.pack("<HHHHB", line, place, 0, len(cell), 1) + cell.encode("utf-16-le"),
        )
        for line, row in enumerate(rows)
        for place, cell in enumerate(row)
        if cell is not None
    )
    opening = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0))
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1997, 0, 0)) + cells + end
    start = len(opening) + 4 + 10 + len(end)
    bound = record(0x85, struct.pack("<IBBBB", start, 0, 0, 2, 0) + b"S1")
    stream = (opening + bound + end + sheet).ljust(4096, b"\0")
    return compound(stream)


def compound(stream: bytes) -> bytes:
    count = -(-len(stream) // 512)
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, last, *range(3, 2 + count), last]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, last, 0, last, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    entries = entry("Root Entry", 5, 1, last, 0) + entry("Workbook", 2, free, 2, len(stream))
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    return head + fat + entries.ljust(512, b"\0") + stream.ljust(count * 512, b"\0")


def entry(name: str, sort: int, child: int, start: int, size: int) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    tail = struct.pack("<HBBIII", len(wide), sort, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return wide.ljust(64, b"\0") + tail + bytes(36) + struct.pack("<IQ", start, size)


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
def make_old_book():
    return old_workbook


@pytest.fixture
def team_rows():
    return [TEAM_HEADER, *TEAM_ROWS]


@pytest.fixture
def team_book(team_rows):
    return workbook(("March", team_rows))


@pytest.fixture
def number():
    return made_up_number()
