"""Reading years, and the states and blanks of figures over years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

# States of figures that may be used.
USABLE = ("value", "zero")


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


def summarise_given(given: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.object_] | None:
    """Turn the states of single years into one state a series.

    Parameters
    ----------
    given : array_like of str, optional
        States a series, or a series and year.
    shape : tuple of int
        Shape of the series, time last.

    Returns
    -------
    numpy.ndarray of str or None
        One state a series. A series with one suppressed year is suppressed, because its trend
        would tell about that year; a blank year is merely left out.

    Raises
    ------
    ValueError
        When the states fit neither the series nor their years.

    Examples
    --------
    >>> summarise_given([["value", "suppressed"], ["value", "no_data"]], (2, 2))
    array(['suppressed', 'value'], dtype=object)
    """
    if given is None:
        return None
    states = np.array(given, dtype=object)
    if states.shape == shape[:-1]:
        return states
    if states.shape != shape:
        raise ValueError(
            f"given has the shape {states.shape}, and the series have {shape}. Give one state a "
            "series, or one a series and year."
        )
    joined = np.full(shape[:-1], "value", dtype=object)
    for name in ("no_data", "not_applicable"):
        joined[np.asarray((states == name).all(axis=-1))] = name
    joined[np.asarray((states == "suppressed").any(axis=-1))] = "suppressed"
    return joined


def blank_unusable(given: ArrayLike | None, shape: tuple[int, ...]) -> BoolArray:
    """Find the figures that their states forbid to use.

    Parameters
    ----------
    given : array_like of str, optional
        States a series, or a series and year.
    shape : tuple of int
        Shape of the series, time last.

    Returns
    -------
    numpy.ndarray of bool
        Shape (series, years): every year of a series that is not a value as a whole, and single
        years that are not.

    Examples
    --------
    >>> blank_unusable([["value", "suppressed"], ["value", "no_data"]], (2, 2))
    array([[ True,  True],
           [False,  True]])
    """
    barred = np.zeros(shape, dtype=np.bool_)
    joined = summarise_given(given, shape)
    if joined is not None:
        barred |= ~np.isin(joined, USABLE)[..., None]
        states = np.array(given, dtype=object)
        if states.shape == shape:
            barred |= ~np.isin(states, USABLE)
    return barred.reshape(-1, shape[-1])


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
