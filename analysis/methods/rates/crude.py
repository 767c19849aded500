"""Crude rates and shares, with limits that stay right when the counts are small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_same_shape, read_counts, read_exposure
from analysis.methods.rates.intervals import (
    LEVELS,
    MeanInterval,
    ShareInterval,
    bound_mean,
    bound_share,
    read_parts,
)
from analysis.methods.reasons import NO_POPULATION, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

NOTHING_TO_SHARE = mark("no cases to take a share of")


def estimate_rate(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    per: float = 1000,
    levels: float | Sequence[float] = LEVELS,
    interval: MeanInterval = "switch",
    dispersion: float = 1.0,
    given: ArrayLike | None = None,
) -> Estimates:
    """Relate cases to residents.

    Parameters
    ----------
    counts : array_like
        Cases, any shape; NaN is a blank.
    population : array_like
        Residents (or residents times years), same shape. 0 leaves no rate to tell.
    per : float
        How many residents the rate is for.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    interval : str
        ``switch`` (exact below 10 cases, Byar from 10 on), ``exact`` or ``byar``.
    dispersion : float
        Variance of the counts over their mean, 1 for cases that happen apart. Where one incident
        brings several victims, about the mean number of victims an incident, weighted by victims.
        The limits are those of the count divided by it, multiplied by it.
    given : array_like of str, optional
        States of the counts; what is suppressed stays so, with all its numbers.

    Returns
    -------
    Estimates
        Rates per `per` residents; ``n`` is the count.

    Raises
    ------
    ValueError
        When a count is negative, shapes differ, or an option is out of its range.

    References
    ----------
    Public Health England (2018), Technical Guide: Confidence Intervals.

    Examples
    --------
    Registered emigration of two regions in 2020, per 1,000 residents of the census of 2021.

    >>> made = estimate_rate([142, 42], [138722, 607007])
    >>> made.value.round(2), made.lower.round(2), made.upper.round(2)
    (array([1.02, 0.07]), array([0.86, 0.05]), array([1.21, 0.09]))
    """
    cases, persons = read_counts(counts), read_exposure(population)
    check_same_shape(counts=cases, population=persons)
    check_per(per)
    if not 1 <= dispersion < np.inf:
        raise ValueError(
            f"A dispersion of {dispersion:g} was given, and it is a number from 1 up: 1 when cases "
            "happen apart, more when they come in groups."
        )
    nobody = persons == 0
    base = per / np.where(nobody, np.nan, persons)
    limits = bound_mean(cases / dispersion, levels, interval)
    return collect_estimates(
        cases * base,
        {
            level: (low * dispersion * base, high * dispersion * base)
            for level, (low, high) in limits.items()
        },
        n=cases,
        method="crude rate",
        unit=f"per {per:,.10g}",
        given=given,
        refused=[(nobody, NO_POPULATION)],
    )


def estimate_share(
    part: ArrayLike,
    whole: ArrayLike,
    *,
    levels: float | Sequence[float] = LEVELS,
    interval: ShareInterval = "wilson",
    given: ArrayLike | None = None,
) -> Estimates:
    """Tell which share of the cases has a property, in per cent.

    Parameters
    ----------
    part : array_like
        Cases with the property, any shape; NaN is a blank.
    whole : array_like
        All cases, same shape. 0 leaves no share to tell.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    interval : str
        ``wilson`` (score), or ``exact`` (Clopper and Pearson), which is never too narrow.
    given : array_like of str, optional
        States of the parts; what is suppressed stays so, with all its numbers.

    Returns
    -------
    Estimates
        Per cent; ``n`` is the whole.

    Raises
    ------
    ValueError
        When a part exceeds its whole, a count is negative, shapes differ, or an option is out of
        its range.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209.

    Examples
    --------
    >>> made = estimate_share([664], [1082])
    >>> made.value.round(1), made.lower.round(1), made.upper.round(1)
    (array([61.4]), array([58.4]), array([64.2]))
    """
    parts, wholes = read_parts(part, whole)
    nothing = wholes == 0
    limits = bound_share(parts, wholes, levels, interval)
    return collect_estimates(
        100 * parts / np.where(nothing, np.nan, wholes),
        {level: (100 * low, 100 * high) for level, (low, high) in limits.items()},
        n=wholes,
        method="share",
        unit="%",
        given=given,
        refused=[(nothing, NOTHING_TO_SHARE)],
    )


def check_per(per: float) -> float:
    """Refuse a base of a rate that is none.

    Parameters
    ----------
    per : float
        How many residents a rate is for.

    Returns
    -------
    float
        The same number.

    Raises
    ------
    ValueError
        When it is not a number above 0.

    Examples
    --------
    >>> check_per(1000)
    1000
    """
    if not 0 < per < np.inf:
        raise ValueError(
            f"A rate per {per:g} was asked for, and the base is a number above 0: write 1000 for "
            "a rate per 1,000 residents."
        )
    return per
