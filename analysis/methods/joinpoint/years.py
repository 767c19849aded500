"""Reading years, and the states and blanks of figures over years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


def read_years(years: ArrayLike, wanted: int) -> FloatArray:
    """Read the years of a series.

    Parameters
    ----------
    years : array_like
        One year an observation.
    wanted : int
        Length of the time axis that they belong to.

    Returns
    -------
    numpy.ndarray
        Shape (years,).

    Raises
    ------
    ValueError
        When they are not as many as the observations, or do not ascend.

    Examples
    --------
    >>> read_years([2019, 2020, 2021], 3)
    array([2019., 2020., 2021.])
    """
    read = np.array(years, dtype=np.float64)
    if read.shape != (wanted,):
        raise ValueError(
            f"years has the shape {read.shape}, and the series have {wanted} observations on their "
            "last axis. Give one year for each."
        )
    if not (np.diff(read) > 0).all():
        raise ValueError(
            "years do not ascend, or hold a blank. Sort the series by year, one observation a year."
        )
    return read


def group_by_blanks(present: BoolArray) -> Iterator[tuple[NDArray[np.int64], BoolArray]]:
    """Group series that are blank in the same years, so that each group shares its years.

    Parameters
    ----------
    present : numpy.ndarray of bool
        Where there is a figure, shape (series, years).

    Yields
    ------
    rows : numpy.ndarray
        Series of the group.
    pattern : numpy.ndarray of bool
        Years with a figure, shape (years,).

    Examples
    --------
    >>> present = np.array([[True, True], [True, False], [True, True]])
    >>> [(rows.tolist(), pattern.tolist()) for rows, pattern in group_by_blanks(present)]
    [([1], [True, False]), ([0, 2], [True, True])]
    """
    patterns, member = np.unique(present, axis=0, return_inverse=True)
    member = member.ravel()
    for number, pattern in enumerate(patterns):
        yield np.flatnonzero(member == number), pattern
