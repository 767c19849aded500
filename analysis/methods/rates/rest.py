"""The rate of each area against that of all others together, the area taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import check_same_shape, read_counts, read_exposure
from analysis.methods.rates.contrasts import RateRatio, estimate_ratio
from analysis.methods.rates.intervals import LEVELS
from analysis.methods.states import reduce_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


def compare_with_rest(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    total_counts: ArrayLike | None = None,
    total_population: ArrayLike | None = None,
    levels: float | Sequence[float] = LEVELS,
    given: ArrayLike | None = None,
) -> RateRatio:
    """Compare the rate of each area with that of all others together, the area taken out.

    Parameters
    ----------
    counts, population : array_like, shape (areas, ...)
        Cases and residents; NaN is a blank.
    total_counts, total_population : array_like, optional
        Published totals that the areas belong to (country, or each area's region), of a shape
        that broadcasts to that of the counts. Without them the areas are summed, and then one
        blank or suppressed area leaves nothing to say of any: the rest would give it back.
    levels : float or sequence of float
        Confidence levels, the shown one first.
    given : array_like of str, optional
        States of the counts.

    Returns
    -------
    RateRatio
        P-values of many areas belong through
        :func:`~analysis.methods.multiplicity.control_false_discovery`.

    Raises
    ------
    ValueError
        When only one total is given, an area exceeds its total, shapes differ or a count is
        negative.

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31, 313.

    Examples
    --------
    >>> made = compare_with_rest([12, 20, 30], [10000, 50000, 40000])
    >>> made.estimates.value.round(2)
    array([2.16, 0.48, 1.41])
    """
    cases, persons = read_counts(counts), read_exposure(population)
    check_same_shape(counts=cases, population=persons)
    if (total_counts is None) != (total_population is None):
        raise ValueError(
            "Only one of total_counts and total_population was given, and the rest needs both "
            "its cases and its residents. Give both, or neither."
        )
    if total_counts is None or total_population is None:
        sums = (cases.sum(axis=0, keepdims=True), persons.sum(axis=0, keepdims=True))
        other_given = _states_of_the_rest(given, cases.shape)
    else:
        sums = (
            read_counts(total_counts, "total_counts"),
            read_exposure(total_population, "total_population"),
        )
        other_given = None
    return estimate_ratio(
        cases,
        persons,
        _take_out(cases, sums[0], "cases"),
        _take_out(persons, sums[1], "residents"),
        levels=levels,
        given=given,
        other_given=other_given,
    )


def _take_out(part: FloatArray, total: FloatArray, name: str) -> FloatArray:
    rest = np.broadcast_to(total, part.shape) - part
    wrong = rest < 0
    if wrong.any():
        raise ValueError(
            f"An area has {part[wrong][0]:g} {name} and its total "
            f"{np.broadcast_to(total, part.shape)[wrong][0]:g}: an area cannot exceed what it "
            "belongs to. Check that both are of the same period and definition."
        )
    return np.asarray(rest, dtype=np.float64)


def _states_of_the_rest(
    given: ArrayLike | None, shape: tuple[int, ...]
) -> NDArray[np.object_] | None:
    if given is None:
        return None
    states = np.broadcast_to(np.asarray(given, dtype=object), shape)
    joined = reduce_states(np.moveaxis(states, 0, -1), (*shape[1:], shape[0]))
    if joined is None:
        return None
    # An area that does not apply takes nothing from the rest of the others.
    said = np.where(joined == "not_applicable", "value", joined).astype(object)
    return np.broadcast_to(said, shape)
