"""Mutilated files: a sentence or a balanced report, never a traceback, never half a load."""

from __future__ import annotations

import io
import math
import random
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.sources.returns.importing import import_file
from analysis.sources.returns.kinds import find_kind
from analysis.sources.returns.ledger import active_rows, read_ledger
from analysis.sources.returns.remarks import ImportRefused

HEADER = ("Шифра на центарот", "Датум", "Кревети", "Присутни", "Пристигнати", "Заминати")
ROWS = [
    ("RC-01", "01.03.2024", 120, 87, 12, 10),
    ("RC-01", "02.03.2024", 120, "<5", "..", "-"),
    ("RC-02", "01.03.2024", 60, 0, None, 10),
    ("Вкупно", None, 300, 87, 12, 20),
]
STRANGE = st.sampled_from(
    ["", "-", "<5", "..", ":", "н.д.", "=1+1", "#REF!", "1,5", "1.234", "٣", "\u200b", "Вкупно",
     "RC-01", "01.03.2024", "Датум", "x" * 500, "'", '"', ";", "\t", "\n", "{", "}", "{cell}", "%",
     -1, 0, 1, 1.5, 1e15, 1e300, True],
)  # fmt: skip
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
MANY = settings(max_examples=2500, deadline=None, suppress_health_check=list(HealthCheck))
STATES = ("value", "zero", "suppressed", "no_data", "not_applicable")


def xlsx(rows) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("A")
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write(line, place, cell)
    return out.getvalue()


def text(rows, separator=";") -> bytes:
    lines = [separator.join("" if c is None else str(c) for c in row) for row in rows]
    return "\n".join(lines).encode()


WHOLE = xlsx([HEADER, *ROWS])
PLAIN = text([HEADER, *ROWS])


def outcome(content: bytes, name: str, kind: str | None = None):
    """Import in a folder of its own and hold what must hold whatever the file is."""
    folder = Path(tempfile.mkdtemp(prefix="patokaz-fuzz-"))
    received = folder / "received"
    try:
        report, sentence = attempt(content, name, kind, received)
        if report is None:
            assert sentence.endswith(".")
            assert not received.exists(), "a refused file leaves nothing on disk"
            return None
        assert report.rows_read == report.loaded + report.already_there + report.set_aside
        assert len({(a.sheet, a.row) for a in report.aside}) == report.set_aside
        ledger = read_ledger(received, report.kind)
        assert len(active_rows(ledger)) == report.loaded
        for column in (c.column_id for c in report.kind.columns if c.is_number):
            numbers, states = ledger[column], ledger[f"{column}_state"]
            assert states.isin(STATES).all()
            assert (numbers.notna() == states.isin(["value", "zero"])).all()
            assert ((numbers == 0) == states.eq("zero")).all()
        again = import_file(content, name, kind, received)
        assert again.loaded == 0
        assert again.already_there == report.loaded + report.already_there
        return report
    finally:
        shutil.rmtree(folder)


def attempt(content, name, kind, received):
    try:
        return import_file(content, name, kind, received), ""
    except ImportRefused as refused:
        return None, str(refused)


def flipped(content: bytes, seed: int, cuts: int) -> bytes:
    chance = random.Random(seed)  # noqa: S311 - damage, not a secret
    data = bytearray(content)
    for _ in range(1 + seed % 8):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: max(len(data) - cuts, 1)])


