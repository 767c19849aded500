"""One cell: its number and its state, or the reason why it cannot be read."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.catalog import AreaError, load_areas, load_indicators
from analysis.sources.returns.choices import WRITTEN
from analysis.sources.returns.headers import header_key
from analysis.sources.returns.periods import read_date, read_period
from analysis.sources.returns.remarks import Remark, remark
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.sources.returns.columns import Column

NO_DATA = frozenset(".. ... … : н.д. н.д n.d. n.d n/a na н/п".split()) | {"нема податок"}
DASHES = frozenset("-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{HORIZONTAL BAR}")
WITHHELD = re.compile(r"^(?:<|≤|под |помалку од )\s*\d{1,2}$|^×$|^\(c\)$", re.IGNORECASE)
GROUPED = re.compile(r"^-?\d{1,3}(?:([ .,\u00a0\u202f'])\d{3})(?:\1\d{3})*$")
PLAIN = re.compile(r"^-?\d+(?:[.,]\d+)?$")
BOTH = re.compile(r"^-?\d{1,3}(?:([.,\u00a0\u202f ])\d{3})+([.,])\d+$")
PARTS = re.compile(r"^\d+(?:\.\d+)?(?:\+\d+(?:\.\d+)?)+$")
SHARES = re.compile(r"^(?:\d+|\?)/\d+=\d+(?:\.\d+)?$")
SIGNS = frozenset("=+-@\t\r\n")
WHOLE = frozenset({"count", "whole"})
LARGEST = 1e15
LONGEST_NAME = 80
TOTALS = frozenset(header_key(form) for form in ("total", *WRITTEN["total"]))
HASH = re.compile(r"^[0-9a-f]{16,128}$")
COUNTRY = re.compile(r"^(?:[A-Z]{3}|total)$")

Raw = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class CellError(ValueError):
    """A cell that cannot be read; its remark says why."""

    def __init__(self, why: Remark) -> None:
        super().__init__(why.say(str))
        self.remark = why


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says.

    Parameters
    ----------
    text : str
        For columns of text, the code or text; blank otherwise.
    value : float, optional
        The number; only where the state is ``value`` or ``zero``.
    state : str
        One of the five states for a column of numbers; blank otherwise.
    """

    text: str = ""
    value: float | None = None
    state: str = ""


def shown(raw: Raw) -> str:
    """Write a cell as its sender saw it."""
    if raw is None:
        return ""
    if isinstance(raw, float) and math.isfinite(raw) and raw == round(raw):
        return str(round(raw))
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        return raw.date().isoformat()
    text = str(raw).strip()
    # A quote that we set before a sign, so that no program computes the cell, is not its text.
    return text[1:] if text[:1] == "'" and text[1:].lstrip(" ")[:1] in SIGNS else text


def safe_cell(text: str) -> str:
    """Set a quote before a text that a spreadsheet would compute.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell("Kumanovo")
    ("'=1+1", '-5', 'Kumanovo')
    """
    plain = text.lstrip(" ")
    if plain[:1] not in SIGNS or not plain or PLAIN.match(plain) or plain in DASHES:
        return text
    return f"'{text}"


def read_cell(column: Column, raw: Raw, dash: str = "not_applicable") -> Cell:
    """Read one cell by the rules of its column.

    Parameters
    ----------
    column : Column
    raw : object
        The cell as the file holds it.
    dash : str
        State that a lone dash means.

    Returns
    -------
    Cell

    Raises
    ------
    CellError
        When the cell is none of what the column may hold.

    Examples
    --------
    >>> from analysis.sources.returns.columns import Column
    >>> hours = Column("hours", "Hours", (), "amount")
    >>> read_cell(hours, "1,5").value, read_cell(hours, "<5").state, read_cell(hours, None).state
    (1.5, 'suppressed', 'no_data')
    """
    if column.is_number:
        return _read_number(column, raw, dash)
    text = shown(raw)
    if not text:
        if column.key and not column.required:
            return Cell("total")
        if column.required:
            raise CellError(remark(mark("The cell is blank and its column may not be.")))
        return Cell()
    if isinstance(raw, bool):
        raise CellError(remark(mark("True or false is no answer in this column.")))
    return Cell(_read_text(column, raw, text))


def _read_text(column: Column, raw: Raw, text: str) -> str:
    if column.holds in {"choice", "state"}:
        return _choose(column, text)
    if column.holds == "text":
        return " ".join(text.split())
    found, message = _look(column.holds, raw, text)
    if not found:
        raise CellError(remark(message, cell=text))
    return found


