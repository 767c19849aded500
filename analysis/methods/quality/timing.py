"""How long after a period its figures come, and whether they come on the promised day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Days = NDArray[np.datetime64]

BEFORE_ITS_END = mark("came out before the period ended")


@dataclass(frozen=True, eq=False)
class Timing:
    """Time lag and punctuality in days.

    Parameters
    ----------
    time_lag : Estimates
        Days from the end of the period to the release.
    punctuality : Estimates
        Days from the planned to the actual release; above 0 is late, below 0 early.
    """

    time_lag: Estimates
    punctuality: Estimates


def measure_timing(period_end: ArrayLike, planned: ArrayLike, actual: ArrayLike) -> Timing:
    """Measure time lag and punctuality of releases.

    Parameters
    ----------
    period_end, planned, actual : array_like of str or datetime64
        Last day of the period, planned and actual day of the release, as ISO dates; one shape.
        None or a blank is no date: what needs it is ``no_data``.

    Returns
    -------
    Timing
        Figures that came out before their period ended are ``not_applicable`` for the time lag:
        they do not cover it.

    Raises
    ------
    ValueError
        When a date cannot be read or shapes differ.

    References
    ----------
    Eurostat, ESS Guidelines for the Implementation of the Quality and Performance Indicators, TP1
    and TP3.

    Examples
    --------
    >>> made = measure_timing(["2021-12-31"], ["2022-06-30"], ["2022-07-15"])
    >>> made.time_lag.value, made.punctuality.value
    (array([196.]), array([15.]))
    """
    ends = _read_days(period_end, "period_end")
    promised, came = _read_days(planned, "planned"), _read_days(actual, "actual")
    if not ends.shape == promised.shape == came.shape:
        raise ValueError(
            f"The shapes differ: period_end {ends.shape}, planned {promised.shape}, actual "
            f"{came.shape}. Give one date of each kind for the same release, None for a blank."
        )
    lag = _days_between(ends, came)
    return Timing(
        time_lag=collect_estimates(
            lag, n=np.nan, method="time lag", unit="days", refused=[(lag < 0, BEFORE_ITS_END)]
        ),
        punctuality=collect_estimates(
            _days_between(promised, came), n=np.nan, method="punctuality", unit="days"
        ),
    )


def _read_days(dates: ArrayLike, name: str) -> Days:
    held = np.asarray(dates)
    if np.issubdtype(held.dtype, np.datetime64):
        return held.astype("datetime64[D]")
    found = np.full(held.shape, np.datetime64("NaT"), dtype="datetime64[D]")
    for place, date in np.ndenumerate(np.asarray(held, dtype=object)):
        # NaN alone differs from itself.
        if date is None or date == "" or date != date:  # noqa: PLR0124
            continue
        try:
            found[place] = np.datetime64(date, "D")
        except (TypeError, ValueError) as fault:
            raise ValueError(
                f"{name} holds '{date}', which is no date. Write year, month and day, as in "
                "2024-12-31, and None for a blank."
            ) from fault
    return found


def _days_between(first: Days, last: Days) -> NDArray[np.float64]:
    blank = np.isnat(first) | np.isnat(last)
    days = (last - first) / np.timedelta64(1, "D")
    return np.where(blank, np.nan, days)
