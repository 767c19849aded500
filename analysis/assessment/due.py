"""When the next edition of a source is expected: from its date and its schedule."""

from __future__ import annotations

import datetime as dt

# How long after a source's date its next edition is due: the interval and half of it again,
# because offices are late and a warning that comes every time is read by nobody.
DUE_AFTER_DAYS = {"monthly": 46, "quarterly": 137, "half-yearly": 274, "yearly": 548}
AS_OF_YEAR = 4
AS_OF_MONTH = 7


def find_due(as_of: str, schedule: str) -> dt.date | None:
    """Find the day by which the next edition of a source is expected.

    Parameters
    ----------
    as_of : str
        Year, month or day of the source.
    schedule : str

    Returns
    -------
    datetime.date or None
        None where the source has no date, or comes at no fixed interval.

    Examples
    --------
    >>> find_due("2025", "yearly")
    datetime.date(2027, 7, 2)
    >>> find_due("2021", "census") is None
    True
    """
    if schedule not in DUE_AFTER_DAYS or not as_of:
        return None
    return _end_of(as_of) + dt.timedelta(days=DUE_AFTER_DAYS[schedule])


def _end_of(as_of: str) -> dt.date:
    if len(as_of) == AS_OF_YEAR:
        return dt.date(int(as_of), 12, 31)
    if len(as_of) == AS_OF_MONTH:
        first = dt.date.fromisoformat(f"{as_of}-01")
        return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return dt.date.fromisoformat(as_of)
