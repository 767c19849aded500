"""Series of figures by area: which areas of which series can be compared with their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import check_same_shape, read_counts, read_exposure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]

# The moments under random order need more than three areas; with fewer than ten nothing that a
# map shows can be told from chance.
LEAST_AREAS = 10
# Differences smaller than this part of the figures are rounding, not differences.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Group:
    """Series with figures for the same areas, and these areas with their neighbours.

    Parameters
    ----------
    series : numpy.ndarray of int
        Rows of the series.
    areas : numpy.ndarray of int
        Places of the areas that have a figure and a neighbour with a figure.
    neighbours : Neighbours
        Of these areas.
    """

    series: IntArray
    areas: IntArray
    neighbours: Neighbours


def hide_given(values: FloatArray, given: ArrayLike | None) -> FloatArray:
    """Blank figures that are withheld or have no meaning before anything is made of them.

    A neighbour's number would give a withheld one back if it had been made with it.

    Parameters
    ----------
    values : numpy.ndarray
        Figures.
    given : array_like of str or None
        Their states.

    Returns
    -------
    numpy.ndarray
        A copy with blanks.

    Examples
    --------
    >>> hide_given(np.array([1.0, 2.0]), ["value", "suppressed"])
    array([ 1., nan])
    """
    shown = values.copy()
    if given is not None:
        states = np.broadcast_to(np.asarray(given, dtype=object), values.shape)
        hidden = np.isin(states.astype(str), ["suppressed", "no_data", "not_applicable"])
        shown[hidden] = np.nan
    return shown


def read_rates(
    counts: ArrayLike, population: ArrayLike, given: ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    """Read counts with what they are related to; both blank where either cannot be used.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    population : array_like, (areas,) or (..., areas)
        Persons, or expected cases.
    given : array_like of str or None
        States of the counts.

    Returns
    -------
    tuple of numpy.ndarray
        Counts and population, NaN where the count is blank or withheld or nobody lives.

    Raises
    ------
    ValueError
        When the shapes do not fit or a number is negative.

    Examples
    --------
    >>> read_rates([1, 2, None], [10, 0, 30], None)
    (array([ 1., nan, nan]), array([10., nan, nan]))
    """
    cases = hide_given(read_counts(counts), given)
    persons = read_exposure(population)
    if cases.ndim == 0:
        raise ValueError("counts is a single number; give one for each area, areas last.")
    if persons.shape == cases.shape[-1:]:
        persons = np.array(np.broadcast_to(persons, cases.shape))
    check_same_shape(counts=cases, population=persons)
    unusable = np.isnan(cases) | np.isnan(persons) | (persons == 0)
    cases[unusable] = np.nan
    persons[unusable] = np.nan
    return cases, persons


def group_series(values: FloatArray, neighbours: Neighbours) -> Iterator[Group]:
    """Put series together that have figures for the same areas.

    Parameters
    ----------
    values : numpy.ndarray, (series, areas)
        Figures with blanks.
    neighbours : Neighbours
        Of all areas.

    Yields
    ------
    Group
        Areas without a figure are left out, and after them areas without a neighbour.
    """
    known = ~np.isnan(values)
    patterns, member = np.unique(known, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        beside = neighbours.select(pattern)
        joined = ~beside.isolated
        yield Group(
            series=np.flatnonzero(member.ravel() == number),
            areas=np.flatnonzero(pattern)[joined],
            neighbours=beside.select(joined),
        )


def find_constant(values: FloatArray) -> BoolArray:
    """Say which series have one and the same figure everywhere.

    Parameters
    ----------
    values : numpy.ndarray, (series, areas)
        Figures without blanks.

    Returns
    -------
    numpy.ndarray of bool, (series,)

    Examples
    --------
    >>> find_constant(np.array([[0.1, 0.1], [0.1, 0.2]]))
    array([ True, False])
    """
    spread = np.ptp(values, axis=-1)
    return np.asarray(spread <= ROUNDING * np.abs(values).max(axis=-1), dtype=np.bool_)
