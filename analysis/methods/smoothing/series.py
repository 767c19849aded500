"""What the smoothing methods read, and the sentences with which they stay silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import read_exposure
from analysis.methods.reasons import NO_POPULATION, TOO_FEW, TOO_FEW_AREAS, mark
from analysis.methods.spatial.series import read_rates

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Refused = list[tuple[NDArray[np.bool_], str]]

SAME_RISK = mark("the areas do not differ by more than chance")
LEAST_AREAS = 2


def read_smoothable(
    counts: ArrayLike, population: ArrayLike, given: ArrayLike | None
) -> tuple[FloatArray, FloatArray, Refused]:
    """Read counts and population, and say where nothing can be smoothed.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons, or expected cases.
    given : array_like of str or None
        States of the counts; withheld ones are left out of everything, so that no smoothed
        neighbour gives them back.

    Returns
    -------
    tuple
        Counts and population with NaN where they cannot be used, and what is refused and why.

    Raises
    ------
    ValueError
        When the shapes do not fit or a number is negative.

    Examples
    --------
    >>> read_smoothable([1, 2, 3], [10, 10, 0], None)[0]
    array([ 1.,  2., nan])
    """
    cases, persons = read_rates(counts, population, given)
    known = ~np.isnan(cases)
    unpeopled = np.broadcast_to(read_exposure(population) == 0, cases.shape)
    few = known & (known.sum(axis=-1, keepdims=True) < LEAST_AREAS)
    empty = known & (np.nansum(cases, axis=-1, keepdims=True) == 0)
    return cases, persons, [(unpeopled, NO_POPULATION), (few, TOO_FEW_AREAS), (empty, TOO_FEW)]


def expect_cases(
    counts: ArrayLike, population: ArrayLike, *, given: ArrayLike | None = None
) -> FloatArray:
    """Share the cases out over the areas as if the rate were the same everywhere.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons.
    given : array_like of str, optional
        States of the counts; withheld ones are left out.

    Returns
    -------
    numpy.ndarray, (..., areas)
        Expected cases, with the sum of the cases; NaN where there is no count, 0 where nobody
        lives.

    Raises
    ------
    ValueError
        When the shapes do not fit or a number is negative.

    Examples
    --------
    >>> expect_cases([3, 0, 9], [1000, 1000, 2000])
    array([3., 3., 6.])
    """
    cases, persons, refused = read_smoothable(counts, population, given)
    people = np.nansum(persons, axis=-1, keepdims=True)
    total = np.nansum(cases, axis=-1, keepdims=True)
    expected = persons * total / np.where(people > 0, people, np.nan)
    expected[refused[0][0]] = 0.0
    return np.asarray(expected, dtype=np.float64)
