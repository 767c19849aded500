"""Two rates that are both uncertain: how many times as high, and by how much higher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_same_shape, read_counts, read_exposure
from analysis.methods.rates.crude import estimate_rate
from analysis.methods.rates.intervals import LEVELS, bound_share
from analysis.methods.reasons import NO_POPULATION, mark
from analysis.methods.states import join_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Pair = tuple[FloatArray, FloatArray]

NO_CASE_TO_COMPARE = mark("no case to compare with")


@dataclass(frozen=True, eq=False)
class RateRatio:
    """Ratios of two rates, with the chance of such a ratio where the rates are the same.

    Parameters
    ----------
    estimates : Estimates
        The ratios; 1 is the same rate.
    p_value : numpy.ndarray
        Two-sided p-values against a ratio of 1; NaN where nothing may be said. Where the other
        side has no case there is no ratio, and yet a p-value.
    """

    estimates: Estimates
    p_value: FloatArray


def estimate_ratio(
    counts: ArrayLike,
    population: ArrayLike,
    other_counts: ArrayLike,
    other_population: ArrayLike,
    *,
    levels: float | Sequence[float] = LEVELS,
    given: ArrayLike | None = None,
    other_given: ArrayLike | None = None,
) -> RateRatio:
    """Estimate how many times as high one rate is as another, exactly for small counts.

    Given the sum of both counts, the first is binomial; Clopper and Pearson's limits of its share
    become limits of the ratio. The p-value is twice the smaller tail, so that it is below 0.05
    just where the 95 % limits leave out 1.

    Parameters
    ----------
    counts, population : array_like
        Cases and residents of the first side, one shape; NaN is a blank.
    other_counts, other_population : array_like
        Cases and residents of the other side, same shape. The sides must not overlap.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    given, other_given : array_like of str, optional
        States of the counts; either being suppressed blanks the ratio and its p-value.

    Returns
    -------
    RateRatio
        ``n`` is the count of the first side.

    Raises
    ------
    ValueError
        When shapes differ or a count is negative.

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31, 313; Clopper and Pearson (1934), Biometrika
    26, 404.

    Examples
    --------
    >>> made = estimate_ratio([12], [10000], [300], [500000])
    >>> made.estimates.value.round(2), made.estimates.lower.round(2), made.p_value.round(3)
    (array([2.]), array([1.02]), array([0.043]))
    """
    cases, persons = read_counts(counts), read_exposure(population)
    others = read_counts(other_counts, "other_counts")
    others_persons = read_exposure(other_population, "other_population")
    check_same_shape(
        counts=cases, population=persons, other_counts=others, other_population=others_persons
    )
    nobody = (persons == 0) | (others_persons == 0)
    weight = others_persons / np.where(nobody, np.nan, persons)
    both = cases + others
    without = others == 0
    ratio = cases / np.where(without, np.nan, others) * weight
    limits = {}
    for level, (low, high) in bound_share(cases, both, levels, "exact").items():
        limits[level] = (_odds(low) * weight, _odds(high) * weight)
    estimates = collect_estimates(
        ratio,
        limits,
        n=cases,
        method="exact rate ratio",
        unit="times",
        given=join_states(given, other_given),
        refused=[(nobody, NO_POPULATION), (without & ~np.isnan(cases), NO_CASE_TO_COMPARE)],
    )
    chance = _double_tail(cases, others, 1 / (1 + weight))
    told = estimates.is_number | np.asarray(estimates.reason == NO_CASE_TO_COMPARE, dtype=np.bool_)
    chance[~told | (both == 0)] = np.nan
    chance.flags.writeable = False
    return RateRatio(estimates, chance)


def estimate_difference(
    counts: ArrayLike,
    population: ArrayLike,
    other_counts: ArrayLike,
    other_population: ArrayLike,
    *,
    per: float = 1000,
    levels: float | Sequence[float] = LEVELS,
    given: ArrayLike | None = None,
    other_given: ArrayLike | None = None,
) -> Estimates:
    """Estimate by how much one rate exceeds another.

    The limits recover the variance of each side from its own limits (exact below 10 cases, Byar
    from 10 on), so they suit small counts and agree with what is printed for each side.

    Parameters
    ----------
    counts, population : array_like
        Cases and residents of the first side, one shape; NaN is a blank.
    other_counts, other_population : array_like
        Cases and residents of the other side, same shape. The sides must not overlap.
    per : float
        How many residents the rates are for.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    given, other_given : array_like of str, optional
        States of the counts; either being suppressed blanks the difference.

    Returns
    -------
    Estimates
        First rate less the other; ``n`` is the count of the first side.

    Raises
    ------
    ValueError
        When shapes differ or a count is negative.

    References
    ----------
    Zou and Donner (2008), Statistics in Medicine 27, 1693.

    Examples
    --------
    >>> made = estimate_difference([12], [10000], [300], [500000])
    >>> made.value.round(2), made.lower.round(2), made.upper.round(2)
    (array([0.6]), array([0.01]), array([1.5]))
    """
    first = estimate_rate(counts, population, per=per, levels=levels, given=given)
    other = estimate_rate(other_counts, other_population, per=per, levels=levels, given=other_given)
    check_same_shape(counts=first.value, other_counts=other.value)
    difference = first.value - other.value
    limits = {}
    for level, (low, high) in first.limits.items():
        other_low, other_high = other.limits[level]
        down = np.hypot(first.value - low, other_high - other.value)
        up = np.hypot(high - first.value, other.value - other_low)
        limits[level] = (difference - down, difference + up)
    nobody = np.equal(first.reason, NO_POPULATION) | np.equal(other.reason, NO_POPULATION)
    return collect_estimates(
        difference,
        limits,
        n=first.n,
        method="difference of rates",
        unit=first.unit,
        given=join_states(given, other_given),
        refused=[(np.asarray(nobody, dtype=np.bool_), NO_POPULATION)],
    )


def _odds(share: FloatArray) -> FloatArray:
    return share / np.where(share == 1, np.nan, 1 - share)


def _double_tail(cases: FloatArray, others: FloatArray, share: FloatArray) -> FloatArray:
    """Give twice the smaller tail of the binomial law of the first count, given the sum."""
    at_least = np.where(
        cases == 0, 1.0, special.betainc(np.where(cases == 0, 1.0, cases), others + 1, share)
    )
    at_most = np.where(
        others == 0, 1.0, special.betainc(np.where(others == 0, 1.0, others), cases + 1, 1 - share)
    )
    return np.asarray(np.minimum(1.0, 2 * np.minimum(at_least, at_most)), dtype=np.float64)
