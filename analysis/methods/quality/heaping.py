"""Whether ages were asked for, or guessed in fives and tens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import read_counts
from analysis.methods.reasons import NO_POPULATION

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

YOUNGEST, OLDEST = 23, 62
# Upper bounds of the grades of the United Nations; what lies above the last is very rough.
BOUNDS = (105.0, 110.0, 125.0, 175.0)
GRADES = ("highly_accurate", "fairly_accurate", "approximate", "rough", "very_rough")


@dataclass(frozen=True, eq=False)
class AgeHeaping:
    """Whipple's index and the words for it.

    Parameters
    ----------
    estimates : Estimates
        100 where ages ending in 0 and 5 are as common as others, 500 where there are no others.
    grade : numpy.ndarray of str
        ``highly_accurate`` (below 105), ``fairly_accurate`` (below 110), ``approximate`` (below
        125), ``rough`` (below 175), ``very_rough``; ``not_graded`` without an index.
    """

    estimates: Estimates
    grade: NDArray[np.object_]


def measure_age_heaping(
    persons: ArrayLike, *, first_age: int = 0, given: ArrayLike | None = None
) -> AgeHeaping:
    """Measure by how much ages ending in 0 and 5 are too common (Whipple's index).

    Parameters
    ----------
    persons : array_like, shape (..., ages)
        Persons by single year of age; NaN is a blank.
    first_age : int
        Age of the first place of the last axis.
    given : array_like of str, optional
        One state for each index.

    Returns
    -------
    AgeHeaping
        One index a row, over the ages 23 to 62; ``n`` is the number of persons of these ages.

    Raises
    ------
    ValueError
        When the ages 23 to 62 are not all there, or a count is negative.

    References
    ----------
    United Nations (1955), Methods of Appraisal of Quality of Basic Data for Population Estimates,
    Manual II; Shryock and Siegel (1976), The Methods and Materials of Demography, chapter 8.

    Examples
    --------
    >>> ages = np.arange(100)
    >>> made = measure_age_heaping([np.where(ages % 10 == 0, 15, 10)])
    >>> made.estimates.value.round(1), list(made.grade)
    (array([119.]), ['approximate'])
    """
    held = np.asarray(persons)
    length = held.shape[-1] if held.ndim else 0
    last = first_age + length - 1
    if first_age > YOUNGEST or last < OLDEST:
        raise ValueError(
            f"The ages go from {first_age} to {last}, and the index needs each single year from "
            f"{YOUNGEST} to {OLDEST}. Give persons by single year of age along the last axis."
        )
    ages = np.arange(YOUNGEST, OLDEST + 1)
    middle = read_counts(held[..., YOUNGEST - first_age : OLDEST + 1 - first_age], "persons")
    total = np.asarray(middle.sum(axis=-1))
    heaped = middle[..., ages % 5 == 0].sum(axis=-1)
    nobody = total == 0
    estimates = collect_estimates(
        500 * heaped / np.where(nobody, np.nan, total),
        n=total,
        method="Whipple's index",
        unit="100 = no heaping",
        given=given,
        refused=[(nobody, NO_POPULATION)],
    )
    grade = np.full(total.shape, "not_graded", dtype=object)
    known = estimates.is_number
    place = np.digitize(np.where(known, estimates.value, 0.0), BOUNDS)
    grade[known] = np.array(GRADES, dtype=object)[place[known]]
    return AgeHeaping(estimates, grade)
