"""Rates made comparable between large and small places, before their pattern is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.spatial.series import read_rates

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


def standardise_rates(
    counts: ArrayLike, population: ArrayLike, *, given: ArrayLike | None = None
) -> FloatArray:
    """Express each rate as its distance from the overall rate, in standard deviations of its own.

    The rate of a small place swings by chance; unless this is taken into account, a map of raw
    rates shows patterns that are only a map of small places.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    numpy.ndarray, (..., areas)
        NaN where there is no count, nobody lives or the whole series has no case.

    Raises
    ------
    ValueError
        When the shapes do not fit or a number is negative.

    References
    ----------
    Assunção, R. M., Reis, E. A. (1999). A new proposal to adjust Moran's I for population
    density. Statistics in Medicine 18, 2147-2162.

    Examples
    --------
    >>> standardise_rates(
    ...     [30, 25, 25, 15, 33, 21, 30, 20], [100, 100, 110, 90, 100, 90, 110, 90]
    ... ).round(2)
    array([ 1.04, -0.04, -0.56, -1.73,  1.69, -0.38,  0.48, -0.6 ])
    """
    cases, persons = read_rates(counts, population, given)
    known = np.count_nonzero(~np.isnan(cases), axis=-1, keepdims=True)
    people = np.nansum(persons, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        overall = np.nansum(cases, axis=-1, keepdims=True) / people
        rates = cases / persons
        spread = np.nansum(persons * (rates - overall) ** 2, axis=-1, keepdims=True) / people
        between = spread - overall * known / people
        variance = between + overall / persons
        variance = np.where(variance < 0, overall / persons, variance)
        return np.asarray((rates - overall) / np.sqrt(variance), dtype=np.float64)
