"""Limits of a mean count (exact, Byar) and of a share (Wilson, exact), for whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy import special

from analysis.methods.inputs import check_level, check_same_shape, read_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Limits = tuple[FloatArray, FloatArray]

MeanInterval = Literal["switch", "exact", "byar"]
ShareInterval = Literal["wilson", "exact"]

LEVELS = (0.95, 0.998)
# From this count on Byar's approximation replaces the exact limits.
SWITCH = 10


def bound_mean(
    counts: ArrayLike,
    levels: float | Sequence[float] = LEVELS,
    interval: MeanInterval = "switch",
) -> dict[float, Limits]:
    """Bound the mean of the Poisson law that counts were drawn from.

    Parameters
    ----------
    counts : array_like
        Cases, any shape; NaN stays NaN.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    interval : str
        ``exact`` (chi-square), ``byar``, or ``switch``: exact below 10 cases, Byar from 10 on.

    Returns
    -------
    dict of float to pair of numpy.ndarray
        Lower and upper limits by level, in cases, each of the shape of `counts`.

    Raises
    ------
    ValueError
        When a count is negative, a level is none, or the interval is not known.

    References
    ----------
    Garwood (1936), Biometrika 28, 437 (exact); Breslow and Day (1987), Statistical Methods in
    Cancer Research II, IARC, p. 69 (Byar). The switch at 10 is that of Public Health England,
    Technical Guide: Confidence Intervals (2018).

    Examples
    --------
    >>> low, high = bound_mean([0, 5, 12], 0.95)[0.95]
    >>> low.round(2), high.round(2)
    (array([0.  , 1.62, 6.19]), array([ 3.69, 11.67, 20.96]))
    """
    check_choice(interval, get_args(MeanInterval), "interval")
    cases = read_counts(counts)
    if interval == "byar":
        return {level: _byar(cases, level) for level in read_levels(levels)}
    # Counts repeat, and the exact limits are costly: each is worked out once.
    distinct, place = np.unique(cases, return_inverse=True)
    place = place.reshape(cases.shape)
    found: dict[float, Limits] = {}
    for level in read_levels(levels):
        low, high = _switch(distinct, level) if interval == "switch" else _exact(distinct, level)
        found[level] = (low[place], high[place])
    return found


def bound_share(
    part: ArrayLike,
    whole: ArrayLike,
    levels: float | Sequence[float] = LEVELS,
    interval: ShareInterval = "wilson",
) -> dict[float, Limits]:
    """Bound the probability behind a share.

    Parameters
    ----------
    part : array_like
        Cases with the property, any shape; NaN stays NaN.
    whole : array_like
        All cases, same shape. Where it is 0 the limits are NaN.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    interval : str
        ``wilson`` (score), or ``exact`` (Clopper and Pearson), which is never too narrow.

    Returns
    -------
    dict of float to pair of numpy.ndarray
        Lower and upper limits by level, from 0 to 1.

    Raises
    ------
    ValueError
        When a part exceeds its whole, shapes differ, a count is negative, a level is none, or
        the interval is not known.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209; Clopper and Pearson
    (1934), Biometrika 26, 404.

    Examples
    --------
    >>> low, high = bound_share([7, 0], [9, 9], 0.95)[0.95]
    >>> low.round(3), high.round(3)
    (array([0.453, 0.   ]), array([0.937, 0.299]))
    """
    check_choice(interval, get_args(ShareInterval), "interval")
    parts, wholes = read_parts(part, whole)
    bound = _wilson if interval == "wilson" else _clopper_pearson
    return {level: bound(parts, wholes, level) for level in read_levels(levels)}


def read_parts(part: ArrayLike, whole: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Read parts and their wholes.

    Parameters
    ----------
    part, whole : array_like
        Counts of one shape; NaN is a blank.

    Returns
    -------
    tuple of numpy.ndarray
        Copies as floats.

    Raises
    ------
    ValueError
        When a part exceeds its whole, shapes differ, or a count is negative.

    Examples
    --------
    >>> read_parts([7], [9])
    (array([7.]), array([9.]))
    """
    parts, wholes = read_counts(part, "part"), read_counts(whole, "whole")
    check_same_shape(part=parts, whole=wholes)
    wrong = parts > wholes
    if wrong.any():
        raise ValueError(
            f"A part of {parts[wrong][0]:g} was given for a whole of {wholes[wrong][0]:g}, and a "
            "part cannot exceed its whole. Check the two columns, or use estimate_rate when one "
            "person may be counted more than once."
        )
    return parts, wholes


