"""Classes of a shaded map and sizes of points: few, from the numbers that are shown, and exact.

Natural breaks after W. D. Fisher ("On grouping for maximum homogeneity", 1958): of all ways to cut
the ordered numbers into classes, the one whose numbers lie closest to the mean of their class.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# More shades than five nobody tells apart.
MOST = 5
# A class of fewer than this on average says more about single places than the map may.
MEMBERS = 4
ROUND = (1, 2, 5)


class MapClassError(ValueError):
    """A number that belongs to no class."""


@dataclass(frozen=True, slots=True)
class MapClass:
    """One shade: the smallest and the largest number that has it.

    Parameters
    ----------
    low, high : float
    """

    low: float
    high: float


def find_classes(values: Sequence[float], most: int = MOST) -> tuple[MapClass, ...]:
    """Cut numbers into classes at their natural breaks.

    Parameters
    ----------
    values : sequence of float
        As they are shown, so that two numbers that read the same are in the same class.
    most : int
        The most classes that there may be.

    Returns
    -------
    tuple of MapClass
        From the lowest. Losses and gains never share a class; a class has four members on
        average at least, where losses and gains leave it the choice.

    Raises
    ------
    MapClassError
        When a value is not a number: a blank has no class.

    Examples
    --------
    >>> [(c.low, c.high) for c in find_classes([1, 2, 2, 3, 11, 12, 12, 13])]
    [(1.0, 3.0), (11.0, 13.0)]
    """
    if not all(math.isfinite(value) for value in values):
        msg = "A blank was given as a number of a map. A blank has no class: leave it out."
        raise MapClassError(msg)
    if not len(values):
        return ()
    known, counts = np.unique(np.asarray(values, dtype=float), return_counts=True)
    sides = int((known < 0).any()) + int((known >= 0).any())
    wanted = min(most, max(sides, len(values) // MEMBERS), len(known))
    cuts = _cut(_costs(known, counts), wanted)
    return tuple(MapClass(float(known[a]), float(known[b - 1])) for a, b in pairwise(cuts))


def _costs(known: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the squared distances to the mean of every run of numbers; across zero, none may be."""
    weight = np.concatenate([[0], np.cumsum(counts)])
    # Around their mean, so that sums of squares keep their digits.
    centred = known - np.average(known, weights=counts)
    total = np.concatenate([[0], np.cumsum(counts * centred)])
    squares = np.concatenate([[0], np.cumsum(counts * centred**2)])
    start, end = np.meshgrid(range(len(known)), range(1, len(known) + 1), indexing="ij")
    is_run = end > start
    members = np.where(is_run, weight[end] - weight[start], 1)
    spread = squares[end] - squares[start] - (total[end] - total[start]) ** 2 / members
    is_mixed = (known[start] < 0) & (known[end - 1] >= 0)
    return np.where(is_run & ~is_mixed, np.maximum(spread, 0), np.inf)


def _cut(costs: NDArray[np.float64], wanted: int) -> list[int]:
    size = len(costs)
    best = costs[0]
    origins: list[NDArray[np.int64]] = []
    for _ in range(1, wanted):
        # Before the last class lies the best cut of all numbers before it.
        before = np.concatenate([[np.inf], best[:-1]])
        reached = before[:, None] + costs
        origins.append(reached.argmin(axis=0))
        best = reached.min(axis=0)
    cuts = [size]
    for origin in reversed(origins):
        cuts.append(int(origin[cuts[-1] - 1]))
    return [0, *reversed(cuts)]


def find_class(value: float, classes: Sequence[MapClass]) -> int:
    """Find the class of a number.

    Parameters
    ----------
    value : float
    classes : sequence of MapClass
        As :func:`find_classes` gives them.

    Returns
    -------
    int
        Its place, from 0.

    Raises
    ------
    MapClassError
        When no class holds it.

    Examples
    --------
    >>> find_class(12, find_classes([1, 2, 2, 3, 11, 12, 12, 13]))
    1
    """
    for place, one in enumerate(classes):
        if one.low <= value <= one.high:
            return place
    msg = f"{value} lies in none of the {len(classes)} classes. Classes are made of all numbers."
    raise MapClassError(msg)


def scale_area(value: float, largest: float) -> float:
    """Give the area of a point as a part of the largest point's.

    Parameters
    ----------
    value : float
        A loss is as large as a gain of the same size.
    largest : float
        The number of the largest point.

    Returns
    -------
    float
        0 to 1: twice the number has twice the area, and 1.4 times the radius.

    Examples
    --------
    >>> scale_area(-25, 100)
    0.25
    """
    return abs(value) / largest if largest else 0.0


def choose_examples(values: Sequence[float]) -> tuple[float, ...]:
    """Choose the sizes that a legend shows: round numbers within those that are drawn.

    Parameters
    ----------
    values : sequence of float

    Returns
    -------
    tuple of float
        At most three, the largest first; none where nothing is drawn.

    Examples
    --------
    >>> choose_examples([105000, 2400, 31])
    (100000.0, 20000.0, 5000.0)
    """
    largest = max((abs(value) for value in values), default=0.0)
    wanted = (_round_down(largest / part) for part in (1, 5, 20))
    # A count below one is none.
    return tuple(dict.fromkeys(n for n in wanted if n >= 1))


def _round_down(value: float) -> float:
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in ROUND if step * power <= value)
