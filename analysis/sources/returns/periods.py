"""Dates and periods as people write them in cells."""

from __future__ import annotations

import datetime as dt
import re

ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
LOCAL = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?(?:\s?г\.?)?$")
YEAR = re.compile(r"^(\d{4})\.?$")
MONTH = re.compile(r"^(\d{4})[-./](\d{1,2})$")
MONTH_FIRST = re.compile(r"^(\d{1,2})[./](\d{4})\.?$")
QUARTER = re.compile(r"^(\d{4})[-\s]?[QqКкTt]\s?([1-4])$")
QUARTER_FIRST = re.compile(
    r"^([1-4]|[Ii]{1,3}|[Ii][Vv])\.?\s?[-/]\s?(\d{4})$|^[QqКк]([1-4])[\s/-](\d{4})$"
)
SPAN = re.compile(r"^(\d{4}-\d{2})\.\.(\d{4}-\d{2})$")
FIRST_YEAR, LAST_YEAR = 1900, 2100
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def read_date(raw: object) -> str:
    """Read a date.

    Parameters
    ----------
    raw : object
        A date of the file, or text as ``31.12.2024`` or ``2024-12-31``. A slash may be read as day
        or as month first and is not read.

    Returns
    -------
    str
        ISO date; blank when it is none.

    Examples
    --------
    >>> read_date("31.12.2024."), read_date("3/4/2024")
    ('2024-12-31', '')
    """
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() and _near(raw.year) else ""
    if isinstance(raw, dt.date):
        return raw.isoformat() if _near(raw.year) else ""
    text = str(raw).strip()
    iso, local = ISO.match(text), LOCAL.match(text)
    if iso:
        return _date(*(int(part) for part in iso.groups()))
    if local:
        day, month, year = (int(part) for part in local.groups())
        return _date(year, month, day)
    return ""


def _near(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def _date(year: int, month: int, day: int) -> str:
    if not _near(year):
        return ""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def read_period(raw: object) -> str:
    """Read a year, month, quarter or span of months.

    Parameters
    ----------
    raw : object

    Returns
    -------
    str
        ``2024``, ``2024-03``, ``2024-Q1`` or ``2024-03..2024-12``; blank when it is none.

    Examples
    --------
    >>> read_period("03.2024"), read_period(2024.0), read_period("I/2024")
    ('2024-03', '2024', '2024-Q1')
    """
    if isinstance(raw, dt.date):
        # A month in a spreadsheet is a date on its first day.
        return raw.strftime("%Y-%m") if raw.day == 1 and _near(raw.year) else ""
    if isinstance(raw, float) and raw != round(raw):
        return ""
    text = str(round(raw)) if isinstance(raw, float) else str(raw).strip()
    span = SPAN.match(text)
    if span:
        first, last = read_period(span.group(1)), read_period(span.group(2))
        return f"{first}..{last}" if first and last and first <= last else ""
    return _year(text) or _month(text) or _quarter(text)


def _year(text: str) -> str:
    found = YEAR.match(text)
    return found.group(1) if found and _near(int(found.group(1))) else ""


def _month(text: str) -> str:
    year_first, month_first = MONTH.match(text), MONTH_FIRST.match(text)
    if year_first:
        year, month = int(year_first.group(1)), int(year_first.group(2))
    elif month_first:
        month, year = int(month_first.group(1)), int(month_first.group(2))
    else:
        return ""
    return _date(year, month, 1)[:7]


def _quarter(text: str) -> str:
    year_first, other = QUARTER.match(text), QUARTER_FIRST.match(text)
    if year_first:
        year, quarter = year_first.groups()
    elif other:
        quarter, year = (other.group(1), other.group(2)) if other.group(1) else other.groups()[2:]
    else:
        return ""
    number = ROMAN.get(quarter.lower()) or int(quarter)
    return f"{year}-Q{number}" if _near(int(year)) else ""


def period_days(period: str) -> tuple[str, str]:
    """Give the first and last day of a period.

    Parameters
    ----------
    period : str
        As :func:`read_period` gives it, or an ISO date.

    Returns
    -------
    tuple of (str, str)
        ISO dates; both blank where the text is no period.

    Examples
    --------
    >>> period_days("2024-Q1"), period_days("2024-02")
    (('2024-01-01', '2024-03-31'), ('2024-02-01', '2024-02-29'))
    """
    if ".." in period:
        first, _, last = period.partition("..")
        return period_days(first)[0], period_days(last)[1]
    if re.fullmatch(r"\d{4}", period):
        return f"{period}-01-01", f"{period}-12-31"
    if re.fullmatch(r"\d{4}-Q[1-4]", period):
        month = int(period[-1]) * 3
        return f"{period[:4]}-{month - 2:02}-01", _last_day(int(period[:4]), month)
    if re.fullmatch(r"\d{4}-\d{2}", period):
        return f"{period}-01", _last_day(int(period[:4]), int(period[5:]))
    return (period, period) if read_date(period) else ("", "")


def _last_day(year: int, month: int) -> str:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).isoformat()
