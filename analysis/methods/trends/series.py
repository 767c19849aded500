"""Reading counts by area and year: which years of a series a trend may be drawn through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.methods.inputs import read_counts, read_exposure, read_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Mask = NDArray[np.bool_]

# Cells that are worked on at once: large enough for numpy, small enough for the cache.
BLOCK_CELLS = 2**17


@dataclass(frozen=True, eq=False)
class Series:
    """Series laid out as rows, with what may be used of them.

    Parameters
    ----------
    counts : numpy.ndarray, shape (rows, years)
        Cases; 0 where ``used`` is false.
    exposure : numpy.ndarray, shape (rows, years)
        Population; 0 where ``used`` is false.
    used : numpy.ndarray of bool, shape (rows, years)
        Cells with a count and a population, from the last break on.
    years : numpy.ndarray, shape (years,)
        Ascending.
    shape : tuple of int
        Shape of the leading axes, which the rows stand for.
    is_hidden : numpy.ndarray of bool, shape (rows,)
        A count in the window is withheld.
    is_cut : numpy.ndarray of bool, shape (rows,)
        Years with a count lie before the last break and are left out.
    lacks_population : numpy.ndarray of bool, shape (rows,)
        There are counts, yet in no year a population.
    """

    counts: FloatArray
    exposure: FloatArray
    used: Mask
    years: FloatArray
    shape: tuple[int, ...]
    is_hidden: Mask
    is_cut: Mask
    lacks_population: Mask

    def blocks(self) -> Iterator[slice]:
        """Give runs of rows small enough to be worked on at once.

        Yields
        ------
        slice
            Rows.
        """
        rows = max(1, BLOCK_CELLS // max(1, len(self.years)))
        for first in range(0, len(self.counts), rows):
            yield slice(first, first + rows)


def read_series(
    counts: ArrayLike,
    population: ArrayLike | None = None,
    years: ArrayLike | None = None,
    *,
    breaks: ArrayLike | None = None,
    given: ArrayLike | None = None,
) -> Series:
    """Read counts by year, and settle which cells a trend may use.

    Parameters
    ----------
    counts : array_like, shape (..., years)
        Cases; NaN where there is no figure.
    population : array_like, optional
        Persons, of the shape of the counts or one that spreads over it, such as (areas, years).
    years : array_like, shape (years,), optional
        Ascending; 0, 1, 2 ... when not given.
    breaks : array_like, optional
        Breaks of series, such as a new law: bools that spread over the counts, true in the first
        year after a break; or places along the year axis that hold for every series.
    given : array_like of str, optional
        States of the counts, spreading over them.

    Returns
    -------
    Series

    Raises
    ------
    ValueError
        When there is no year axis, shapes differ, years do not ascend, or a break lies outside.

    Examples
    --------
    >>> read_series([[4, None, 6]], breaks=[1]).used
    array([[False, False,  True]])
    """
    cases = read_counts(counts)
    if cases.ndim == 0:
        raise ValueError("counts is a single number, and a trend needs one count a year.")
    persons = np.ones(cases.shape)
    if population is not None:
        persons = spread_over(read_exposure(population), cases, "population")
    times = read_years(years, cases.shape[-1])
    after = _read_breaks(breaks, cases)
    blank = np.isnan(cases)
    reached = np.isfinite(persons) & (persons > 0)
    hidden = np.zeros(cases.shape, dtype=np.bool_)
    if given is not None:
        states = spread_over(np.asarray(given, dtype=object), cases, "given")
        hidden = np.asarray(states == "suppressed", dtype=np.bool_)
        blank = blank | np.isin(states.astype(str), ["suppressed", "no_data", "not_applicable"])
    used = ~blank & reached & after
    rows = (int(np.prod(cases.shape[:-1])), cases.shape[-1])
    return Series(
        counts=np.where(used, cases, 0.0).reshape(rows),
        exposure=np.where(used, persons, 0.0).reshape(rows),
        used=used.reshape(rows),
        years=times,
        shape=cases.shape[:-1],
        is_hidden=(hidden & after).any(axis=-1).ravel(),
        is_cut=(~blank & reached & ~after).any(axis=-1).ravel(),
        lacks_population=((~blank & after).any(axis=-1) & ~used.any(axis=-1)).ravel(),
    )


def read_years(years: ArrayLike | None, length: int) -> FloatArray:
    """Read the years of a series.

    Parameters
    ----------
    years : array_like, shape (years,), or None
        Ascending; gaps are let through.
    length : int
        How many there have to be.

    Returns
    -------
    numpy.ndarray
        Years as floats; 0, 1, 2 ... when not given.

    Raises
    ------
    ValueError
        When their number differs, one is blank, or they do not ascend.

    Examples
    --------
    >>> read_years(None, 3)
    array([0., 1., 2.])
    """
    if years is None:
        return np.arange(length, dtype=np.float64)
    times = read_values(years, "years")
    if times.shape != (length,):
        raise ValueError(
            f"There are years of the shape {times.shape}, and the series have {length} years. "
            "Give one year for each place along the last axis."
        )
    if np.isnan(times).any() or (np.diff(times) <= 0).any():
        raise ValueError(
            f"The years {[float(year) for year in times]} do not ascend. Sort the series by year "
            "and give each year once."
        )
    return times


def spread_over(array: NDArray[Any], counts: FloatArray, name: str) -> NDArray[Any]:
    """Spread an array over the counts that it belongs to.

    Parameters
    ----------
    array : numpy.ndarray
        What is to be spread.
    counts : numpy.ndarray
        Whose shape it takes.
    name : str
        How the caller names it.

    Returns
    -------
    numpy.ndarray
        A view of the shape of the counts.

    Raises
    ------
    ValueError
        When it does not fit.

    Examples
    --------
    >>> spread_over(np.array([1.0, 2.0]), np.zeros((2, 2)), "population")
    array([[1., 2.],
           [1., 2.]])
    """
    try:
        return np.broadcast_to(array, counts.shape)
    except ValueError:
        raise ValueError(
            f"{name} has the shape {array.shape} and does not spread over figures of the shape "
            f"{counts.shape}. Give one for each figure, or one for each year."
        ) from None


def _read_breaks(breaks: ArrayLike | None, counts: FloatArray) -> Mask:
    """Tell which cells lie at or after the last break of their series."""
    length = counts.shape[-1]
    marks = np.asarray([] if breaks is None else breaks)
    if marks.size == 0:
        return np.ones(counts.shape, dtype=np.bool_)
    if marks.dtype == np.bool_:
        spread = spread_over(marks, counts, "breaks")
        # A cell lies after the last break when no break comes later than it.
        later = np.flip(np.logical_or.accumulate(np.flip(spread, -1), axis=-1), -1)
        return ~np.concatenate([later[..., 1:], np.zeros_like(later[..., :1])], axis=-1)
    if not np.issubdtype(marks.dtype, np.integer) or marks.min() < 0 or marks.max() >= length:
        raise ValueError(
            f"The breaks {marks.ravel().tolist()} are no places along {length} years. Give bools, "
            "true in the first year after a break, or places from 0 on."
        )
    return np.broadcast_to(np.arange(length) >= marks.max(), counts.shape)
