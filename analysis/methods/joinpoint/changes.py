"""From slopes on the log scale to changes a year in per cent, with limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import collect_estimates
from analysis.methods.reasons import TOO_SHORT, mark

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.estimates import Estimates
    from analysis.methods.joinpoint.choose import Models
    from analysis.methods.joinpoint.series import LogSeries

    FloatArray = NDArray[np.float64]

UNIT = "% a year"
NO_SUCH_SEGMENT = mark("this series has fewer segments")


def collect_changes(
    series: LogSeries, years: FloatArray, models: Models, level: float
) -> tuple[Estimates, Estimates, FloatArray]:
    """Collect the change a year of each segment, and on average over the whole period.

    Parameters
    ----------
    series : LogSeries
        What was fitted.
    years : numpy.ndarray
        Shape (years,).
    models : Models
        What was found.
    level : float
        Confidence level.

    Returns
    -------
    apc : Estimates
        Shape (..., most + 1).
    aapc : Estimates
        Shape (...).
    p_values : numpy.ndarray
        Shape (..., most + 1).

    Notes
    -----
    Limits of a segment take Student's t. Those of the average over several segments take the
    normal distribution, as the reference software does; with one segment the two are the same.

    References
    ----------
    Clegg LX, Hankey BF, Tiwari R, Feuer EJ, Edwards BK (2009), Estimating average annual per cent
    change in trend analysis, Statistics in Medicine 28:3670-3682.

    Examples
    --------
    >>> from analysis.methods.joinpoint.choose import choose_models
    >>> from analysis.methods.joinpoint.series import prepare_rates
    >>> years = np.arange(2000.0, 2012)
    >>> series = prepare_rates(1.02**years, None, None, None)
    >>> models = choose_models(series, years, None, "bic3")
    >>> apc, aapc, _ = collect_changes(series, years, models, 0.95)
    >>> round(aapc.at().value, 6), apc.at(1).reason
    (2.0, 'this series has fewer segments')
    """
    from scipy import stats

    shape, most = series.leading, models.slopes.shape[1]
    wide = (*shape, most)
    freedom = models.freedom[:, None]
    reach = stats.t.ppf((1 + level) / 2, freedom)
    apc = collect_estimates(
        _to_percent(models.slopes).reshape(wide),
        {level: _limits(models.slopes, reach * models.errors, wide)},
        n=_sum_cases(series, years, models.starts, models.ends).reshape(wide),
        method="joinpoint annual change",
        unit=UNIT,
        given=None if series.given is None else series.given.reshape(*shape, 1),
        refused=_refuse(series, models, wide),
    )
    held = np.where(np.isnan(models.shares), 0.0, models.shares)
    average = (held * np.where(np.isnan(models.slopes), 0.0, models.slopes)).sum(axis=1)
    average[np.isnan(models.number)] = np.nan
    error = np.sqrt(
        ((held * np.where(np.isnan(models.errors), 0.0, models.errors)) ** 2).sum(axis=1)
    )
    reach = np.where(models.number == 0, reach[:, 0], stats.norm.ppf((1 + level) / 2))
    first = np.where(np.isnan(models.number), np.nan, years[0])[:, None]
    last = np.where(np.isnan(models.number), np.nan, years[-1])[:, None]
    aapc = collect_estimates(
        _to_percent(average).reshape(shape),
        {level: _limits(average, reach * error, shape)},
        n=_sum_cases(series, years, first, last).reshape(shape),
        method="joinpoint average annual change",
        unit=UNIT,
        given=None if series.given is None else series.given.reshape(shape),
        refused=_refuse(series, models, shape),
    )
    sure = models.errors > 0
    steep = np.abs(models.slopes) / np.where(sure, models.errors, 1.0)
    p_values = 2 * stats.t.sf(np.where(sure, steep, np.inf), freedom)
    p_values = np.where(np.isnan(models.slopes) | np.isnan(models.errors), np.nan, p_values)
    return apc, aapc, np.asarray(p_values.reshape(wide))


def _to_percent(slope: FloatArray) -> FloatArray:
    return np.asarray(100 * np.expm1(slope))


def _limits(
    slope: FloatArray, reach: FloatArray, shape: tuple[int, ...]
) -> tuple[FloatArray, FloatArray]:
    low, high = _to_percent(slope - reach), _to_percent(slope + reach)
    return low.reshape(shape), high.reshape(shape)


def _sum_cases(
    series: LogSeries, years: FloatArray, starts: FloatArray, ends: FloatArray
) -> FloatArray:
    """Cases from the first to the last year of each segment; a joinpoint's year is in both."""
    told = np.isfinite(series.cases) & ~np.isnan(series.log_rates)
    cases = np.where(told, series.cases, 0.0)
    within = (years >= starts[..., None]) & (years <= ends[..., None])
    total = (within * cases[:, None, :]).sum(axis=-1)
    untold = np.isnan(starts) | (told.sum(axis=1) == 0)[:, None]
    return np.asarray(np.where(untold, np.nan, total))


def _refuse(
    series: LogSeries, models: Models, shape: tuple[int, ...]
) -> list[tuple[NDArray[np.bool_], str]]:
    """Reasons of whole series first, then of segments that a series does not have."""
    wide = len(shape) > len(series.leading)

    def spread(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        held = mask.reshape(*series.leading, 1) if wide else mask.reshape(series.leading)
        return np.asarray(np.broadcast_to(held, shape))

    made = [(spread(mask), reason) for mask, reason in series.refused]
    made.append((spread(series.usable & np.isnan(models.number)), TOO_SHORT))
    if wide:
        beyond = ~np.isnan(models.number)[:, None] & np.isnan(models.slopes)
        made.append((beyond.reshape(shape), NO_SUCH_SEGMENT))
    return made
