"""Rates of small places drawn towards the rate of all, or of their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.smoothing.series import read_smoothable
from analysis.methods.spatial.neighbours import check_neighbours

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

# A map needs so many areas with cases before their neighbourhoods can be told apart, and not more
# than this share of areas without a neighbour.
LEAST_WITH_CASES = 30
MOST_ISOLATED = 0.1


@dataclass(frozen=True, eq=False)
class SmoothedRates:
    """Smoothed rates, to be shown next to the raw ones and never instead of them.

    Parameters
    ----------
    estimates : Estimates
        Smoothed rates, with the cases of the area as ``n`` and without limits.
    raw : numpy.ndarray
        Cases by population, in the same unit.
    towards : numpy.ndarray
        The rate towards which each raw rate was drawn, in the same unit.
    weight : numpy.ndarray
        How much of the raw rate is left: 1 means not smoothed, 0 means replaced by ``towards``.
    """

    estimates: Estimates
    raw: FloatArray
    towards: FloatArray
    weight: FloatArray


def smooth_globally(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    per: float = 1.0,
    unit: str = "",
    given: ArrayLike | None = None,
) -> SmoothedRates:
    """Draw each rate towards the overall rate, the more the fewer persons live there.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons.
    per : float
        Persons to which the rates relate, such as 1,000.
    unit : str
        Unit of the rates.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    SmoothedRates
        Each smoothed rate lies between the raw and the overall rate; where the areas differ by
        no more than chance it is the overall rate.

    Raises
    ------
    ValueError
        When shapes do not fit, a number is negative, or ``per`` is not above 0.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators.
    Journal of the Royal Statistical Society C 40, 283-294.

    Examples
    --------
    >>> made = smooth_globally([0, 30, 10], [500, 10_000, 9_500], per=1000)
    >>> made.estimates.value.round(2), made.weight.round(2)
    (array([1.69, 2.78, 1.27]), array([0.15, 0.78, 0.78]))
    """
    _check_per(per)
    cases, persons, refused = read_smoothable(counts, population, given)
    mean, between = _describe_all(cases, persons)
    parts = _draw_towards(cases, persons, np.broadcast_to(mean, cases.shape), between)
    return _collect(parts, cases, per, ("global empirical Bayes rate", unit), refused, given)


def smooth_locally(
    counts: ArrayLike,
    population: ArrayLike,
    neighbours: Neighbours,
    *,
    per: float = 1.0,
    unit: str = "",
    given: ArrayLike | None = None,
) -> SmoothedRates:
    """Draw each rate towards the rate of its neighbourhood (the area itself with its neighbours).

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons.
    neighbours : Neighbours
        Of the same areas.
    per : float
        Persons to which the rates relate, such as 1,000.
    unit : str
        Unit of the rates.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    SmoothedRates
        An area without neighbours, or whose whole neighbourhood has no case, gets the globally
        smoothed rate: its neighbourhood says nothing, and a rate of 0 would be too sure.

    Raises
    ------
    ValueError
        When shapes do not fit, a number is negative, or ``per`` is not above 0.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators.
    Journal of the Royal Statistical Society C 40, 283-294.
    Anselin, L., Lozano, N., Koschinsky, J. (2006). Rate transformations and smoothing. University
    of Illinois: the variance of a neighbourhood around its own rate.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> row = read_neighbours("abcd", ["ab", "bc"])
    >>> made = smooth_locally([0, 30, 10, 4], [500, 10_000, 9_500, 900], row, per=1000)
    >>> made.estimates.value.round(2), made.towards.round(2)
    (array([2.86, 2.78, 1.28, 2.72]), array([2.86, 2.  , 2.05, 2.11]))
    """
    _check_per(per)
    cases, persons, refused = read_smoothable(counts, population, given)
    check_neighbours(neighbours, cases.shape[-1])
    known = ~np.isnan(cases)
    from_all, between_all = _describe_all(cases, persons)
    mean, between, others = _describe_around(cases, persons, neighbours)
    lonely = (others == 0) | (mean == 0) | ~known
    mean = np.where(lonely, from_all, mean)
    between = np.where(lonely, between_all, between)
    parts = _draw_towards(cases, persons, mean, between)
    return _collect(parts, cases, per, ("local empirical Bayes rate", unit), refused, given)


def prefer_local(counts: ArrayLike, neighbours: Neighbours) -> BoolArray:
    """Say which series have enough areas with cases to be smoothed by neighbourhood.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases; blanks count as areas without cases.
    neighbours : Neighbours
        Of the same areas.

    Returns
    -------
    numpy.ndarray of bool
        True where at least 30 areas have cases and at most a tenth of the areas is without a
        neighbour; otherwise smooth globally.

    Raises
    ------
    ValueError
        When the numbers of areas differ.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> bool(prefer_local([1, 2, 3], read_neighbours("abc", ["ab", "bc"])))
    False
    """
    cases = np.asarray(counts, dtype=np.float64)
    check_neighbours(neighbours, cases.shape[-1] if cases.ndim else 0)
    enough = (cases > 0).sum(axis=-1) >= LEAST_WITH_CASES
    return np.asarray(enough & (neighbours.isolated.mean() <= MOST_ISOLATED), dtype=np.bool_)


def _describe_all(cases: FloatArray, persons: FloatArray) -> tuple[FloatArray, FloatArray]:
    known = np.count_nonzero(~np.isnan(cases), axis=-1, keepdims=True)
    people = np.nansum(persons, axis=-1, keepdims=True)
    safe = np.where(people > 0, people, np.nan)
    mean = np.nansum(cases, axis=-1, keepdims=True) / safe
    spread = np.nansum(persons * (cases / persons - mean) ** 2, axis=-1, keepdims=True) / safe
    return mean, np.maximum(0.0, spread - mean * known / safe)


def _describe_around(
    cases: FloatArray, persons: FloatArray, neighbours: Neighbours
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rate and variance of each neighbourhood, and the number of neighbours with a figure."""
    known = ~np.isnan(cases)
    held, people = np.where(known, cases, 0.0), np.where(known, persons, 0.0)
    matrix = neighbours.matrix()

    def add(values: FloatArray) -> FloatArray:
        rows = values.reshape(-1, values.shape[-1])
        return np.asarray((matrix @ rows.T).T.reshape(values.shape), dtype=np.float64)

    around = people + add(people)
    safe = np.where(around > 0, around, np.nan)
    mean = (held + add(held)) / safe
    rates = held / np.where(people > 0, people, 1.0)
    # Squares around the mean of each neighbourhood, one product for each pair of neighbours:
    # expanding the square would lose digits where rates are small.
    own = people * (rates - mean) ** 2
    first, second = neighbours.first, neighbours.second
    apart = people[..., second] * (rates[..., second] - mean[..., first]) ** 2
    spread = own + _sum_by_area(apart, neighbours)
    others = add(known.astype(np.float64))
    between = np.maximum(0.0, spread / safe - mean * (others + known) / safe)
    return mean, between, others


