"""Whether neighbouring areas resemble each other more than chance would have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import read_values
from analysis.methods.reasons import ALL_THE_SAME, TOO_FEW, TOO_FEW_AREAS
from analysis.methods.spatial.moments import describe_weights, expect_geary, expect_moran
from analysis.methods.spatial.neighbours import check_neighbours
from analysis.methods.spatial.rates import standardise_rates
from analysis.methods.spatial.series import (
    LEAST_AREAS,
    ROUNDING,
    find_constant,
    group_series,
    hide_given,
    read_rates,
)
from analysis.methods.spatial.shuffles import check_permutations, count_exceeding, turn_to_p

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

PERMUTATIONS = 9_999
MORAN, GEARY = "Moran's I", "Geary's C"
MADE = ("value", "expected", "variance", "z", "p_alike", "p_drawn", "p_drawn_either")


@dataclass(frozen=True, eq=False)
class Autocorrelation:
    """Likeness of neighbours in each series, with what chance alone would give.

    Parameters
    ----------
    estimates : Estimates
        Moran's I (above ``expected``: neighbours are alike) or Geary's C (below 1: alike).
    expected, variance : numpy.ndarray
        Mean and variance when the figures lie on the map in random order.
    z : numpy.ndarray
        Distance of the estimate from ``expected`` in standard deviations.
    p_alike : numpy.ndarray
        Probability of neighbours at least as much alike, one-sided, from ``z``.
    p_drawn, p_drawn_either : numpy.ndarray
        From random orders: one-sided for likeness, and two-sided. NaN where none were drawn.
    areas : numpy.ndarray
        Areas that took part: those with a figure and a neighbour with a figure.
    """

    estimates: Estimates
    expected: FloatArray
    variance: FloatArray
    z: FloatArray
    p_alike: FloatArray
    p_drawn: FloatArray
    p_drawn_either: FloatArray
    areas: FloatArray


def measure_moran(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
    given: ArrayLike | None = None,
) -> Autocorrelation:
    """Measure with Moran's I whether neighbouring areas have similar figures.

    Weights are row-standardised: each area is compared with the mean of its neighbours.

    Parameters
    ----------
    values : array_like, (..., areas)
        Figures, no rates of small counts: use :func:`measure_moran_of_rates` for these.
    neighbours : Neighbours
        Of the same areas. Areas without a neighbour do not count into n.
    seed : int
        Where the random orders begin; the same seed gives the same p.
    permutations : int
        Random orders to draw.
    given : array_like of str, optional
        States of the figures; withheld ones are left out of everything.

    Returns
    -------
    Autocorrelation
        Arrays of the leading axes of ``values``. Not applicable with fewer than ten areas or
        when all figures are equal.

    Raises
    ------
    ValueError
        When the numbers of areas differ, or there are fewer than 99 permutations.

    References
    ----------
    Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23.
    Cliff, A. D., Ord, J. K. (1981). Spatial Processes. Pion, chapter 2.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> ring = read_neighbours(range(12), [(i, (i + 1) % 12) for i in range(12)])
    >>> made = measure_moran([0, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1, 0], ring, seed=1)
    >>> round(float(made.estimates.value), 2), float(made.p_drawn) < 0.01
    (0.85, True)
    """
    figures = hide_given(read_values(values), given)
    check_permutations(permutations)
    return _measure(MORAN, figures, neighbours, (permutations, seed))


def measure_moran_of_rates(
    counts: ArrayLike,
    population: ArrayLike,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
    given: ArrayLike | None = None,
) -> Autocorrelation:
    """Measure with Moran's I whether neighbouring areas have similar rates.

    Each rate is first put in relation to how far it would swing by chance in a place of its size.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons.
    neighbours : Neighbours
        Of the same areas. Areas without a neighbour count into the overall rate, not into n.
    seed : int
        Where the random orders begin.
    permutations : int
        Random orders to draw.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    Autocorrelation

    Raises
    ------
    ValueError
        When shapes differ, a number is negative or there are fewer than 99 permutations.

    References
    ----------
    Assunção, R. M., Reis, E. A. (1999). A new proposal to adjust Moran's I for population
    density. Statistics in Medicine 18, 2147-2162.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> ring = read_neighbours(range(12), [(i, (i + 1) % 12) for i in range(12)])
    >>> cases = [0, 1, 0, 2, 4, 7, 9, 8, 6, 4, 2, 1]
    >>> made = measure_moran_of_rates(cases, [500] * 12, ring, seed=1)
    >>> round(float(made.estimates.value), 2), int(made.areas)
    (0.83, 12)
    """
    standardised = standardise_rates(counts, population, given=given)
    check_permutations(permutations)
    cases, _ = read_rates(counts, population, given)
    known = ~np.isnan(cases).all(axis=-1)
    empty = np.asarray(known & (np.nansum(cases, axis=-1) == 0), dtype=np.bool_)
    return _measure(MORAN, standardised, neighbours, (permutations, seed), ((empty, TOO_FEW),))


def measure_geary(
    values: ArrayLike, neighbours: Neighbours, *, given: ArrayLike | None = None
) -> Autocorrelation:
    """Measure with Geary's C how much neighbouring areas differ.

    C is near 1 without a pattern and below 1 where neighbours are alike. It looks at differences
    between neighbours, where Moran's I looks at common distance from the mean.

    Parameters
    ----------
    values : array_like, (..., areas)
        Figures.
    neighbours : Neighbours
        Of the same areas. Areas without a neighbour do not count into n.
    given : array_like of str, optional
        States of the figures; withheld ones are left out of everything.

    Returns
    -------
    Autocorrelation
        Without random orders: ``p_drawn`` is blank.

    Raises
    ------
    ValueError
        When the numbers of areas differ.

    References
    ----------
    Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated
    Statistician 5, 115-145.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> ring = read_neighbours(range(12), [(i, (i + 1) % 12) for i in range(12)])
    >>> made = measure_geary([0, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1, 0], ring)
    >>> round(float(made.estimates.value), 2)
    0.14
    """
    return _measure(GEARY, hide_given(read_values(values), given), neighbours, (0, 0))


def _measure(
    statistic: str,
    figures: FloatArray,
    neighbours: Neighbours,
    draws: tuple[int, int],
    refused: tuple[tuple[BoolArray, str], ...] = (),
) -> Autocorrelation:
    check_neighbours(neighbours, figures.shape[-1] if figures.ndim else 0)
    shape = figures.shape[:-1]
    rows = figures.reshape(-1, figures.shape[-1])
    made = {name: np.full(len(rows), np.nan) for name in MADE}
    areas = np.zeros(len(rows))
    constant = np.zeros(len(rows), dtype=np.bool_)
    for group in group_series(rows, neighbours):
        areas[group.series] = group.areas.size
        if group.areas.size < LEAST_AREAS:
            continue
        held = rows[np.ix_(group.series, group.areas)]
        constant[group.series] = find_constant(held)
        series = group.series[~constant[group.series]]
        if series.size:
            apart = rows[np.ix_(series, group.areas)]
            apart -= apart.mean(axis=-1, keepdims=True)
            for name, numbers in _compare(statistic, apart, group.neighbours, draws).items():
                made[name][series] = numbers
    few = (areas < LEAST_AREAS) & ~np.isnan(rows).all(axis=-1)
    parts = {name: numbers.reshape(shape) for name, numbers in made.items()}
    size = areas.reshape(shape)
    reasons = [
        *refused,
        (few.reshape(shape), TOO_FEW_AREAS),
        (constant.reshape(shape), ALL_THE_SAME),
    ]
    value = parts.pop("value")
    estimates = collect_estimates(value, n=size, method=statistic, refused=reasons)
    return Autocorrelation(estimates=estimates, areas=size, **parts)


def _compare(
    statistic: str, apart: FloatArray, neighbours: Neighbours, draws: tuple[int, int]
) -> dict[str, FloatArray]:
    from scipy.stats import norm

    weights = describe_weights(neighbours)
    columns = apart.T
    products = (columns * (weights.matrix @ columns)).sum(axis=0)
    squares = (apart**2).sum(axis=-1)
    size = apart.shape[-1]
    if statistic == MORAN:
        value = size / weights.total * products / squares
        expected, variance = expect_moran(apart, weights)
        likeness = value - expected
    else:
        # The sum of squared differences of neighbours, written with the same products.
        differences = (apart**2) @ weights.row_and_column - 2 * products
        value = (size - 1) / (2 * weights.total) * differences / squares
        expected, variance = expect_geary(apart, weights)
        likeness = expected - value
    # Where every order of the figures gives the same likeness, nothing speaks for a pattern.
    varies = variance > ROUNDING
    deviation = np.sqrt(np.where(varies, variance, 1.0))
    made = {
        "value": value,
        "expected": expected,
        "variance": np.maximum(variance, 0.0),
        "z": np.where(varies, (value - expected) / deviation, 0.0),
        "p_alike": np.where(varies, norm.sf(likeness / deviation), 1.0),
    }
    permutations, seed = draws
    if permutations:
        more, less = count_exceeding(apart, neighbours, permutations, seed)
        made["p_drawn"], made["p_drawn_either"] = turn_to_p(more, less, permutations)
    return made
