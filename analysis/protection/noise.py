"""Noise for counts: the two-sided geometric mechanism of differential privacy.

No part of what is published goes through here. At the strength that protects a person, a count
of a municipality is uncertain by more than most such counts are large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import check_level

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    CountArray = NDArray[np.int64]


def find_noise_scale(epsilon: float, sensitivity: float = 1.0) -> float:
    """Give the scale of noise that a budget buys.

    Parameters
    ----------
    epsilon : float
        Budget of privacy: the smaller, the stronger the protection.
    sensitivity : float
        By how much one person can change the count.

    Returns
    -------
    float
        Sensitivity over budget; the noise shrinks by ``exp(-1 / scale)`` at each step from 0.

    Raises
    ------
    ValueError
        When one of them is not above 0.

    Examples
    --------
    >>> find_noise_scale(0.5)
    2.0

    References
    ----------
    Ghosh, Roughgarden and Sundararajan (2012), Universally utility-maximizing privacy mechanisms,
    SIAM Journal on Computing 41: 1673-1693.
    """
    for name, given in (("budget epsilon", epsilon), ("sensitivity", sensitivity)):
        if not (given > 0 and np.isfinite(given)):
            raise ValueError(
                f"The {name} is {given}, and it is a number above 0: without one there is no "
                "promise of privacy to keep."
            )
    return float(sensitivity / epsilon)


def find_noise_chance(noise: ArrayLike, scale: float) -> FloatArray:
    """Give the chance of each amount of noise.

    Parameters
    ----------
    noise : array_like of int, any shape
        Whole numbers, of any sign.
    scale : float
        From :func:`find_noise_scale`.

    Returns
    -------
    numpy.ndarray
        Same shape; 0 for what is no whole number.

    Examples
    --------
    >>> find_noise_chance([0, 1, -1], scale=1.0).round(4)
    array([0.4621, 0.17  , 0.17  ])
    """
    steps = np.asarray(noise, dtype=np.float64)
    whole = steps == np.round(steps)
    # tanh is (1 - r) / (1 + r) without the loss of digits at a large scale.
    return np.where(whole, np.tanh(0.5 / _check_scale(scale)) * np.exp(-np.abs(steps) / scale), 0.0)


def find_noise_tail(distance: ArrayLike, scale: float) -> FloatArray:
    """Give the chance of noise at least this far from 0, on either side.

    Parameters
    ----------
    distance : array_like, any shape
        Distances; a broken one counts as the next whole one.
    scale : float
        From :func:`find_noise_scale`.

    Returns
    -------
    numpy.ndarray
        Same shape; 1 for a distance of 0 or less.

    Examples
    --------
    >>> find_noise_tail([0, 3], scale=1.0).round(4)
    array([1.    , 0.0728])
    """
    ratio = np.exp(-1.0 / _check_scale(scale))
    steps = np.ceil(np.asarray(distance, dtype=np.float64))
    far = 2.0 * np.exp(-np.maximum(steps, 1.0) / scale) / (1.0 + ratio)
    return np.where(steps < 1, 1.0, far)


def find_noise_variance(scale: float) -> float:
    """Give the variance of the noise.

    Parameters
    ----------
    scale : float
        From :func:`find_noise_scale`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(find_noise_variance(1.0), 4)
    1.8413
    """
    # 2 r / (1 - r)^2 with r = exp(-1 / scale), written without the loss of digits.
    return float(0.5 / np.sinh(0.5 / _check_scale(scale)) ** 2)


def find_accuracy(scale: float, level: float = 0.95) -> float:
    """Give the distance that the noise reaches or passes with the chance that is left.

    Parameters
    ----------
    scale : float
        From :func:`find_noise_scale`.
    level : float
        Share of counts that shall be nearer than the distance.

    Returns
    -------
    float
        Where the formula of the tail gives the rest, on a continuous scale; at ``level`` of 0.95
        at least 95 % of counts are off by less than this, rounded up.

    Examples
    --------
    >>> round(find_accuracy(1.0), 2)
    3.38
    """
    ratio = np.exp(-1.0 / _check_scale(scale))
    rest = 1.0 - check_level(level)
    return float(max(0.0, scale * np.log(2.0 / (rest * (1.0 + ratio)))))


def add_budgets(epsilons: ArrayLike) -> float:
    """Add the budgets of releases in which the same person may be counted more than once.

    Years, linked tables and repeated releases add up (sequential composition).

    Parameters
    ----------
    epsilons : array_like
        Budget of each release; none at all is 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When a budget is negative, blank or infinite.

    Examples
    --------
    >>> add_budgets([0.5, 0.5, 0.5])
    1.5

    References
    ----------
    McSherry (2009), Privacy integrated queries, SIGMOD 2009: 19-30.
    """
    return float(np.sum(_read_budgets(epsilons)))


def take_largest_budget(epsilons: ArrayLike) -> float:
    """Give the budget of tables none of which shares a person with another.

    Only the largest counts where each person is in one table alone, such as municipalities of
    one moment (parallel composition).

    Parameters
    ----------
    epsilons : array_like
        Budget of each table; none at all is 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When a budget is negative, blank or infinite.

    Examples
    --------
    >>> take_largest_budget([1.0] * 80)
    1.0

    References
    ----------
    McSherry (2009), Privacy integrated queries, SIGMOD 2009: 19-30.
    """
    return float(np.max(_read_budgets(epsilons), initial=0.0))


def draw_noise(
    size: int | tuple[int, ...], scale: float, generator: np.random.Generator
) -> CountArray:
    """Draw noise, to learn what it does to figures.

    Not for a real release: its numbers can be foretold by whoever learns the state of the
    generator, and a release wants a cryptographic source and arithmetic free of rounding. The
    public door does not use it.

    Parameters
    ----------
    size : int or tuple of int
        Shape.
    scale : float
        From :func:`find_noise_scale`.
    generator : numpy.random.Generator
        Made from an explicit seed.

    Returns
    -------
    numpy.ndarray of int
        The difference of two geometric numbers, which has the chances of
        :func:`find_noise_chance`.

    Examples
    --------
    >>> draw_noise(5, 1.0, np.random.default_rng(1)).shape
    (5,)
    """
    chance = -np.expm1(-1.0 / _check_scale(scale))
    first = generator.geometric(chance, size=size)
    return np.asarray(first - generator.geometric(chance, size=size), dtype=np.int64)


def _check_scale(scale: float) -> float:
    if not (scale > 0 and np.isfinite(scale)):
        raise ValueError(
            f"The scale of the noise is {scale}, and it is a number above 0. Take it from "
            "find_noise_scale."
        )
    return float(scale)


def _read_budgets(epsilons: ArrayLike) -> FloatArray:
    budgets = np.asarray(epsilons, dtype=np.float64)
    wrong = ~np.isfinite(budgets) | (budgets < 0)
    if wrong.any():
        raise ValueError(
            f"A budget is {budgets[wrong].flat[0]}, and it is a number from 0 up. A release whose "
            "budget is not known has none to promise."
        )
    return budgets