def _look(holds: str, raw: Raw, text: str) -> tuple[str, str]:
    code = _total_or(text) if holds == "country" else ""
    hashed = text.lower()
    looks: dict[str, tuple[Callable[[], str], str]] = {
        "date": (
            lambda: read_date(raw),
            mark("'{cell}' is not a date. Write 31.12.2024 or 2024-12-31."),
        ),
        "period": (
            lambda: read_period(raw),
            mark("'{cell}' is not a period. Write 2024, 2024-03 or 2024-Q1."),
        ),
        "area": (
            lambda: _area_id(text) if len(text) <= LONGEST_NAME else "",
            mark("'{cell}' is not an area of the catalogue. Write its code or name."),
        ),
        "indicator": (
            lambda: text if text in load_indicators() else "",
            mark("'{cell}' is not the code of an indicator of the catalogue."),
        ),
        "country": (
            lambda: code if COUNTRY.match(code) else "",
            mark("'{cell}' is not a country code of three letters, such as AFG."),
        ),
        "hash": (lambda: hashed if HASH.match(hashed) else "", mark("The cell holds no hash.")),
        "parts": (lambda: _formulas(PARTS, text), mark("'{cell}' is not a sum as 362+28.")),
        "shares": (lambda: _formulas(SHARES, text), mark("'{cell}' is not as 40/113=35.4.")),
    }
    look, message = looks[holds]
    return look(), message


def _formulas(pattern: re.Pattern[str], text: str) -> str:
    listed = [part.replace(" ", "") for part in text.split(";") if part.strip()]
    return "; ".join(listed) if all(pattern.match(part) for part in listed) else ""


@lru_cache(maxsize=4096)
def _area_id(text: str) -> str:
    # A town and its region may share a name; a return then means the municipality.
    for level in (None, "municipality"):
        try:
            return load_areas().find(text, level=level).area_id
        except AreaError:
            continue
    return ""


def _total_or(text: str) -> str:
    return "total" if header_key(text) in TOTALS else text.upper()


def _choose(column: Column, text: str) -> str:
    wanted = header_key(text)
    for code, name in column.choices:
        forms = (code, name, *WRITTEN.get(code, ()))
        if wanted in {header_key(form) for form in forms}:
            return code
    for code, name in column.choices:
        said = {header_key(translator(lang)(name)) for lang in ("mk", "sq", "sr-Cyrl")}
        if wanted in said:
            return code
    raise CellError(
        remark(
            mark("'{cell}' is not one of the choices of this column: {choices}."),
            cell=text,
            choices=", ".join(code for code, _ in column.choices),
        )
    )


def _read_number(column: Column, raw: Raw, dash: str) -> Cell:
    text = shown(raw)
    if text.casefold() in NO_DATA or not text:
        return Cell(state="no_data")
    if text in DASHES:
        return Cell(state=dash) if dash != "zero" else Cell(value=0.0, state="zero")
    if isinstance(raw, str) and WITHHELD.match(text):
        return Cell(state="suppressed")
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        message = mark("'{cell}' is not a number; the cell holds a date or a yes/no.")
        raise CellError(remark(message, cell=text))
    value = float(raw) if isinstance(raw, int | float) else parse(text, column)
    _check_number(column, value, text)
    return Cell(value=value, state="value") if value else Cell(value=0.0, state="zero")


def _check_number(column: Column, value: float, text: str) -> None:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise CellError(remark(mark("'{cell}' is not a number that can be kept."), cell=text))
    if column.holds in WHOLE and value != round(value):
        message = mark("'{cell}' is not a whole number, and this column counts.")
        raise CellError(remark(message, cell=text))
    if column.holds in {"count", "amount"} and value < 0:
        raise CellError(remark(mark("'{cell}' is below zero, which cannot be here."), cell=text))


def parse(text: str, column: Column) -> float:
    """Read a number that stands as text, with either decimal mark.

    Parameters
    ----------
    text : str
    column : Column
        In a column that counts, ``1.234`` and ``1,234`` can only be thousands; elsewhere such a
        number may be one or the other and is refused rather than guessed.

    Returns
    -------
    float

    Raises
    ------
    CellError
        When the text is no number or may be two numbers.
    """
    bare = text.replace("\N{MINUS SIGN}", "-").strip()
    if column.holds == "number":
        bare = bare.removesuffix("%").strip()
    both = BOTH.match(bare)
    grouped = GROUPED.match(bare)
    if not bare.isascii() and not bare.replace("\u00a0", "").replace("\u202f", "").isascii():
        pass
    elif both and both.group(1) != both.group(2):
        whole, _, part = bare.rpartition(both.group(2))
        return float(whole.replace(both.group(1), "") + "." + part)
    elif grouped and _is_clear(bare, grouped.group(1), column):
        return float(bare.replace(grouped.group(1), ""))
    elif grouped and not bare.lstrip("-").startswith("0"):
        message = mark(
            "'{cell}' may be thousands or decimals. Write the number without a thousands mark."
        )
        raise CellError(remark(message, cell=text))
    elif PLAIN.match(bare):
        return float(bare.replace(",", "."))
    raise CellError(remark(mark("'{cell}' is not a number."), cell=text))


def _is_clear(bare: str, sign: str, column: Column) -> bool:
    if bare.lstrip("-").startswith("0"):
        return False
    return column.holds in WHOLE or sign not in ".," or bare.count(sign) > 1