def read_levels(levels: float | Sequence[float]) -> tuple[float, ...]:
    """Read confidence levels, the shown one first.

    Parameters
    ----------
    levels : float or sequence of float
        Such as 0.95, or (0.95, 0.998).

    Returns
    -------
    tuple of float
        At least one.

    Raises
    ------
    ValueError
        When there is none, or one does not lie between 0 and 1.

    Examples
    --------
    >>> read_levels(0.95)
    (0.95,)
    """
    wanted = np.atleast_1d(np.asarray(levels, dtype=np.float64)).tolist()
    if not wanted:
        raise ValueError(
            "No confidence level was given, and limits need at least one: write 0.95 for 95 %."
        )
    return tuple(check_level(float(level)) for level in wanted)


def check_choice(chosen: str, known: Sequence[str], name: str) -> None:
    """Refuse a word that a method does not know.

    Parameters
    ----------
    chosen : str
        What was asked for.
    known : sequence of str
        What there is.
    name : str
        Name of the argument.

    Raises
    ------
    ValueError
        When the word is not among those known.

    Examples
    --------
    >>> check_choice("exact", ["exact", "byar"], "interval")
    """
    if chosen not in known:
        raise ValueError(f"{name} is '{chosen}', and it has to be one of: {', '.join(known)}.")


def _switch(cases: FloatArray, level: float) -> Limits:
    few = cases < SWITCH
    low, high = _byar(cases, level)
    low[few], high[few] = _exact(cases[few], level)
    return low, high


def _exact(cases: FloatArray, level: float) -> Limits:
    tail = (1 - level) / 2
    some = np.where(cases > 0, cases, 1.0)
    low = np.where(cases == 0, 0.0, special.gammaincinv(some, tail))
    # Where the count is blank, `some` is 1: put the blank back.
    low = np.where(np.isnan(cases), np.nan, low)
    return low, np.asarray(special.gammainccinv(cases + 1, tail), dtype=np.float64)


def _byar(cases: FloatArray, level: float) -> Limits:
    z = _normal_quantile(level)
    some = np.where(cases == 0, 1.0, cases)
    low = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    # Undefined for no case; below 0 for one case at 99.8 %. Neither may be printed.
    low = np.where(cases == 0, 0.0, np.maximum(low, 0.0))
    more = cases + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def _wilson(part: FloatArray, whole: FloatArray, level: float) -> Limits:
    z = _normal_quantile(level)
    size = np.where(whole == 0, np.nan, whole)
    share = part / size
    centre = (part + z**2 / 2) / (size + z**2)
    half = z / (size + z**2) * np.sqrt(part * (1 - share) + z**2 / 4)
    # Rounding must not push a limit past the share itself, nor past 0 or 1.
    low = np.where(part == 0, 0.0 * size, np.minimum(centre - half, share))
    return low, np.where(part == size, 1.0, np.maximum(centre + half, share))


def _clopper_pearson(part: FloatArray, whole: FloatArray, level: float) -> Limits:
    tail = (1 - level) / 2
    size = np.where(whole == 0, np.nan, whole)
    rest = size - part
    low = _beta_quantile(np.where(part == 0, 1.0, part), rest + 1, tail)
    # The upper limit is one less the lower limit of the rest.
    high = 1 - _beta_quantile(np.where(rest == 0, 1.0, rest), part + 1, tail)
    return np.where(part == 0, 0.0 * size, low), np.where(rest == 0, 1.0, high)


def _beta_quantile(first: FloatArray, second: FloatArray, tail: float) -> FloatArray:
    """Invert the incomplete beta function; scipy alone is off by 7e-8 at a million residents."""
    guess = np.asarray(special.betaincinv(first, second, tail), dtype=np.float64)
    inside = np.clip(guess, np.finfo(np.float64).tiny, 1 - np.finfo(np.float64).epsneg)
    logarithm = (
        special.xlogy(first - 1, inside)
        + special.xlog1py(second - 1, -inside)
        - special.betaln(first, second)
    )
    # One step of Newton's method; none where the curve is too flat or too steep to follow.
    slope = np.exp(np.clip(logarithm, -300, 300))
    step = (special.betainc(first, second, inside) - tail) / slope
    near = np.abs(step) < 1e-3 * np.minimum(inside, 1 - inside)
    return np.where(near, inside - np.where(near, step, 0.0), guess)


def _normal_quantile(level: float) -> float:
    return float(special.ndtri((1 + level) / 2))