def unpacked_and_flipped(content: bytes, seed: int) -> bytes:
    """Damage the parts of an archive and pack it anew, so that the damage reaches the readers."""
    chance = random.Random(seed)  # noqa: S311 - damage, not a secret
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        hurt = chance.choice(names)
        for name in names:
            data = old.read(name)
            if name == hurt and data:
                at = chance.randrange(len(data))
                data = chance.choice(
                    [data[:at], data[:at] + data[at + 5 :], data[:at] + b"9" + data[at:],
                     data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :], b"",
                     data[:at] + data[at // 2 :], data.replace(b"<v>", b"<v>9", at % 3)]
                )  # fmt: skip
            if chance.random() > 0.02:
                new.writestr(name, data)
    return out.getvalue()


def flip_bytes(seed, cuts):
    outcome(flipped(WHOLE, seed, cuts), "a.xlsx")
    outcome(flipped(PLAIN, seed, cuts // 8), "a.csv")


def flip_old_bytes(old_book, seed):
    outcome(flipped(old_book, seed, 0), "a.xls")


def flip_parts(seed):
    outcome(unpacked_and_flipped(WHOLE, seed), "a.xlsx")


def shuffle_cells(rows, order):
    whole = [HEADER, *rows]
    order.shuffle(whole)
    for content, name in ((xlsx(whole), "a.xlsx"), (text(whole), "a.csv")):
        report = outcome(content, name, "reception_day")
        if report is not None and name == "a.xlsx":
            filled = [r for r in whole if any(c is not None for c in r)]
            assert report.rows_read >= sum(_says(r) for r in filled) - 2, "header of up to two rows"


def _says(row) -> bool:
    return any(c not in {None, ""} for c in row)


def noise(content):
    outcome(content, "a.csv")
    outcome(b"PK\x03\x04" + content, "a.xlsx")
    outcome(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content, "a.xls")


SEEDS = st.integers(0, 2**32)
CUTS = st.one_of(st.just(0), st.integers(0, len(WHOLE)))
TABLES = st.lists(st.lists(STRANGE, min_size=6, max_size=7).map(tuple), max_size=8)


@FEW
@given(SEEDS)
def test_flipped_bytes_of_an_xls(make_old_book, seed):
    flip_old_bytes(make_old_book([HEADER, *ROWS[:2]]), seed)


@pytest.mark.slow
@MANY
@given(SEEDS)
def test_many_flipped_bytes_of_an_xls(make_old_book, seed):
    flip_old_bytes(make_old_book([HEADER, *ROWS[:2]]), seed)


test_flipped_bytes = FEW(given(SEEDS, CUTS)(flip_bytes))
test_flipped_parts = FEW(given(SEEDS)(flip_parts))
test_shuffled_cells = FEW(given(TABLES, st.randoms())(shuffle_cells))
test_noise = FEW(given(st.binary(max_size=600))(noise))
test_many_flipped_bytes = pytest.mark.slow(MANY(given(SEEDS, CUTS)(flip_bytes)))
test_many_flipped_parts = pytest.mark.slow(MANY(given(SEEDS)(flip_parts)))
test_much_shuffled_cells = pytest.mark.slow(MANY(given(TABLES, st.randoms())(shuffle_cells)))
test_much_noise = pytest.mark.slow(MANY(given(st.binary(max_size=4000))(noise)))

NUMBERS = st.one_of(
    st.integers(0, 10**9),
    st.floats(0, 1e9, allow_nan=False, allow_subnormal=False),
    st.sampled_from(["<5", "..", ":", "-", None, 0]),
)
MEANT = {
    "<5": "suppressed",
    "..": "no_data",
    ":": "no_data",
    "-": "not_applicable",
    None: "no_data",
}


@FEW
@given(st.lists(NUMBERS, min_size=1, max_size=12))
def test_states_survive_from_cell_to_parquet_and_back(cells) -> None:
    header = ("Период", "Услуга", "Фаза", "Лица", "Износ")
    rows = [(f"{2000 + at}", "medical", "identified", 1, cell) for at, cell in enumerate(cells)]
    folder = Path(tempfile.mkdtemp(prefix="patokaz-fuzz-"))
    try:
        import_file(xlsx([header, *rows]), "a.xlsx", "assistance_fund", folder / "received")
        ledger = read_ledger(folder / "received", find_kind("assistance_fund"))
    finally:
        shutil.rmtree(folder)
    assert len(ledger) == len(cells)
    for cell, value, state in zip(cells, ledger["amount"], ledger["amount_state"], strict=True):
        if cell in MEANT:
            assert (state, math.isnan(value)) == (MEANT[cell], True)
        else:
            # A spreadsheet keeps sixteen digits.
            assert value == pytest.approx(cell, rel=1e-14)
            assert state == ("zero" if value == 0 else "value")
