"""Rates that are comparable although one place is younger than another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy import special

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_same_shape, read_counts, read_exposure
from analysis.methods.rates.crude import check_per
from analysis.methods.rates.intervals import (
    LEVELS,
    MeanInterval,
    bound_mean,
    check_choice,
    read_levels,
)
from analysis.methods.reasons import NO_POPULATION, TOO_FEW, mark
from analysis.methods.states import reduce_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Limits = tuple[FloatArray, FloatArray]

StandardisedInterval = Literal["dobson", "gamma"]

# Below this total Dobson's limits are not to be trusted, and the rate is not told.
FEWEST = 10
NOTHING_EXPECTED = mark("no cases are expected here, so there is nothing to compare with")


def estimate_standardised_rate(
    counts: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    per: float = 1000,
    levels: float | Sequence[float] = LEVELS,
    interval: StandardisedInterval = "dobson",
    given: ArrayLike | None = None,
) -> Estimates:
    """Give the rate that a place would have with the ages of a standard population.

    Parameters
    ----------
    counts : array_like, shape (..., ages)
        Cases by age; NaN is a blank.
    population : array_like, shape (..., ages)
        Residents by age.
    standard : array_like, shape (ages,)
        Standard population by age; its size does not matter.
    per : float
        How many residents the rate is for.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    interval : str
        ``dobson`` (silent below 10 cases in all), or ``gamma`` (Fay and Feuer), which speaks for
        any number of cases and is never too narrow by much, often too wide.
    given : array_like of str, optional
        States of the counts, or one state a place.

    Returns
    -------
    Estimates
        One rate a place, shape of `counts` without its last axis; ``n`` is the number of cases.
        An age without residents that the standard has leaves no rate to tell.

    Raises
    ------
    ValueError
        When shapes differ, a count is negative, or the standard population is empty.

    References
    ----------
    Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10, 457; Fay and Feuer
    (1997), Statistics in Medicine 16, 791.

    Examples
    --------
    >>> made = estimate_standardised_rate([[12, 4], [2, 1]], [[4000, 2000], [900, 800]], [3, 1])
    >>> made.value.round(2), list(made.state)
    (array([2.75,  nan]), ['value', 'not_applicable'])
    """
    check_choice(interval, get_args(StandardisedInterval), "interval")
    cases, persons = read_counts(counts), read_exposure(population)
    check_same_shape(counts=cases, population=persons)
    weights = _read_standard(standard, cases)
    nobody = ((persons == 0) & (weights > 0)).any(axis=-1)
    # What one case of each age adds to the rate. An age that the standard lacks adds nothing.
    step = np.where(weights > 0, _divide_by_persons(weights, persons), 0.0)
    total = np.asarray(cases.sum(axis=-1))
    rate, variance = (step * cases).sum(axis=-1), (step**2 * cases).sum(axis=-1)
    refused = [(nobody, NO_POPULATION)]
    if interval == "dobson":
        refused.append((total < FEWEST, TOO_FEW))
        limits = _dobson(rate, variance, total, levels)
    else:
        limits = _gamma(rate, variance, step.max(axis=-1), levels)
    base = check_per(per)
    return collect_estimates(
        rate * base,
        {level: (low * base, high * base) for level, (low, high) in limits.items()},
        n=total,
        method="directly standardised rate",
        unit=f"per {per:,.10g}",
        given=reduce_states(given, cases.shape),
        refused=refused,
    )


def estimate_standardised_ratio(
    observed: ArrayLike,
    population: ArrayLike,
    reference_counts: ArrayLike,
    reference_population: ArrayLike,
    *,
    levels: float | Sequence[float] = LEVELS,
    interval: MeanInterval = "switch",
    given: ArrayLike | None = None,
) -> Estimates:
    """Compare the cases of a place with those that its ages let expect; 100 is as expected.

    For places whose cases are too few to be split by age. The expected cases count as known.

    Parameters
    ----------
    observed : array_like
        Cases of each place, all ages; NaN is a blank.
    population : array_like, shape of `observed` and a last axis of ages
        Residents by age.
    reference_counts, reference_population : array_like, shape (ages,)
        Cases and residents by age of what is compared with, such as the country.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    interval : str
        ``switch``, ``exact`` or ``byar``: limits of the observed cases.
    given : array_like of str, optional
        States of the observed cases.

    Returns
    -------
    Estimates
        100 times observed over expected; ``n`` is the observed number.

    Raises
    ------
    ValueError
        When shapes differ or a count is negative.

    References
    ----------
    Breslow and Day (1987), Statistical Methods in Cancer Research II, IARC, chapter 2.

    Examples
    --------
    >>> made = estimate_standardised_ratio([16], [[4000, 2000]], [300, 40], [100000, 50000])
    >>> made.value.round(1), made.lower.round(1), made.upper.round(1)
    (array([117.6]), array([67.2]), array([191.1]))
    """
    cases, persons = read_counts(observed, "observed"), read_exposure(population)
    events = read_counts(reference_counts, "reference_counts")
    exposed = read_exposure(reference_population, "reference_population")
    if persons.shape[:-1] != cases.shape or not persons.ndim:
        raise ValueError(
            f"The population has the shape {persons.shape} and the observed cases "
            f"{cases.shape}. Give the population the same axes and one more, of ages, at the end."
        )
    bands = np.empty(persons.shape[-1])
    check_same_shape(population=bands, reference_counts=events, reference_population=exposed)
    rates = _divide_by_persons(events, exposed)
    # An age in which nobody lives adds nothing, whatever its reference rate.
    adds = np.where(persons == 0, 0.0, persons * rates)
    unknown = ((persons > 0) & (exposed == 0)).any(axis=-1)
    expected = np.asarray(adds.sum(axis=-1))
    nothing = expected == 0
    base = 100 / np.where(nothing, np.nan, expected)
    limits = bound_mean(cases, levels, interval)
    return collect_estimates(
        cases * base,
        {level: (low * base, high * base) for level, (low, high) in limits.items()},
        n=cases,
        method="indirectly standardised ratio",
        unit="100 = as expected",
        given=given,
        refused=[(unknown, NO_POPULATION), (nothing, NOTHING_EXPECTED)],
    )


def _divide_by_persons(amount: FloatArray, persons: FloatArray) -> FloatArray:
    return np.asarray(amount / np.where(persons == 0, np.nan, persons), dtype=np.float64)


def _read_standard(standard: ArrayLike, cases: FloatArray) -> FloatArray:
    weights = read_counts(standard, "standard")
    if weights.shape != cases.shape[-1:]:
        raise ValueError(
            f"The standard population has the shape {weights.shape} and the counts {cases.shape}. "
            "Give one standard number for each age, in the order of the last axis of the counts."
        )
    total = weights.sum()
    if not total > 0:
        raise ValueError(
            f"The standard population sums to {total:g}, and it needs persons and no blank. Give "
            "the residents of the standard by age."
        )
    return np.asarray(weights / total, dtype=np.float64)


def _dobson(
    rate: FloatArray, variance: FloatArray, total: FloatArray, levels: float | Sequence[float]
) -> dict[float, Limits]:
    scale = np.sqrt(variance / np.where(total > 0, total, np.nan))
    return {
        level: (rate + scale * (low - total), rate + scale * (high - total))
        for level, (low, high) in bound_mean(total, levels, "byar").items()
    }


def _gamma(
    rate: FloatArray, variance: FloatArray, largest: FloatArray, levels: float | Sequence[float]
) -> dict[float, Limits]:
    some = np.where(rate > 0, rate, np.nan)
    spread = np.where(rate > 0, variance, np.nan)
    more, wide = rate + largest, variance + largest**2
    found = {}
    for level in read_levels(levels):
        tail = (1 - level) / 2
        low = spread / some * special.gammaincinv(some**2 / spread, tail)
        high = wide / more * special.gammainccinv(more**2 / wide, tail)
        found[level] = (np.where(rate == 0, 0.0, low), np.asarray(high, dtype=np.float64))
    return found
