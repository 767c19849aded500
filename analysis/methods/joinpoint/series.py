"""Reading series over years: which of them can be fitted, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import check_same_shape, read_counts, read_exposure
from analysis.methods.reasons import (
    ALL_THE_SAME,
    NO_POPULATION,
    TOO_FEW,
    TOO_SHORT,
    mark,
)
from analysis.methods.states import blank_unusable, summarise_given

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

# Below these a joinpoint says more about chance than about the place.
FEWEST_YEARS = 12
FEWEST_CASES = 10

# What a year without a case counts as, so that it has a logarithm.
HALF = 0.5

ZERO_RATE = mark("a rate or a standard error of zero, which a trend in per cent cannot hold")


@dataclass(frozen=True, eq=False)
class LogSeries:
    """Series ready to be fitted, one a row, with the reasons why some may not be.

    Parameters
    ----------
    log_rates, weights, cases : numpy.ndarray
        Shape (series, years); NaN where there is no figure, and in series that are withheld.
    refused : tuple of (mask, reason)
        Masks of shape (series,).
    given : numpy.ndarray of str or None
        One state a series.
    leading : tuple of int
        Shape of the series as the caller has them.
    """

    log_rates: FloatArray
    weights: FloatArray
    cases: FloatArray
    refused: tuple[tuple[BoolArray, str], ...]
    given: NDArray[np.object_] | None
    leading: tuple[int, ...]

    @property
    def usable(self) -> BoolArray:
        """Which series can be fitted, shape (series,)."""
        barred = np.isnan(self.log_rates).all(axis=1)
        for mask, _ in self.refused:
            barred |= mask
        return np.asarray(~barred)


def relate_counts(counts: ArrayLike, population: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Turn cases and persons into crude rates and their standard errors.

    Parameters
    ----------
    counts, population : array_like
        Any shape, the same for both.

    Returns
    -------
    rates, errors : numpy.ndarray
        Same shape; NaN where there are no persons. No case counts as half a case.

    Raises
    ------
    ValueError
        When a count is negative, or the shapes differ.

    References
    ----------
    National Cancer Institute, Joinpoint help, for the half case.

    Examples
    --------
    >>> rates, errors = relate_counts([25, 0], [100, 100])
    >>> rates, errors.round(4)
    (array([0.25 , 0.005]), array([0.05  , 0.0071]))
    """
    cases, persons = read_counts(counts), read_exposure(population)
    check_same_shape(counts=cases, population=persons)
    shown = np.where(cases == 0, HALF, cases)
    there = np.where(persons > 0, persons, np.nan)
    return shown / there, np.sqrt(shown) / there


def prepare_counts(counts: ArrayLike, population: ArrayLike, given: ArrayLike | None) -> LogSeries:
    """Turn cases and persons into series that can be fitted.

    Parameters
    ----------
    counts, population : array_like
        Shape (..., years).
    given : array_like of str, optional
        States a series, or a series and year.

    Returns
    -------
    LogSeries
        A year without a case counts as half a case; the weight of a year is its cases, which is
        one over the variance of the logarithm of a crude rate.

    Raises
    ------
    ValueError
        When a count is negative, or the shapes differ.

    Examples
    --------
    >>> made = prepare_counts(np.full((1, 12), 20), np.full((1, 12), 1e4), None)
    >>> made.refused[-1][1], made.usable
    ('every value is the same, so nothing can be told apart', array([False]))
    """
    cases, persons = read_counts(counts), read_exposure(population)
    check_same_shape(counts=cases, population=persons)
    blank = np.isnan(cases) | np.isnan(persons)
    nobody = ~blank & (persons == 0)
    shown = np.where(blank | nobody, np.nan, np.where(cases == 0, HALF, cases))
    log_rates = np.log(shown / np.where(nobody, 1.0, persons))
    behind = np.where(blank, np.nan, cases)
    return _collect_series((log_rates, shown, behind), (nobody, NO_POPULATION), given)


def prepare_rates(
    rates: ArrayLike, errors: ArrayLike | None, cases: ArrayLike | None, given: ArrayLike | None
) -> LogSeries:
    """Turn rates and their standard errors into series that can be fitted.

    Parameters
    ----------
    rates : array_like
        Shape (..., years).
    errors : array_like, optional
        Standard errors of the rates, same shape; without them each year weighs the same.
    cases : array_like, optional
        Cases behind the rates, same shape. Without them ``(rate / error) ** 2`` stands for them.
    given : array_like of str, optional
        States a series, or a series and year.

    Returns
    -------
    LogSeries
        The weight of a year is ``(rate / error) ** 2``.

    Raises
    ------
    ValueError
        When a rate is negative, or the shapes differ.

    Examples
    --------
    >>> made = prepare_rates(np.linspace(1, 2, 12), None, None, None)
    >>> made.usable, made.leading
    (array([ True]), ())
    """
    read = read_exposure(rates, "rates")
    spread = np.ones_like(read) if errors is None else read_exposure(errors, "errors")
    check_same_shape(rates=read, errors=spread)
    blank = np.isnan(read) | np.isnan(spread)
    nothing = ~blank & ((read == 0) | (spread == 0))
    shown = np.where(blank | nothing, np.nan, read)
    weights = (shown / np.where(nothing, 1.0, spread)) ** 2
    if cases is not None:
        behind = read_counts(cases, "cases")
        check_same_shape(rates=read, cases=behind)
    else:
        behind = np.full_like(read, np.nan) if errors is None else weights
    if errors is None:
        weights = np.where(np.isnan(shown), np.nan, 1.0)
    return _collect_series((np.log(shown), weights, behind), (nothing, ZERO_RATE), given)


def _collect_series(
    figures: tuple[FloatArray, FloatArray, FloatArray],
    impossible: tuple[BoolArray, str],
    given: ArrayLike | None,
) -> LogSeries:
    shape = figures[0].shape
    states = summarise_given(given, shape)
    log_rates, weights, cases = (array.reshape(-1, shape[-1]).copy() for array in figures)
    log_rates[blank_unusable(given, shape)] = np.nan
    present = ~np.isnan(log_rates)
    weights[~present] = np.nan
    years = present.sum(axis=1)
    # Rates without a standard error do not tell how many cases they rest on.
    told = np.isfinite(cases) & present
    mean = np.where(told, cases, 0).sum(axis=1) / np.maximum(told.sum(axis=1), 1)
    highest = np.where(present, log_rates, -np.inf).max(axis=1)
    lowest = np.where(present, log_rates, np.inf).min(axis=1)
    flat: BoolArray = np.asarray((years > 0) & (highest <= lowest))
    refused: tuple[tuple[BoolArray, str], ...] = (
        (np.asarray(impossible[0].reshape(-1, shape[-1]).any(axis=1)), impossible[1]),
        ((years > 0) & (years < FEWEST_YEARS), TOO_SHORT),
        (told.any(axis=1) & (mean < FEWEST_CASES), TOO_FEW),
        (flat, ALL_THE_SAME),
    )
    if states is not None:
        states = states.ravel()
    return LogSeries(log_rates, weights, cases, refused, states, shape[:-1])
