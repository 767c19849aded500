"""Watching many areas at once: which counts ask for a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.methods.estimates import GIVEN_REASONS, Estimates, collect_estimates
from analysis.methods.inputs import check_level, read_counts
from analysis.methods.multiplicity import control_false_discovery
from analysis.methods.reasons import TOO_FEW, mark
from analysis.methods.surveillance.ears import LAGS, bound_ears
from analysis.methods.surveillance.farrington import (
    LEAST_CASES,
    bound_farrington,
    count_lately,
)
from analysis.methods.surveillance.plan import FarringtonPlan

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

METHOD = "early warning"
FARRINGTON = "Farrington flexible"
EARS = {"C1": "EARS C1", "C2": "EARS C2"}
PROMPT = mark("a prompt for a look, not a finding")
TOO_SHORT_TO_WATCH = mark("not enough earlier periods to compare with")
# Frequency, periods each side, periods left out before the one asked about.
PLANS = {"month": (12, 1, 6), "week": (52, 3, 26)}
YEARS = (5, 4, 3)
EARS_BASELINE = 12


@dataclass(frozen=True, eq=False)
class Watch:
    """What early warning says of one period; an alarm is a prompt for a look, not a finding.

    Every array has the shape of the counts without their last axis.

    Parameters
    ----------
    expected : Estimates
        Expected count, with the highest count that is no surprise as the upper limit; the
        interval is one-sided, from 0 up.
    observed : numpy.ndarray
        Count of the period; blank where nothing is said.
    p_value : numpy.ndarray
        Chance of a count as high, or higher, if nothing has changed.
    adjusted : numpy.ndarray
        The same, adjusted for the number of areas (Benjamini and Hochberg).
    above : numpy.ndarray of bool
        Whether the count lies above the bound.
    alarm : numpy.ndarray of bool
        Whether it also holds beside all the other areas.
    method : numpy.ndarray of str
        Which method spoke; blank where none did.
    meaning : str
        What an alarm is, for whoever reads it.
    """

    expected: Estimates
    observed: FloatArray
    p_value: FloatArray
    adjusted: FloatArray
    above: NDArray[np.bool_]
    alarm: NDArray[np.bool_]
    method: NDArray[np.object_]
    meaning: str = PROMPT


def watch_counts(
    counts: ArrayLike,
    *,
    frequency: Literal["month", "week"] = "month",
    drop_last: int = 0,
    alpha: float = 0.01,
    discovery_rate: float = 0.05,
    given: ArrayLike | None = None,
) -> Watch:
    """Say which areas have more cases in the latest period than their past lets expect.

    Farrington flexible with three to five years of history, as many as there are and are not
    too uneven to expect anything from; EARS beside the last twelve periods with less; nothing
    with less than that, and no alarm with fewer than five cases in four periods.

    Parameters
    ----------
    counts : array_like
        Cases, shape (..., time); NaN is blank.
    frequency : {"month", "week"}
        Length of a period.
    drop_last : int
        Latest periods to leave out because reports of them are still coming in.
    alpha : float
        Share of quiet periods whose count may lie above the bound.
    discovery_rate : float
        Share of false alarms among the alarms that is accepted.
    given : array_like of str, optional
        States of the counts, of their shape or of the shape without time; a series that holds a
        suppressed count stays suppressed.

    Returns
    -------
    Watch

    Raises
    ------
    ValueError
        When a count is negative, or an option is out of range.

    References
    ----------
    Noufaily, A. et al. (2013). An improved algorithm for outbreak detection in multiple
    surveillance systems. Statistics in Medicine 32, 1206-1222.
    Hutwagner, L. et al. (2003). The bioterrorism preparedness and response Early Aberration
    Reporting System (EARS). Journal of Urban Health 80, i89-i96.
    Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> quiet = np.tile([4.0, 6.0, 5.0, 3.0], 12)
    >>> made = watch_counts([np.append(quiet, 16.0), np.append(quiet, 5.0)])
    >>> made.alarm, made.method[0]
    (array([ True, False]), 'Farrington flexible')
    """
    figures, states, shape = _read(counts, given, drop_last)
    check_level(alpha)
    check_level(discovery_rate)
    if frequency not in PLANS:
        raise ValueError(f"The frequency {frequency!r} is unknown; write 'month' or 'week'.")
    bounds = _Bounds.empty(len(figures))
    for years in YEARS:
        _add_farrington(bounds, figures, frequency, years, alpha)
    for name in ("C2", "C1"):
        _add_ears(bounds, figures, name, alpha)
    latest = figures[:, -1]
    lately = count_lately(figures, np.array([figures.shape[1] - 1]))[:, 0]
    hidden = np.isin(states, list(GIVEN_REASONS))
    few = ~np.isnan(latest) & (lately < LEAST_CASES)
    short = np.isnan(bounds.expected)
    silent = hidden | few | short | np.isnan(latest)
    p_value = np.where(silent, np.nan, bounds.p_value)
    adjusted = _adjust(p_value)
    above = ~silent & (latest > bounds.upper)
    # A refused estimate needs a number to be refused; one without a figure stays blank.
    missing = np.where(np.isnan(latest), np.nan, 0.0)
    mean = np.where(short, 0.0, bounds.expected) + missing
    bound = np.where(short, 0.0, bounds.upper) + missing
    expected = collect_estimates(
        mean.reshape(shape),
        {1 - alpha: (np.zeros(shape), np.maximum(mean, bound).reshape(shape))},
        n=latest.reshape(shape),
        method=METHOD,
        unit="cases",
        given=states.reshape(shape),
        refused=[
            (few.reshape(shape), TOO_FEW),
            ((short & ~np.isnan(latest)).reshape(shape), TOO_SHORT_TO_WATCH),
        ],
    )
    return Watch(
        expected=expected,
        observed=np.where(silent, np.nan, latest).reshape(shape),
        p_value=p_value.reshape(shape),
        adjusted=adjusted.reshape(shape),
        above=above.reshape(shape),
        alarm=(above & (np.nan_to_num(adjusted, nan=1.0) <= discovery_rate)).reshape(shape),
        method=np.where(silent, "", bounds.method).astype(object).reshape(shape),
    )


@dataclass(frozen=True, eq=False)
class _Bounds:
    """What the methods have said so far; each fills what is still open."""

    expected: FloatArray
    upper: FloatArray
    p_value: FloatArray
    method: NDArray[np.object_]

    @classmethod
    def empty(cls, series: int) -> _Bounds:
        blank = np.full(series, np.nan)
        return cls(blank, blank.copy(), blank.copy(), np.full(series, "", dtype=object))

    def fill(
        self, rows: NDArray[np.intp], found: tuple[FloatArray, FloatArray, FloatArray], name: str
    ) -> None:
        expected, upper, p_value = found
        good = ~np.isnan(expected)
        self.expected[rows[good]] = expected[good]
        self.upper[rows[good]] = upper[good]
        self.p_value[rows[good]] = p_value[good]
        self.method[rows[good]] = name


def _read(
    counts: ArrayLike, given: ArrayLike | None, drop_last: int
) -> tuple[FloatArray, NDArray[np.object_], tuple[int, ...]]:
    figures = read_counts(counts)
    if figures.ndim == 0 or figures.shape[-1] == 0:
        raise ValueError("No period was given to watch. Give one count a period.")
    if not 0 <= drop_last < figures.shape[-1]:
        raise ValueError(
            f"{drop_last} of {figures.shape[-1]} periods were to be dropped. Drop none, or fewer "
            "than there are."
        )
    shape = figures.shape[:-1]
    table = figures.reshape(-1, figures.shape[-1])
    states = np.full(len(table), "value", dtype=object)
    if given is not None:
        told = np.asarray(given, dtype=object)
        if told.shape == shape:
            states = told.reshape(-1)
        elif told.shape == figures.shape:
            told = told.reshape(table.shape)
            table = np.where(np.isin(told, ["no_data", "not_applicable"]), np.nan, table)
            states[(told == "suppressed").any(axis=1)] = "suppressed"
        else:
            raise ValueError(
                f"The states have the shape {told.shape} and the counts {figures.shape}. Give one "
                "state a count, or one a series."
            )
    return table[:, : table.shape[1] - drop_last], states, shape


def _add_farrington(
    bounds: _Bounds, figures: FloatArray, frequency: str, years: int, alpha: float
) -> None:
    from scipy import stats

    a_year, half_window, excluded = PLANS[frequency]
    plan = FarringtonPlan(
        frequency=a_year, years=years, half_window=half_window, excluded=excluded, alpha=alpha
    )
    length = figures.shape[1]
    if length <= plan.needed:
        return
    # The oldest year of the past must be known too, or the trend hangs in the air.
    oldest = figures[:, length - 1 - plan.needed : length - 1 - plan.needed + a_year]
    begun = ~np.isnan(oldest[:, : 2 * half_window + 1]).any(axis=1)
    rows = np.flatnonzero(np.isnan(bounds.expected) & begun)
    made = bound_farrington(figures[rows], plan=plan)
    # A past that is very uneven and now expects little makes a negative binomial that is nearly
    # always 0: a bound below that of a Poisson count. Such a past is not used.
    even = made.upper[:, 0] >= stats.poisson.ppf(1 - alpha, made.expected[:, 0])
    expected = np.where(even, made.expected[:, 0], np.nan)
    bounds.fill(rows, (expected, made.upper[:, 0], made.p_value[:, 0]), FARRINGTON)


def _add_ears(bounds: _Bounds, figures: FloatArray, name: str, alpha: float) -> None:
    rows = np.flatnonzero(np.isnan(bounds.expected))
    method: Literal["C1", "C2"] = "C2" if name == "C2" else "C1"
    # Only the latest period is asked about; what lies before its baseline changes nothing.
    latest = figures[rows, -(EARS_BASELINE + LAGS[method] + 1) :]
    made = bound_ears(latest, method, baseline=EARS_BASELINE, alpha=alpha, spread="guarded")
    bounds.fill(rows, (made.expected[:, -1], made.upper[:, -1], made.p_value[:, -1]), EARS[method])


def _adjust(p_value: FloatArray) -> FloatArray:
    return control_false_discovery(p_value.ravel()).reshape(p_value.shape)
