"""Guards on figures (rule G-10): pure functions that warn and change nothing.

A figure that fails is kept as its publisher printed it, with the warning beside it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.methods.quality import find_attainable_parts
from analysis.sources.returns.remarks import Remark, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HUNDRED = 100.0
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning about a figure.

    Parameters
    ----------
    check : str
        ``parts``, ``granularity``, ``share``, ``range``, ``overlap``, ``stock_flow`` or ``total``.
    subject : str
        Which figure, centre or row it is about.
    remark : Remark
    """

    check: str
    subject: str
    remark: Remark


def parts_add_up(subject: str, total: float, parts: Sequence[float]) -> tuple[Warned, ...]:
    """Warn where parts do not sum to their total.

    Examples
    --------
    >>> parts_add_up("F04", 277, [156, 121])
    ()
    """
    summed = math.fsum(parts)
    if math.isclose(summed, total, abs_tol=1e-6):
        return ()
    message = mark("The parts of {subject} sum to {sum}, but {total} is printed.")
    said = remark(message, subject=subject, sum=_digits(summed), total=_digits(total))
    return (Warned("parts", subject, said),)


def share_is_attainable(subject: str, printed: str, n: int) -> tuple[Warned, ...]:
    """Warn where no whole number of cases out of n rounds to the printed percentage.

    Parameters
    ----------
    subject : str
    printed : str
        The percentage as printed; its digits tell how it was rounded.
    n : int

    Returns
    -------
    tuple of Warned

    Examples
    --------
    >>> len(share_is_attainable("F15", "72", 66)), len(share_is_attainable("F14", "62.12", 66))
    (1, 0)
    """
    found = find_attainable_parts(printed, max(n, 0))
    if found.attainable:
        return ()
    below = int(found.below) if n > 0 else 0
    message = mark(
        "No whole number of {n} gives {printed} %: {below} would be {lower} %, {above} {upper} %."
    )
    said = remark(
        message,
        n=n,
        printed=printed,
        below=below,
        above=below + 1,
        lower=_percent(below, n, printed),
        upper=_percent(below + 1, n, printed),
    )
    return (Warned("granularity", subject, said),)


def share_is_right(
    subject: str, numerator: float, denominator: float, printed: str
) -> tuple[Warned, ...]:
    """Warn where the printed percentage is not that of its two numbers.

    Examples
    --------
    >>> share_is_right("F02", 7, 9, "77.7")[0].remark.say(str)
    '7 of 9 is 77.8 %, but 77.7 % is printed.'
    """
    if denominator <= 0:
        message = mark("A share of {n} cannot be computed; {printed} % is printed.")
        said = remark(message, n=_digits(denominator), printed=printed)
        return (Warned("share", subject, said),)
    low, high = rounding_interval(printed)
    share = HUNDRED * numerator / denominator
    if low - SLACK <= share <= high + SLACK:
        return ()
    said = remark(
        mark("{k} of {n} is {share} %, but {printed} % is printed."),
        k=_digits(numerator),
        n=_digits(denominator),
        share=_percent(numerator, denominator, printed),
        printed=printed,
    )
    return (Warned("share", subject, said),)


def share_is_in_range(subject: str, value: float) -> tuple[Warned, ...]:
    """Warn where a share lies below 0 or above 100 per cent."""
    if 0 <= value <= HUNDRED:
        return ()
    said = remark(mark("{value} % lies outside 0 to 100 %."), value=_digits(value))
    return (Warned("range", subject, said),)


def periods_are_apart(subject: str, periods: Iterable[tuple[str, str]]) -> tuple[Warned, ...]:
    """Warn where periods of one series overlap, so that they must not be summed.

    Parameters
    ----------
    subject : str
    periods : iterable of (str, str)
        First and last day, ISO.
    """
    found: list[Warned] = []
    ordered = sorted(set(periods))
    latest = ordered[0] if ordered else ("", "")
    for _, period in pairwise(ordered):
        if period[0] <= latest[1]:
            message = mark(
                "The periods {first} and {second} of {subject} overlap; they must not be summed."
            )
            said = remark(
                message,
                first="/".join(latest),
                second="/".join(period),
                subject=subject,
            )
            found.append(Warned("overlap", subject, said))
        latest = max(latest, period, key=lambda p: p[1])
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CentreDay:
    """One day of one centre; None where the number is not known."""

    date: str
    present: float | None
    arrivals: float | None
    departures: float | None


def stock_follows_flow(centre: str, days: Iterable[CentreDay]) -> tuple[Warned, ...]:
    """Warn where a day's presence is not yesterday's plus arrivals less departures.

    Parameters
    ----------
    centre : str
    days : iterable of CentreDay
        Days of one centre in any order. Across a missing day or number nothing is concluded.

    Examples
    --------
    >>> days = [CentreDay("2024-03-01", 80, 0, 0), CentreDay("2024-03-02", 85, 10, 3)]
    >>> stock_follows_flow("RC-01", days)[0].remark.say(str)
    'RC-01, 2024-03-02: 80 + 10 - 3 = 87, but 85 are reported as present (difference -2).'
    """
    found: list[Warned] = []
    for before, day in pairwise(sorted(days, key=lambda d: d.date)):
        if not _follows(before.date, day.date):
            continue
        numbers = (before.present, day.arrivals, day.departures, day.present)
        if any(number is None for number in numbers):
            continue
        stock, came, went, present = (float(number or 0) for number in numbers)
        expected = stock + came - went
        if expected != present:
            message = mark(
                "{centre}, {date}: {before} + {arrivals} - {departures} = {expected}, but "
                "{present} are reported as present (difference {difference})."
            )
            said = remark(
                message,
                centre=centre,
                date=day.date,
                before=_digits(stock),
                arrivals=_digits(came),
                departures=_digits(went),
                expected=_digits(expected),
                present=_digits(present),
                difference=_digits(present - expected),
            )
            found.append(Warned("stock_flow", f"{centre} {day.date}", said))
    return tuple(found)


def _follows(first: str, second: str) -> bool:
    gap = dt.date.fromisoformat(second) - dt.date.fromisoformat(first)
    return gap == dt.timedelta(days=1)


def rounding_interval(printed: str) -> tuple[float, float]:
    """Give the numbers that round to a printed one.

    Parameters
    ----------
    printed : str
        With a point or a comma.

    Returns
    -------
    tuple of (float, float)

    Examples
    --------
    >>> rounding_interval("72"), rounding_interval("77,5")
    ((71.5, 72.5), (77.45, 77.55))
    """
    text = printed.replace(",", ".").strip()
    decimals = len(text.partition(".")[2])
    half = 0.5 * 10**-decimals
    value = float(text)
    return round(value - half, decimals + 1), round(value + half, decimals + 1)


def _percent(numerator: float, denominator: float, printed: str) -> str:
    decimals = max(len(printed.replace(",", ".").partition(".")[2]), 1)
    return f"{HUNDRED * numerator / denominator:.{decimals}f}" if denominator else "-"


def _digits(value: float) -> str:
    return f"{value:.10g}"