def _sum_by_area(pairs: FloatArray, neighbours: Neighbours) -> FloatArray:
    from scipy.sparse import csr_matrix

    size = len(neighbours)
    where = np.arange(neighbours.first.size)
    gather = csr_matrix(
        (np.ones(where.size), (neighbours.first, where)), shape=(size, max(where.size, 1))
    )
    rows = pairs.reshape(-1, pairs.shape[-1])
    if not where.size:
        return np.zeros((*pairs.shape[:-1], size))
    return np.asarray((gather @ rows.T).T.reshape(*pairs.shape[:-1], size), dtype=np.float64)


def _draw_towards(
    cases: FloatArray, persons: FloatArray, mean: FloatArray, between: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    chance = mean / persons
    whole = between + chance
    weight = between / np.where(whole > 0, whole, np.nan)
    raw = cases / persons
    return mean + weight * (raw - mean), raw, mean, weight


def _collect(
    parts: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    cases: FloatArray,
    per: float,
    named: tuple[str, str],
    refused: list[tuple[BoolArray, str]],
    given: ArrayLike | None,
) -> SmoothedRates:
    smoothed, raw, mean, weight = parts
    method, unit = named
    estimates = collect_estimates(
        smoothed * per, n=cases, method=method, unit=unit, given=given, refused=refused
    )
    spoken = estimates.is_number
    return SmoothedRates(
        estimates=estimates,
        raw=np.where(spoken, raw * per, np.nan),
        towards=np.where(spoken, mean * per, np.nan),
        weight=np.where(spoken, weight, np.nan),
    )


def _check_per(per: float) -> None:
    if not 0 < per < np.inf:
        raise ValueError(f"Rates per {per:g} persons were asked for; give a number above 0.")
