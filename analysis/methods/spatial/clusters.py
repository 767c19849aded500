"""Where neighbouring areas are high or low together, said only where chance is ruled out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import check_level, read_exposure, read_values
from analysis.methods.reasons import NO_POPULATION, TOO_FEW
from analysis.methods.spatial.local import LocalClusters, look_locally
from analysis.methods.spatial.rates import standardise_rates
from analysis.methods.spatial.series import hide_given, read_rates
from analysis.methods.spatial.shuffles import check_permutations

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]

PERMUTATIONS = 9_999
SHARE = 0.05


def find_clusters(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
    share: float = SHARE,
    given: ArrayLike | None = None,
) -> LocalClusters:
    """Find areas that are high or low together with their neighbours, or stand out from them.

    Local Moran: the distance of an area from the mean times that of the mean of its neighbours.

    Parameters
    ----------
    values : array_like, (..., areas)
        Figures, no rates of small counts: use :func:`find_clusters_of_rates` for these.
    neighbours : Neighbours
        Of the same areas.
    seed : int
        Where the random orders begin; the same seed gives the same labels.
    permutations : int
        Random orders, shared by all series. Must be enough for one area to survive ``share``.
    share : float
        Accepted share of false discoveries among the labelled areas of one series.
    given : array_like of str, optional
        States of the figures; withheld ones are left out of everything.

    Returns
    -------
    LocalClusters

    Raises
    ------
    ValueError
        When the numbers of areas differ, the share is none or the permutations are too few.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association. Geographical Analysis 27, 93-115.
    Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
    Statistical Society B 57, 289-300.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> row = read_neighbours(
    ...     range(20), [(i, j) for i in range(20) for j in range(i, i + 4) if i < j < 20]
    ... )
    >>> made = find_clusters([9, 9, 8, 9, 8, 8, *[1, 2, 3, 2, 1, 3, 1] * 2], row, seed=1)
    >>> sorted(set(made.label)), str(made.label[0])
    (['high_high', 'not_significant'], 'high_high')
    """
    figures = hide_given(read_values(values), given)
    _check(permutations, share, figures)
    return look_locally(
        "local Moran", figures, neighbours, (permutations, seed, share), given=given
    )


def find_clusters_of_rates(
    counts: ArrayLike,
    population: ArrayLike,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
    share: float = SHARE,
    given: ArrayLike | None = None,
) -> LocalClusters:
    """Find areas whose rates are high or low together with those of their neighbours.

    Local Moran of rates that are first put in relation to how far each swings by chance.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons.
    neighbours : Neighbours
        Of the same areas.
    seed : int
        Where the random orders begin.
    permutations : int
        Random orders, shared by all series.
    share : float
        Accepted share of false discoveries among the labelled areas of one series.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    LocalClusters

    Raises
    ------
    ValueError
        When shapes differ, a number is negative, the share is none or the permutations too few.

    References
    ----------
    Assunção, R. M., Reis, E. A. (1999). A new proposal to adjust Moran's I for population
    density. Statistics in Medicine 18, 2147-2162.
    Anselin, L. (1995). Local indicators of spatial association. Geographical Analysis 27, 93-115.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> row = read_neighbours(
    ...     range(20), [(i, j) for i in range(20) for j in range(i, i + 4) if i < j < 20]
    ... )
    >>> cases = [29, 29, 28, 29, 28, 28, *[1, 2, 3, 2, 1, 3, 1] * 2]
    >>> made = find_clusters_of_rates(cases, [1000] * 20, row, seed=1)
    >>> str(made.label[1]), str(made.label[9])
    ('high_high', 'not_significant')
    """
    return _look_at_rates(
        "local Moran of rates", (counts, population), neighbours, (permutations, seed, share), given
    )


def find_hot_spots(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
    share: float = SHARE,
    given: ArrayLike | None = None,
) -> LocalClusters:
    """Find neighbourhoods whose mean, with the area itself, is high or low.

    Getis and Ord's Gi*: estimates are distances from the overall mean in standard deviations. A
    hot spot is labelled ``high_high``, a cold one ``low_low``; there is no label for an area that
    stands out from its neighbours.

    Parameters
    ----------
    values : array_like, (..., areas)
        Figures. For rates of small counts use :func:`find_hot_spots_of_rates`.
    neighbours : Neighbours
        Of the same areas.
    seed : int
        Where the random orders begin.
    permutations : int
        Random orders, shared by all series.
    share : float
        Accepted share of false discoveries among the labelled areas of one series.
    given : array_like of str, optional
        States of the figures; withheld ones are left out of everything.

    Returns
    -------
    LocalClusters

    Raises
    ------
    ValueError
        When the numbers of areas differ, the share is none or the permutations are too few.

    References
    ----------
    Ord, J. K., Getis, A. (1995). Local spatial autocorrelation statistics. Geographical Analysis
    27, 286-306.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> row = read_neighbours(
    ...     range(20), [(i, j) for i in range(20) for j in range(i, i + 4) if i < j < 20]
    ... )
    >>> made = find_hot_spots([9, 9, 8, 9, 8, 8, *[1, 2, 3, 2, 1, 3, 1] * 2], row, seed=1)
    >>> str(made.label[2]), float(made.estimates.value[2].round(2))
    ('high_high', 4.23)
    """
    figures = hide_given(read_values(values), given)
    _check(permutations, share, figures)
    return look_locally("Gi*", figures, neighbours, (permutations, seed, share), given=given)


def find_hot_spots_of_rates(
    counts: ArrayLike,
    population: ArrayLike,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
    share: float = SHARE,
    given: ArrayLike | None = None,
) -> LocalClusters:
    """Find neighbourhoods whose rates, with that of the area itself, are high or low.

    Gi* of rates that are first put in relation to how far each swings by chance.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons.
    neighbours : Neighbours
        Of the same areas.
    seed : int
        Where the random orders begin.
    permutations : int
        Random orders, shared by all series.
    share : float
        Accepted share of false discoveries among the labelled areas of one series.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    LocalClusters

    Raises
    ------
    ValueError
        When shapes differ, a number is negative, the share is none or the permutations too few.

    References
    ----------
    Ord, J. K., Getis, A. (1995). Local spatial autocorrelation statistics. Geographical Analysis
    27, 286-306.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> row = read_neighbours(
    ...     range(20), [(i, j) for i in range(20) for j in range(i, i + 4) if i < j < 20]
    ... )
    >>> cases = [29, 29, 28, 29, 28, 28, *[1, 2, 3, 2, 1, 3, 1] * 2]
    >>> str(find_hot_spots_of_rates(cases, [1000] * 20, row, seed=1).label[1])
    'high_high'
    """
    return _look_at_rates(
        "Gi* of rates", (counts, population), neighbours, (permutations, seed, share), given
    )


def _look_at_rates(
    method: str,
    rates: tuple[ArrayLike, ArrayLike],
    neighbours: Neighbours,
    draws: tuple[int, int, float],
    given: ArrayLike | None,
) -> LocalClusters:
    standardised = standardise_rates(*rates, given=given)
    cases, _ = read_rates(*rates, given)
    _check(draws[0], draws[2], standardised)
    empty = np.nansum(cases, axis=-1, keepdims=True) == 0
    unpeopled = np.broadcast_to(read_exposure(rates[1]) == 0, cases.shape)
    return look_locally(
        method,
        standardised,
        neighbours,
        draws,
        cases=cases,
        given=given,
        refused=((unpeopled, NO_POPULATION), (empty & ~np.isnan(cases), TOO_FEW)),
    )


def _check(permutations: int, share: float, figures: FloatArray) -> None:
    check_level(share)
    check_permutations(permutations, figures.shape[-1] if figures.ndim else 0, share)
