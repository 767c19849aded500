"""Negative binomial trends, for the longer series of a country or a region."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_level
from analysis.methods.reasons import NO_POPULATION, TOO_FEW, TOO_SHORT, mark
from analysis.methods.trends.label import EDGE_ONLY, LEAST_CASES
from analysis.methods.trends.regression import LogLinearFit, fit_series
from analysis.methods.trends.series import Series, read_series

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Mask = NDArray[np.bool_]

NO_MORE_THAN_CHANCE = mark("the counts scatter no more than chance, so Poisson was used")
NOT_SETTLED = mark("the scatter of the counts could not be settled")
LEAST_ALPHA = 1e-6
COEFFICIENTS = 2


@dataclass(frozen=True, eq=False)
class NegativeBinomialTrends:
    """Lines through the logarithm of rates whose counts scatter more than chance.

    All arrays have the shape of the leading axes; NaN where nothing is said.

    Parameters
    ----------
    change : Estimates
        Change of the rate in per cent a year, with its interval.
    slope, intercept : numpy.ndarray
        Of the logarithm of the rate; the intercept at the year 0 of the years that were given.
    slope_error, intercept_error : numpy.ndarray
        Standard errors.
    alpha : numpy.ndarray
        The variance of a count is ``mean + alpha * mean**2``; 0 where Poisson was used.
    log_likelihood : numpy.ndarray
        Of the model that was used.
    is_poisson : numpy.ndarray of bool
        Poisson was used instead.
    note : numpy.ndarray of str
        Why Poisson was used, or nothing is said; a message of the catalogs.
    """

    change: Estimates
    slope: FloatArray
    intercept: FloatArray
    slope_error: FloatArray
    intercept_error: FloatArray
    alpha: FloatArray
    log_likelihood: FloatArray
    is_poisson: Mask
    note: NDArray[np.object_]


def fit_negative_binomial(
    counts: ArrayLike,
    population: ArrayLike | None = None,
    years: ArrayLike | None = None,
    *,
    least_years: int = 15,
    level: float = 0.95,
    breaks: ArrayLike | None = None,
    given: ArrayLike | None = None,
) -> NegativeBinomialTrends:
    """Draw lines through counts that scatter more than chance, one series after the other.

    Parameters
    ----------
    counts : array_like, shape (..., years)
        Cases of a country or region; NaN where there is no figure.
    population : array_like, optional
        Persons, of the shape of the counts or one that spreads over it.
    years : array_like, shape (years,), optional
        Ascending; 0, 1, 2 ... when not given.
    least_years : int
        Years that a series has to have; the scatter cannot be told from fewer than 15.
    level : float
        Confidence level of the interval, by the t distribution.
    breaks : array_like, optional
        Breaks of series, as in :func:`~analysis.methods.trends.label.label_trends`.
    given : array_like of str, optional
        States of the counts, spreading over them. One withheld count blanks its series.

    Returns
    -------
    NegativeBinomialTrends
        Poisson, with a note, where the counts scatter no more than chance.

    Raises
    ------
    ValueError
        When the input is no series of counts.

    References
    ----------
    Cameron, A. C. and Trivedi, P. K. (2013). Regression Analysis of Count Data, 2nd ed.,
    section 3.3.

    Examples
    --------
    >>> trends = fit_negative_binomial([9, 2, 8, 3, 12, 1, 11, 5, 15, 2, 18, 6, 20, 4, 25])
    >>> round(float(trends.change.value), 1), round(float(trends.alpha), 2)
    (8.3, 0.38)
    """
    check_level(level)
    series = read_series(counts, population, years, breaks=breaks, given=given)
    poisson = fit_series(series, "poisson", level)
    ready = (
        (poisson.years_used >= least_years)
        & (poisson.cases >= LEAST_CASES)
        & np.isfinite(poisson.slope)
        & ~series.is_hidden.reshape(series.shape)
    )
    held = {
        name: np.where(ready, getattr(poisson, name), np.nan).ravel()
        for name in ("slope", "intercept", "slope_error", "intercept_error", "log_likelihood")
    }
    held["alpha"] = np.where(ready, 0.0, np.nan).ravel()
    note = np.full(len(series.counts), "", dtype=object)
    for row in np.flatnonzero(ready):
        line = (float(held["slope"][row]), float(held["intercept"][row]))
        found, note[row] = _fit_row(series, int(row), line)
        # Poisson would be too sure of itself where the counts scatter more than chance.
        silence = dict.fromkeys(held, np.nan) if note[row] == NOT_SETTLED else {}
        for name, value in (found | silence).items():
            held[name][row] = value
    shaped = {name: values.reshape(series.shape) for name, values in held.items()}
    said = note.reshape(series.shape)
    return NegativeBinomialTrends(
        change=_collect_change(shaped, poisson, series, least_years),
        is_poisson=np.asarray(said == NO_MORE_THAN_CHANCE, dtype=np.bool_),
        note=said,
        **shaped,
    )


def _fit_row(
    series: Series, row: int, poisson: tuple[float, float]
) -> tuple[dict[str, float], str]:
    """Fit one series; gives what was found, or nothing and why Poisson has to do."""
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ModelWarning

    used = series.used[row]
    counts, times = series.counts[row][used], series.years[used]
    middle, offset = float(times.mean()), np.log(series.exposure[row][used])
    slope, intercept = poisson
    mean = np.exp(intercept + slope * times + offset)
    excess = float(((counts - mean) ** 2 - counts).sum())
    # The likelihood falls from alpha 0 on when this is not positive: the maximum is at Poisson.
    if excess <= 0:
        return {}, NO_MORE_THAN_CHANCE
    line = [intercept + slope * middle, slope]
    guess = max(excess / float((mean**2).sum()), LEAST_ALPHA)
    design = np.column_stack([np.ones_like(times), times - middle])
    best: tuple[float, FloatArray] | None = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        # Newton's method runs away from a poor guess of the scatter, so several are tried.
        for alpha in (guess, guess / 4, guess * 4, guess / 20, guess * 20):
            try:
                fitted = sm.NegativeBinomial(counts, design, offset=offset).fit(
                    method="newton", start_params=[*line, alpha], maxiter=100, disp=0
                )
            except np.linalg.LinAlgError:
                continue
            params = np.asarray(fitted.params, dtype=np.float64)
            if fitted.converged and np.isfinite(params).all() and np.isfinite(fitted.llf):
                best = (float(fitted.llf), params)
                break
    if best is None:
        return {}, NOT_SETTLED
    log_likelihood, params = best
    if params[2] < LEAST_ALPHA:
        return {}, NO_MORE_THAN_CHANCE
    mean = np.exp(design @ params[:2] + offset)
    # What is to be expected of the line and of the scatter do not touch each other, so the
    # errors of the line are those of a regression with the scatter known.
    weight = mean / (1 + params[2] * mean)
    centre = float(weight @ times / weight.sum())
    spread = float(weight @ (times - centre) ** 2)
    return {
        "slope": float(params[1]),
        "intercept": float(params[0] - params[1] * middle),
        "slope_error": spread**-0.5,
        "intercept_error": float(np.sqrt(1 / weight.sum() + centre**2 / spread)),
        "alpha": float(params[2]),
        "log_likelihood": log_likelihood,
    }, ""


def _collect_change(
    found: dict[str, FloatArray], poisson: LogLinearFit, series: Series, least_years: int
) -> Estimates:
    from scipy import stats

    used = poisson.years_used
    freedom = np.where(used > COEFFICIENTS, used - float(COEFFICIENTS), np.nan)
    half = stats.t.isf((1 - poisson.level) / 2, freedom) * found["slope_error"]
    with np.errstate(over="ignore"):
        value, lower, upper = (
            100 * np.expm1(found["slope"] + side) for side in (np.zeros_like(half), -half, half)
        )
    some = used > 0
    return collect_estimates(
        np.where(np.isnan(found["slope"]), np.nan, value),
        {poisson.level: (lower, upper)},
        n=poisson.cases,
        method="annual change, negative binomial",
        unit="% per year",
        given=np.where(series.is_hidden.reshape(series.shape), "suppressed", "value"),
        refused=[
            (series.lacks_population.reshape(series.shape), NO_POPULATION),
            (some & (used < least_years), TOO_SHORT),
            (some & (poisson.cases < LEAST_CASES), TOO_FEW),
            (some & np.isnan(poisson.slope), EDGE_ONLY),
            (some & np.isnan(found["slope"]), NOT_SETTLED),
        ],
    )
