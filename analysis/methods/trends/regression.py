"""Poisson regression of counts on the year, for many series at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from analysis.methods.inputs import check_level
from analysis.methods.trends.likelihood import Fitted, find_slopes, measure_fit
from analysis.methods.trends.series import Series, read_series

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

Dispersion = Literal["at_least_one", "quasi", "poisson"]
COEFFICIENTS = 2
SCATTER_OF_ROUNDING = 1e-20


@dataclass(frozen=True, eq=False)
class LogLinearFit:
    """A straight line through the logarithm of the rate, for every series.

    All arrays have the shape of the leading axes; NaN where no line can be drawn.

    Parameters
    ----------
    slope, intercept : numpy.ndarray
        Of the logarithm of the rate; the intercept at the year 0 of the years that were given.
    slope_error, intercept_error : numpy.ndarray
        Standard errors, with the dispersion in them.
    lower, upper : numpy.ndarray
        Limits of the slope.
    dispersion : numpy.ndarray
        Variance of a count by its mean, as it went into the errors.
    deviance, log_likelihood : numpy.ndarray
        Of the Poisson model.
    p : numpy.ndarray
        Test of the slope by what it explains: F test, or chi-square test without a dispersion.
    p_slope : numpy.ndarray
        Test of the slope by its error: t test, or normal test without a dispersion.
    cases, years_used : numpy.ndarray
        What went in.
    level : float
        Confidence level of the limits.
    """

    slope: FloatArray
    intercept: FloatArray
    slope_error: FloatArray
    intercept_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    dispersion: FloatArray
    deviance: FloatArray
    log_likelihood: FloatArray
    p: FloatArray
    p_slope: FloatArray
    cases: FloatArray
    years_used: NDArray[np.int64]
    level: float


def fit_log_linear(
    counts: ArrayLike,
    population: ArrayLike | None = None,
    years: ArrayLike | None = None,
    *,
    dispersion: Dispersion = "at_least_one",
    level: float = 0.95,
) -> LogLinearFit:
    """Draw a line through the logarithm of the rate of many series.

    The model is ``log(mean) = intercept + slope * year + log(population)`` with Poisson counts
    whose variance is ``dispersion`` times their mean.

    Parameters
    ----------
    counts : array_like, shape (..., years)
        Cases; NaN where there is no figure. Such a year is left out.
    population : array_like, optional
        Persons, of the shape of the counts or one that spreads over it. A year without a
        population, or with none living there, is left out.
    years : array_like, shape (years,), optional
        Ascending; 0, 1, 2 ... when not given.
    dispersion : str
        ``at_least_one`` takes Pearson's chi-square by its degrees of freedom, yet never less
        than 1; ``quasi`` takes it as it is; ``poisson`` takes 1.
    level : float
        Confidence level of the limits of the slope.

    Returns
    -------
    LogLinearFit
        NaN for a series without cases, with fewer than two years, or whose cases all fall into
        its first or into its last year, where the slope has no bound.

    Raises
    ------
    ValueError
        When the input is no series of counts, or the kind of dispersion is unknown.

    References
    ----------
    McCullagh, P. and Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., chapters 6 and 9.

    Examples
    --------
    >>> fit = fit_log_linear([[10, 12, 15, 18, 22]])
    >>> fit.slope.round(3), fit.dispersion
    (array([0.198]), array([1.]))
    """
    check_level(level)
    if dispersion not in get_args(Dispersion):
        raise ValueError(
            f"The dispersion '{dispersion}' is unknown. Choose 'at_least_one', 'quasi' or "
            "'poisson'."
        )
    return fit_series(read_series(counts, population, years), dispersion, level)


def fit_series(series: Series, dispersion: Dispersion, level: float) -> LogLinearFit:
    """Draw the line of :func:`fit_log_linear` through series that were read.

    Parameters
    ----------
    series : Series
        From :func:`~analysis.methods.trends.series.read_series`.
    dispersion : str
        Kind of dispersion.
    level : float
        Confidence level.

    Returns
    -------
    LogLinearFit

    Examples
    --------
    >>> round(float(fit_series(read_series([3, 4, 5]), "poisson", 0.95).slope), 2)
    0.25
    """
    # Times near -1 to 1: slopes of one size, whatever the length of the series.
    middle = float(series.years.mean()) if len(series.years) else 0.0
    scale = float(np.ptp(series.years)) / 2 if len(series.years) > 1 else 1.0
    fitted = _fit_blocks(series, (series.years - middle) / scale)
    used = series.used.sum(axis=1)
    cases = series.counts.sum(axis=1)
    freedom = np.where(used > COEFFICIENTS, used - float(COEFFICIENTS), np.nan)
    spread, slope = fitted.spread, fitted.slope
    factor = _find_dispersion(fitted, freedom, dispersion)
    error = np.sqrt(factor / spread)
    # Where the year 0 lies, seen from the centre of the expected cases.
    away = fitted.centre + middle / scale
    p, p_slope, width = _judge(fitted.explained / factor, slope / error, freedom, dispersion, level)
    with np.errstate(divide="ignore"):
        intercept_error = np.sqrt(factor * (1 / cases + away**2 / spread))
    found = {
        "slope": slope / scale,
        "intercept": fitted.height - slope * middle / scale,
        "slope_error": error / scale,
        "intercept_error": intercept_error,
        "lower": (slope - width * error) / scale,
        "upper": (slope + width * error) / scale,
        "dispersion": factor,
        "deviance": fitted.deviance,
        "log_likelihood": _find_log_likelihood(series, fitted.deviance),
        "p": p,
        "p_slope": p_slope,
        "cases": cases,
    }
    shaped = {name: values.reshape(series.shape) for name, values in found.items()}
    return LogLinearFit(**shaped, years_used=used.reshape(series.shape), level=level)


def _fit_blocks(series: Series, times: FloatArray) -> Fitted:
    parts = []
    for rows in series.blocks():
        counts, exposure = series.counts[rows], series.exposure[rows]
        parts.append(measure_fit(counts, exposure, times, find_slopes(counts, exposure, times)))
    if not parts:
        return Fitted(*(np.empty(0) for _ in Fitted._fields))
    return Fitted(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _find_dispersion(fitted: Fitted, freedom: FloatArray, kind: Dispersion) -> FloatArray:
    if kind == "poisson":
        return np.where(np.isnan(fitted.slope), np.nan, 1.0)
    factor = fitted.pearson / freedom
    if kind == "at_least_one":
        return np.maximum(factor, 1.0)
    # Counts on the very line leave nothing to measure their scatter by.
    return np.where(factor > SCATTER_OF_ROUNDING, factor, np.nan)


def _judge(
    explained: FloatArray, distance: FloatArray, freedom: FloatArray, kind: Dispersion, level: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give both p-values, and the width of the interval in standard errors."""
    from scipy import stats

    if kind == "poisson":
        normal = np.full(explained.shape, float(stats.norm.isf((1 - level) / 2)))
        return stats.chi2.sf(explained, 1), 2 * stats.norm.sf(np.abs(distance)), normal
    return (
        stats.f.sf(explained, 1, freedom),
        2 * stats.t.sf(np.abs(distance), freedom),
        stats.t.isf((1 - level) / 2, freedom),
    )


def _find_log_likelihood(series: Series, deviance: FloatArray) -> FloatArray:
    """Work back from the deviance: a model of one coefficient a count has the deviance 0."""
    from scipy.special import gammaln, xlogy

    counts = series.counts
    most = (xlogy(counts, counts) - counts - gammaln(counts + 1)).sum(axis=1)
    return np.asarray(most - deviance / 2, dtype=np.float64)
