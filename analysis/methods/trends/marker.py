"""The marker of a recent trend as the English health profiles show it, and Armitage's test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_same_shape, read_counts, read_exposure, read_values
from analysis.methods.reasons import TOO_SHORT
from analysis.methods.trends.series import read_years, spread_over

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Mask = NDArray[np.bool_]

POINTS = 5
CRITICAL = 9.54953570608324  # chi-square of one degree of freedom that chance exceeds once in 500
WIDTH_OF_INTERVAL = 3.92  # standard errors between the limits of 95 %
MARKER_LEVEL = 0.998
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class RecentTrends:
    """Markers of recent trends; all arrays have the shape of the leading axes.

    Parameters
    ----------
    slope : Estimates
        Change a year over the last five points, in the unit of the values, with limits of 99.8 %.
    chi_square : numpy.ndarray
        Of the slope, one degree of freedom.
    is_robust : numpy.ndarray of bool
        The slope keeps its sign whichever of the five points is left out.
    marker : numpy.ndarray of str
        ``increasing``, ``decreasing``, ``no significant change`` or ``cannot be calculated``;
        blank where a value is withheld.
    """

    slope: Estimates
    chi_square: FloatArray
    is_robust: Mask
    marker: NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class ProportionTrends:
    """Armitage's test for every series; NaN where there is nothing to test.

    Parameters
    ----------
    chi_square : numpy.ndarray
        One degree of freedom.
    p : numpy.ndarray
        Its p-value.
    """

    chi_square: FloatArray
    p: FloatArray


def mark_recent_trends(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    years: ArrayLike | None = None,
    *,
    given: ArrayLike | None = None,
    unit: str = "per year",
) -> RecentTrends:
    """Mark the recent trend of many series by their last five points, as Fingertips does.

    Parameters
    ----------
    value : array_like, shape (..., years)
        Rates, proportions or means; NaN where there is none.
    lower, upper : array_like, shape (..., years)
        Limits of 95 %. A point whose limits are blank or do not differ cannot be weighed and is
        left out.
    years : array_like, shape (years,), optional
        Ascending; 0, 1, 2 ... when not given. A missing year leaves its gap.
    given : array_like of str, optional
        States of the values, spreading over them. A withheld value from the first of the five
        points on blanks its series.
    unit : str
        Unit of the slope.

    Returns
    -------
    RecentTrends

    Raises
    ------
    ValueError
        When shapes differ, or an upper limit lies below its lower one.

    References
    ----------
    Office for Health Improvement and Disparities (2018). Public health technical guidance:
    Fingertips trend markers.

    Examples
    --------
    >>> value = np.array([[78.4, 101.0, 117.3, 152.7, 183.4]])
    >>> marked = mark_recent_trends(value, value - 25, value + 30)
    >>> list(marked.marker), marked.slope.value.round(1)
    (['increasing'], array([26.2]))
    """
    rates, low, high = (
        read_values(part, name)
        for part, name in ((value, "value"), (lower, "lower"), (upper, "upper"))
    )
    check_same_shape(value=rates, lower=low, upper=high)
    if rates.ndim == 0:
        raise ValueError("value is a single number, and a trend needs one value a year.")
    if (high < low).any():
        raise ValueError(
            f"An upper limit of {high[high < low][0]:g} lies below its lower limit of "
            f"{low[high < low][0]:g}. Check whether the two were exchanged."
        )
    times = read_years(years, rates.shape[-1])
    valid = np.isfinite(rates) & (high > low)
    hidden_cells = np.zeros(rates.shape, dtype=np.bool_)
    if given is not None:
        states = spread_over(np.asarray(given, dtype=object), rates, "given")
        hidden_cells = np.asarray(states == "suppressed", dtype=np.bool_)
        valid &= ~np.isin(states.astype(str), ["suppressed", "no_data", "not_applicable"])
    # Places of the last five valid points, in order; -1 where there are fewer.
    places = np.sort(np.where(valid, np.arange(len(times)), -1), axis=-1)[..., -POINTS:]
    enough = (places >= 0).sum(axis=-1) == POINTS
    start = np.where(enough, places.min(axis=-1, initial=len(times)), 0)
    after = np.arange(len(times)) >= start[..., None]
    hidden = np.asarray((hidden_cells & after).any(axis=-1), dtype=np.bool_)
    told = enough & ~hidden
    held = valid & told[..., None]
    points = np.maximum(places, 0)
    weight = _take(np.where(held, (high - low) / WIDTH_OF_INTERVAL, np.inf), points) ** -2.0
    rate = _take(np.where(held, rates, 0.0), points)
    slope, squares = _weigh_slope(rate, weight, times[points])
    robust = np.asarray(told & _keeps_sign(rate, weight, times[points]), dtype=np.bool_)
    chi_square = np.asarray(slope**2 * squares, dtype=np.float64)
    beyond = robust & (chi_square > CRITICAL)
    marker = np.full(told.shape, "no significant change", dtype=object)
    marker[beyond & (slope > 0)] = "increasing"
    marker[beyond & (slope < 0)] = "decreasing"
    marker[~enough] = "cannot be calculated"
    marker[hidden] = ""
    half = np.sqrt(CRITICAL / squares)
    estimates = collect_estimates(
        slope,
        {MARKER_LEVEL: (slope - half, slope + half)},
        n=(places >= 0).sum(axis=-1),
        method="recent trend, last five points",
        unit=unit,
        given=np.where(hidden, "suppressed", "value"),
        refused=[(valid.any(axis=-1) & ~enough, TOO_SHORT)],
    )
    for array in (chi_square, robust, marker):
        array.flags.writeable = False
    return RecentTrends(estimates, chi_square, robust, marker)


def check_proportion_trends(
    cases: ArrayLike, persons: ArrayLike, years: ArrayLike | None = None
) -> ProportionTrends:
    """Test many series of proportions for a straight rise or fall.

    Parameters
    ----------
    cases : array_like, shape (..., years)
        Persons to whom it applies; NaN where there is no figure.
    persons : array_like, shape (..., years)
        Persons that were looked at.
    years : array_like, shape (years,), optional
        Ascending; 0, 1, 2 ... when not given.

    Returns
    -------
    ProportionTrends
        NaN where it applies to nobody or to everybody, or there is a single year.

    Raises
    ------
    ValueError
        When shapes differ, or there are more cases than persons.

    References
    ----------
    Armitage, P. (1955). Tests for linear trends in proportions and frequencies. Biometrics 11,
    375-386.

    Examples
    --------
    >>> round(float(check_proportion_trends([10, 20, 30], [100, 100, 100]).chi_square), 2)
    12.5
    """
    from scipy.stats import chi2

    part, whole = read_counts(cases, "cases"), read_exposure(persons, "persons")
    check_same_shape(cases=part, persons=whole)
    if part.ndim == 0:
        raise ValueError("cases is a single number, and a trend needs one count a year.")
    times = read_years(years, part.shape[-1])
    if (part > whole).any():
        raise ValueError(
            f"There are {part[part > whole][0]:g} cases among {whole[part > whole][0]:g} persons, "
            "and a part is no larger than its whole. Check whether the two were exchanged."
        )
    used = np.isfinite(part) & (whole > 0)
    part, whole = np.where(used, part, 0.0), np.where(used, whole, 0.0)
    total = whole.sum(axis=-1)
    share = np.divide(part.sum(axis=-1), total, out=np.zeros_like(total), where=total > 0)
    centre = np.divide(whole @ times, total, out=np.zeros_like(total), where=total > 0)
    away = times - centre[..., None]
    covariance = ((part - whole * share[..., None]) * away).sum(axis=-1)
    variance = share * (1 - share) * (whole * away**2).sum(axis=-1)
    chi_square = np.full(total.shape, np.nan)
    np.divide(covariance**2, variance, out=chi_square, where=variance > 0)
    return ProportionTrends(chi_square, np.asarray(chi2.sf(chi_square, 1), dtype=np.float64))


def _take(array: FloatArray, places: NDArray[np.intp]) -> FloatArray:
    return np.asarray(np.take_along_axis(array, places, axis=-1), dtype=np.float64)


def _weigh_slope(
    rate: FloatArray, weight: FloatArray, times: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Weighted least squares; gives the slope and the sum of squares that it rests on."""
    total = weight.sum(axis=-1, keepdims=True)
    total = np.where(total > 0, total, np.nan)
    away = times - (weight * times).sum(axis=-1, keepdims=True) / total
    squares = (weight * away**2).sum(axis=-1)
    squares = np.where(squares > 0, squares, np.nan)
    moved = (weight * away * rate).sum(axis=-1)
    size = (weight * np.abs(away * rate)).sum(axis=-1)
    return np.where(np.abs(moved) > ROUNDING * size, moved, 0.0) / squares, squares


def _keeps_sign(rate: FloatArray, weight: FloatArray, times: FloatArray) -> Mask:
    """Tell whether the slope keeps its sign, and is not zero, without each point in turn."""
    signs = []
    for place in range(rate.shape[-1]):
        without = weight.copy()
        without[..., place] = 0.0
        signs.append(np.sign(_weigh_slope(rate, without, times)[0]))
    stacked = np.stack(signs, axis=-1) if signs else np.zeros((*rate.shape[:-1], 1))
    return np.asarray(np.abs(stacked.sum(axis=-1)) == POINTS, dtype=np.bool_)
