"""Joinpoints of many series: from cases and persons, or from rates and standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.methods.inputs import check_level
from analysis.methods.joinpoint.changes import collect_changes
from analysis.methods.joinpoint.choose import choose_models
from analysis.methods.joinpoint.series import prepare_counts, prepare_rates
from analysis.methods.joinpoint.years import read_years

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.estimates import Estimates
    from analysis.methods.joinpoint.series import LogSeries

    FloatArray = NDArray[np.float64]

    Choice = Literal["bic3", "wbic", "bic"] | int


@dataclass(frozen=True, eq=False)
class JoinpointFit:
    """Where the trends of series turn, and the change a year between the turns.

    Every array leads with the axes of the series. Series with fewer joinpoints than others have
    NaN in the places that they do not fill.

    Parameters
    ----------
    years : numpy.ndarray
        Years of the series, shape (years,).
    number : numpy.ndarray
        Joinpoints chosen for each series; NaN where the method is silent.
    joinpoints : numpy.ndarray
        Years in which the trend turns, shape (..., most).
    starts, ends : numpy.ndarray
        First and last year of each segment, shape (..., most + 1).
    apc : Estimates
        Change a year within each segment, in per cent, shape (..., most + 1).
    aapc : Estimates
        Average change a year over the whole period, in per cent.
    p_values : numpy.ndarray
        Probability of a slope as steep if the rate stood still, shape (..., most + 1).
    scores : mapping of str to numpy.ndarray
        Criterion for each number of joinpoints, shape (..., most + 1); the smallest is the best.
    choices : mapping of str to numpy.ndarray
        Joinpoints that each criterion would choose.
    fitted : numpy.ndarray
        Fitted rates, shape (..., years).
    criterion : str
        What chose the number of joinpoints.

    Examples
    --------
    >>> years = np.arange(2008, 2024)
    >>> rates = 4 * 1.05 ** np.minimum(years - 2008, 6) * 0.97 ** np.maximum(years - 2014, 0)
    >>> fit = fit_rate_joinpoints(rates, None, years)
    >>> float(fit.joinpoints[0]), fit.apc.value[:2].round(2)
    (2014.0, array([ 5., -3.]))
    """

    years: FloatArray
    number: FloatArray
    joinpoints: FloatArray
    starts: FloatArray
    ends: FloatArray
    apc: Estimates
    aapc: Estimates
    p_values: FloatArray
    scores: Mapping[str, FloatArray]
    choices: Mapping[str, FloatArray]
    fitted: FloatArray
    criterion: str

    @property
    def significant(self) -> NDArray[np.bool_]:
        """Where a change differs from none at the level of the limits that are shown."""
        return np.asarray(self.p_values < 1 - self.apc.level)


def fit_count_joinpoints(
    counts: ArrayLike,
    population: ArrayLike,
    years: ArrayLike,
    *,
    most: int | None = None,
    choose: Choice = "bic3",
    level: float = 0.95,
    given: ArrayLike | None = None,
) -> JoinpointFit:
    """Find the years in which rates of cases turn, and the change a year in between.

    Parameters
    ----------
    counts : array_like
        Cases, shape (..., years). A year without a case counts as half a case.
    population : array_like
        Persons, same shape.
    years : array_like
        Shape (years,), ascending.
    most : int, optional
        Most joinpoints that are tried; by default as many as the length of the series carries.
    choose : str or int
        ``bic3``, ``wbic`` or ``bic`` chooses the number of joinpoints; a number sets it.
    level : float
        Confidence level.
    given : array_like of str, optional
        States of the inputs, one a series or one a series and year.

    Returns
    -------
    JoinpointFit
        Silent for series of fewer than 12 years, or of fewer than 10 cases a year on average.

    Raises
    ------
    ValueError
        When a count is negative, shapes differ, years do not ascend or the choice is unknown.

    References
    ----------
    Kim HJ, Fay MP, Feuer EJ, Midthune DN (2000), Permutation tests for joinpoint regression with
    applications to cancer rates, Statistics in Medicine 19:335-351. Clegg LX et al. (2009),
    Statistics in Medicine 28:3670-3682.

    Examples
    --------
    >>> years = np.arange(2008, 2024)
    >>> counts = np.round(200 * 1.1 ** np.minimum(years - 2008, 7))
    >>> fit = fit_count_joinpoints(counts, np.full(16, 50_000), years)
    >>> float(fit.joinpoints[0]), fit.apc.value[:2].round(1)
    (2015.0, array([10.,  0.]))
    """
    series = prepare_counts(counts, population, given)
    return _fit_series(series, years, most, choose, level)


def fit_rate_joinpoints(
    rates: ArrayLike,
    errors: ArrayLike | None,
    years: ArrayLike,
    *,
    cases: ArrayLike | None = None,
    most: int | None = None,
    choose: Choice = "bic3",
    level: float = 0.95,
    given: ArrayLike | None = None,
) -> JoinpointFit:
    """Find the years in which rates turn, such as standardised rates with their errors.

    Parameters
    ----------
    rates : array_like
        Shape (..., years). A rate of zero has no logarithm: its series is silent.
    errors : array_like or None
        Standard errors, same shape; None gives each year the same weight.
    years : array_like
        Shape (years,), ascending.
    cases : array_like, optional
        Cases behind the rates, same shape; without them ``(rate / error) ** 2`` stands for them.
    most : int, optional
        Most joinpoints that are tried; by default as many as the length of the series carries.
    choose : str or int
        ``bic3``, ``wbic`` or ``bic`` chooses the number of joinpoints; a number sets it.
    level : float
        Confidence level.
    given : array_like of str, optional
        States of the inputs, one a series or one a series and year.

    Returns
    -------
    JoinpointFit
        Silent for series of fewer than 12 years, or of fewer than 10 cases a year on average.

    Raises
    ------
    ValueError
        When a rate is negative, shapes differ, years do not ascend or the choice is unknown.

    References
    ----------
    Kim HJ, Fay MP, Feuer EJ, Midthune DN (2000), Statistics in Medicine 19:335-351. Clegg LX et
    al. (2009), Statistics in Medicine 28:3670-3682.

    Examples
    --------
    >>> fit = fit_rate_joinpoints([3.0, 4.0, 5.0], None, [2020, 2021, 2022])
    >>> fit.aapc.at().reason
    'not enough years to say'
    """
    series = prepare_rates(rates, errors, cases, given)
    return _fit_series(series, years, most, choose, level)


def _fit_series(
    series: LogSeries, years: ArrayLike, most: int | None, choose: Choice, level: float
) -> JoinpointFit:
    check_level(level)
    read = read_years(years, series.log_rates.shape[1])
    models = choose_models(series, read, most, choose)
    apc, aapc, p_values = collect_changes(series, read, models, level)
    shape = series.leading
    wide = (*shape, models.slopes.shape[1])
    return JoinpointFit(
        years=read,
        number=models.number.reshape(shape),
        joinpoints=models.joinpoints.reshape(*shape, models.joinpoints.shape[1]),
        starts=models.starts.reshape(wide),
        ends=models.ends.reshape(wide),
        apc=apc,
        aapc=aapc,
        p_values=p_values,
        scores={name: models.scores[name].reshape(wide) for name in models.scores},
        choices={name: models.choices[name].reshape(shape) for name in models.choices},
        fitted=np.exp(models.fitted).reshape(*shape, len(read)),
        criterion=choose if isinstance(choose, str) else f"set to {choose}",
    )
