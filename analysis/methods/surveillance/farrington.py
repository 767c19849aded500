"""Farrington flexible: the highest count that the last years, seasons and trend let expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import read_counts
from analysis.methods.surveillance.plan import FarringtonPlan
from analysis.methods.surveillance.quasi_poisson import fit_quasi_poisson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

# At least so many cases in so many periods, the latest one among them, or no alarm is possible.
LEAST_CASES, LEAST_PERIODS = 5, 4
# At least this share of the periods of the past has to be known.
LEAST_KNOWN = 0.8
AT_ONCE = 4000  # fits at a time, so that a long table does not fill the memory
WHOLE_LEVERAGE = 1e-9
POISSON = 1 + 1e-9  # from here on a dispersion is more than that of a Poisson count


@dataclass(frozen=True, eq=False)
class FarringtonBounds:
    """Expected counts and bounds; every array has the shape (series, periods asked about).

    Parameters
    ----------
    expected : numpy.ndarray
        Count that the past lets expect; NaN where the past is too short or too patchy.
    upper : numpy.ndarray
        Highest count that is no surprise, a whole number.
    p_value : numpy.ndarray
        Chance of a count as high as the one seen, or higher, if nothing has changed.
    dispersion : numpy.ndarray
        Variance related to that of a Poisson count, at least 1.
    trend : numpy.ndarray of bool
        Whether the trend was kept.
    enough : numpy.ndarray of bool
        Whether the latest four periods hold at least five cases.
    """

    expected: FloatArray
    upper: FloatArray
    p_value: FloatArray
    dispersion: FloatArray
    trend: NDArray[np.bool_]
    enough: NDArray[np.bool_]


def bound_farrington(
    counts: ArrayLike, at: Sequence[int] = (-1,), plan: FarringtonPlan | None = None
) -> FarringtonBounds:
    """Work out the bound of one or more periods of many series.

    Parameters
    ----------
    counts : array_like
        Cases, shape (series, time) or (time,); NaN is blank.
    at : sequence of int
        Positions of the periods asked about along the last axis; -1 is the latest.
    plan : FarringtonPlan, optional
        Three years of months when left out.

    Returns
    -------
    FarringtonBounds

    Raises
    ------
    ValueError
        When a count is negative or a position lies outside the series.

    References
    ----------
    Farrington, C. P., Andrews, N. J., Beale, A. D. & Catchpole, M. A. (1996). A statistical
    algorithm for the early detection of outbreaks of infectious disease. Journal of the Royal
    Statistical Society A 159, 547-563.
    Noufaily, A. et al. (2013). An improved algorithm for outbreak detection in multiple
    surveillance systems. Statistics in Medicine 32, 1206-1222.

    Examples
    --------
    >>> quiet = np.tile([4.0, 6.0, 5.0, 3.0], 12)
    >>> made = bound_farrington(np.append(quiet, 15.0))
    >>> made.upper[0, 0], bool(made.p_value[0, 0] < 0.01)
    (np.float64(10.0), True)
    """
    plan = plan or FarringtonPlan()
    table = np.atleast_2d(read_counts(counts))
    places = _read_places(at, table.shape[1])
    shape = (len(table), len(places))
    steps = _steps(plan)
    design = _design(steps, plan)
    held = [np.full(shape, np.nan) for _ in range(3)]
    trend = np.zeros(shape, dtype=np.bool_)
    usable = np.flatnonzero(places >= plan.needed)
    jobs = [(row, column) for row in range(len(table)) for column in usable]
    for start in range(0, len(jobs), AT_ONCE):
        rows, columns = np.array(jobs[start : start + AT_ONCE]).T
        past = table[rows[:, None], places[columns][:, None] + steps[None, :]]
        expected, dispersion, kept = _expect(past, design, plan)
        held[0][rows, columns], held[1][rows, columns] = expected, dispersion
        trend[rows, columns] = kept
    seen = table[:, places]
    upper, p_value = _judge(seen, held[0], held[1], plan.alpha)
    return FarringtonBounds(
        expected=held[0],
        upper=upper,
        p_value=p_value,
        dispersion=held[1],
        trend=trend,
        enough=count_lately(table, places) >= LEAST_CASES,
    )


def count_lately(counts: FloatArray, places: NDArray[np.intp]) -> FloatArray:
    """Count the cases of the latest four periods.

    Parameters
    ----------
    counts : numpy.ndarray
        Shape (series, time).
    places : numpy.ndarray of int
        Positions of the periods asked about, from 0.

    Returns
    -------
    numpy.ndarray
        Shape (series, places); blanks count as no case.

    Examples
    --------
    >>> count_lately(np.array([[9.0, 1.0, 0.0, 2.0, np.nan]]), np.array([4, 0]))
    array([[3., 9.]])
    """
    total = np.cumsum(np.nan_to_num(counts), axis=1)
    before = places - LEAST_PERIODS
    earlier = np.where(before >= 0, total[:, np.maximum(before, 0)], 0.0)
    held: FloatArray = total[:, places] - earlier
    return held


def _read_places(at: Sequence[int], length: int) -> NDArray[np.intp]:
    places = np.array(at, dtype=np.intp)
    wrong = (places < -length) | (places >= length)
    if wrong.any():
        raise ValueError(
            f"The position {places[wrong][0]} was asked about, and the series hold {length} "
            "periods, numbered from 0. Ask about a period that they hold."
        )
    return np.where(places < 0, places + length, places)


def _steps(plan: FarringtonPlan) -> NDArray[np.intp]:
    """Give the periods of the past, counted from the one asked about."""
    return np.arange(-plan.needed, -plan.excluded, dtype=np.intp)


def _design(steps: NDArray[np.intp], plan: FarringtonPlan) -> FloatArray:
    """Give an intercept (the season asked about), the trend a year, and the other seasons."""
    within = np.mod(steps, plan.frequency)
    rest = plan.frequency - 2 * plan.half_window - 1
    same = (within <= plan.half_window) | (within >= plan.frequency - plan.half_window)
    season = 1 + (within - plan.half_window - 1) * (plan.seasons - 1) // max(rest, 1)
    season = np.where(same, 0, season)
    others = [(season == k).astype(np.float64) for k in range(1, plan.seasons)]
    return np.column_stack([np.ones(len(steps)), steps / plan.frequency, *others])


def _expect(
    past: FloatArray, design: FloatArray, plan: FarringtonPlan
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    known = ~np.isnan(past)
    enough = known.mean(axis=1) >= LEAST_KNOWN
    highest = np.where(known, past, 0.0).max(axis=1)
    expected, dispersion, p_trend, settled = _fit_twice(past, design, plan)
    kept = enough & (expected <= highest) & (p_trend < plan.trend_p) & settled
    again = np.flatnonzero(~kept)
    if len(again):
        held = _fit_twice(past[again], np.delete(design, 1, axis=1), plan)
        expected[again], dispersion[again], _, settled[again] = held
    good = enough & settled
    return np.where(good, expected, np.nan), np.where(good, dispersion, np.nan), kept


def _fit_twice(
    past: FloatArray, design: FloatArray, plan: FarringtonPlan
) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.bool_]]:
    """Fit, let outbreaks of the past count less, and fit again."""
    from scipy import stats

    first = fit_quasi_poisson(past, design)
    noise = np.sqrt(np.fmax(first.dispersion, 1.0))[:, None]
    room = np.sqrt(np.maximum(1.0 - first.leverage, WHOLE_LEVERAGE))
    figures = np.nan_to_num(past)
    residual = 1.5 * (np.cbrt(figures) ** 2 - np.cbrt(first.fitted) ** 2)
    residual /= first.fitted ** (1 / 6) * noise * room
    trust = 1.0 / np.maximum(residual, plan.outlier) ** 2
    trust = np.where(residual > plan.outlier, trust, 1.0)
    known = ~np.isnan(past)
    trust *= (known.sum(axis=1) / np.maximum((trust * known).sum(axis=1), 1.0))[:, None]
    fit = fit_quasi_poisson(past, design, trust)
    dispersion = np.fmax(fit.dispersion, 1.0)
    error = np.sqrt(dispersion * fit.variance[:, 1])
    p_trend = 2 * stats.t.sf(np.abs(fit.coefficients[:, 1]) / error, np.maximum(fit.freedom, 1.0))
    # At a threshold of 1 every trend is kept, even one with a p-value of 1.
    p_trend = np.minimum(p_trend, np.nextafter(1.0, 0.0))
    return np.exp(fit.coefficients[:, 0]), dispersion, p_trend, fit.settled


def _judge(
    seen: FloatArray, expected: FloatArray, dispersion: FloatArray, alpha: float
) -> tuple[FloatArray, FloatArray]:
    """Take the estimates at their word: quantile and tail of the negative binomial."""
    from scipy import stats

    known = ~np.isnan(expected)
    mean = np.where(known, expected, 1.0)
    more = known & (dispersion > POISSON)
    size = mean / np.where(more, dispersion - 1.0, 1.0)
    chance = size / (size + mean)
    count = np.nan_to_num(seen) - 1.0
    upper = np.where(
        more, stats.nbinom.ppf(1 - alpha, size, chance), stats.poisson.ppf(1 - alpha, mean)
    )
    tail = np.where(more, stats.nbinom.sf(count, size, chance), stats.poisson.sf(count, mean))
    return np.where(known, upper, np.nan), np.where(known & ~np.isnan(seen), tail, np.nan)
