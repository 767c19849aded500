"""Rounding: what rounded figures give away, and rounding that keeps totals right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.methods.reasons import mark
from analysis.protection.linked.solver import NEAR, NoSolutionError, solve_program

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    CountArray = NDArray[np.int64]
    Rule = Literal["nearest", "random"]

NO_ROUNDING = mark("no rounding to neighbouring multiples keeps every total")


@dataclass(frozen=True, eq=False)
class RoundedRanges:
    """True counts that fit rounded figures.

    Parameters
    ----------
    lower, upper : numpy.ndarray, shape (..., cells)
        Smallest and largest true count of each cell; NaN where nothing fits.
    possibilities : numpy.ndarray, shape (...)
        How many rows of true counts fit; 0 where the figures contradict each other.
    """

    lower: FloatArray
    upper: FloatArray
    possibilities: FloatArray


@dataclass(frozen=True, eq=False)
class ControlledRounding:
    """A rounded table whose parts still add up to its totals.

    Parameters
    ----------
    counts : numpy.ndarray, shape (cells,)
        Multiples of the base; NaN where there is no such rounding.
    distance : float
        Sum of the distances to the true counts, over all cells and totals.
    state, reason : str
        ``value``, or ``not_applicable`` and why.
    """

    counts: FloatArray
    distance: float
    state: Literal["value", "not_applicable"]
    reason: str


def find_rounding_reach(base: int, rule: Rule = "nearest") -> tuple[int, int]:
    """Say how far the true count may lie below and above its rounded figure.

    Parameters
    ----------
    base : int
        Figures are multiples of it.
    rule : str
        ``nearest``: to the nearest multiple, a half goes up. ``random``: to one of the two
        neighbours by chance; a multiple stays.

    Returns
    -------
    tuple of int
        Distances from the figure: at most 0, and at least 0.

    Raises
    ------
    ValueError
        When the base is below 2 or the rule is unknown.

    Examples
    --------
    >>> find_rounding_reach(5), find_rounding_reach(4), find_rounding_reach(3, "random")
    ((-2, 2), (-2, 1), (-2, 2))
    """
    _check_base(base)
    if rule not in {"nearest", "random"}:
        raise ValueError(f"There is no rule of rounding '{rule}'. Write 'nearest' or 'random'.")
    return (-(base // 2), (base - 1) // 2) if rule == "nearest" else (1 - base, base - 1)


def find_rounding_ranges(
    cells: ArrayLike, totals: ArrayLike, base: int, rule: Rule = "nearest"
) -> RoundedRanges:
    """Find the true counts behind rows that were rounded cell by cell, totals too.

    In whole numbers and one row at a time the bounds are exact, and every number between them
    fits. For tables, give the bounds of each cell to
    :func:`analysis.protection.linked.tables.link_cells` and attack that.

    Parameters
    ----------
    cells : array_like of int, shape (..., cells)
        Published figures.
    totals : array_like of int, shape (...)
        Published total of each row.
    base : int
        Figures are multiples of it.
    rule : str
        As in :func:`find_rounding_reach`.

    Returns
    -------
    RoundedRanges

    Raises
    ------
    ValueError
        When a figure is no multiple of the base, or when shapes differ.

    Examples
    --------
    >>> found = find_rounding_ranges([5, 5, 0], 5, base=5)
    >>> found.lower, found.upper, found.possibilities
    (array([3., 3., 0.]), array([4., 4., 1.]), array(4.))

    References
    ----------
    Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, Springer, ch. 9.
    """
    below, above = find_rounding_reach(base, rule)
    parts, sums = _read_multiples(cells, base, "cells"), _read_multiples(totals, base, "totals")
    if parts.shape[:-1] != sums.shape:
        raise ValueError(
            f"The cells have the shape {parts.shape} and the totals {sums.shape}. Give one total "
            "for each row of cells."
        )
    low, high = np.maximum(parts + below, 0), parts + above
    total_low, total_high = np.maximum(sums + below, 0), sums + above
    lower = np.maximum(low, total_low[..., None] - high.sum(axis=-1, keepdims=True) + high)
    upper = np.minimum(high, total_high[..., None] - low.sum(axis=-1, keepdims=True) + low)
    fits = (lower <= upper).all(axis=-1, keepdims=True)
    ways = np.array(
        [
            _count_ways(low[row], high[row], int(total_low[row]), int(total_high[row]))
            for row in np.ndindex(sums.shape)
        ]
    )
    return RoundedRanges(
        np.where(fits, lower, np.nan), np.where(fits, upper, np.nan), ways.reshape(sums.shape)
    )


def find_rounding_chances(counts: ArrayLike, base: int) -> tuple[FloatArray, FloatArray]:
    """Give the chances of rounding down and up that leave the mean of a figure right.

    Parameters
    ----------
    counts : array_like of int, any shape
        True counts.
    base : int
        Figures are multiples of it.

    Returns
    -------
    tuple of numpy.ndarray
        Chance of the multiple below (the count itself, where it is one) and of the one above.

    Raises
    ------
    ValueError
        When a count is negative or broken, or the base is below 2.

    Examples
    --------
    >>> down, up = find_rounding_chances([6, 7, 8], base=3)
    >>> up.round(3)
    array([0.   , 0.333, 0.667])

    References
    ----------
    Nargundkar and Saveland (1972), Random rounding to prevent statistical disclosure, Proceedings
    of the American Statistical Association, Social Statistics Section: 382-385.
    """
    _check_base(base)
    up = np.mod(_read_whole(counts, "counts"), base) / base
    return 1.0 - up, up


def round_under_control(cells: LinkedCells, base: int = 5) -> ControlledRounding:
    """Round all cells and totals to neighbouring multiples such that parts add up to totals.

    A multiple of the base stays what it is. Of all such roundings the one nearest to the true
    counts is taken, cells and totals alike.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, totals included, and their equations.
    base : int
        Figures become multiples of it.

    Returns
    -------
    ControlledRounding
        ``not_applicable`` where there is none, which can happen with three dimensions and more.

    Raises
    ------
    ValueError
        When a count is negative, broken or absent, or the base is below 2.
    SolverError
        When the program is not solved.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> round_under_control(link_cells([3, 4, 7, 14], [[-1, -1, -1, 1]])).counts
    array([ 5.,  5.,  5., 15.])

    References
    ----------
    Cox (1987), A constructive procedure for unbiased controlled rounding, JASA 82: 520-524.
    """
    _check_base(base)
    counts = _read_whole(cells.counts, "counts").astype(np.float64)
    residual = np.mod(counts, base)
    floor = counts - residual
    # Each cell takes one step up or none; what the step adds to the distance is its cost.
    right = (cells.right_side - cells.equations @ floor) / base
    try:
        steps = solve_program(
            base - 2.0 * residual,
            cells.equations,
            right,
            right,
            np.zeros(len(cells)),
            (residual > 0).astype(np.float64),
            np.ones(len(cells), dtype=bool),
        )
    except NoSolutionError:
        blank = np.full(len(cells), np.nan)
        return ControlledRounding(blank, float("nan"), "not_applicable", NO_ROUNDING)
    rounded = floor + base * steps
    return ControlledRounding(rounded, float(np.abs(rounded - counts).sum()), "value", "")


def _count_ways(low: CountArray, high: CountArray, least: int, most: int) -> float:
    ways = np.ones(1)
    for width in high - low + 1:
        ways = np.convolve(ways, np.ones(int(width)))
    sums = int(low.sum()) + np.arange(len(ways))
    return float(ways[(sums >= least) & (sums <= most)].sum())


def _read_whole(figures: ArrayLike, name: str) -> CountArray:
    numbers = np.asarray(figures, dtype=np.float64)
    wrong = ~np.isfinite(numbers) | (numbers < 0)
    wrong |= np.abs(np.where(wrong, 0.0, numbers) % 1.0) > NEAR
    if wrong.any():
        raise ValueError(
            f"{name} holds {numbers[wrong].flat[0]:g}, and only whole counts are rounded. "
            "Round before a rate is made, and leave withheld cells out."
        )
    return np.asarray(np.round(numbers), dtype=np.int64)


def _read_multiples(figures: ArrayLike, base: int, name: str) -> CountArray:
    numbers = _read_whole(figures, name)
    wrong = np.mod(numbers, base) != 0
    if wrong.any():
        raise ValueError(
            f"{name} holds {numbers[wrong].flat[0]}, which is no multiple of {base}. Give figures "
            "as they are published, and the base to which they were rounded."
        )
    return numbers


def _check_base(base: int) -> None:
    if base != int(base) or base < 2:  # noqa: PLR2004  to a base of 1 nothing is rounded
        raise ValueError(f"Rounding to the base {base} hides nothing. Give a whole number from 2.")
