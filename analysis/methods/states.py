"""States of a number that is made of several: of all of them, or of those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    States = NDArray[np.object_]

# What is withheld wins over what is blank: a blank invites to fill it in from elsewhere.
MOST_SILENT_FIRST = ("suppressed", "no_data", "not_applicable")

# States of figures that may be used.
USABLE = ("value", "zero")


def join_states(first: ArrayLike | None, second: ArrayLike | None) -> States | None:
    """Give the state of numbers that are each made of two.

    Parameters
    ----------
    first, second : array_like of str, optional
        States of the two inputs, shapes that broadcast.

    Returns
    -------
    numpy.ndarray of str or None
        ``suppressed`` where either is, then ``no_data``, then ``not_applicable``, else
        ``value``. None where nothing was said about both.

    Examples
    --------
    >>> list(join_states(["value", "no_data"], ["suppressed", "value"]))
    ['suppressed', 'no_data']
    """
    told = [np.asarray(states, dtype=object) for states in (first, second) if states is not None]
    if not told:
        return None
    stacked = np.stack(np.broadcast_arrays(*told), axis=-1)
    return _reduce(stacked)


def reduce_states(given: ArrayLike | None, shape: tuple[int, ...]) -> States | None:
    """Give the state of numbers that are each made of a row of the last axis.

    Parameters
    ----------
    given : array_like of str, optional
        States of the inputs, of the shape of the rows (`shape`) or of that without its last axis.
    shape : tuple of int
        Shape of the inputs.

    Returns
    -------
    numpy.ndarray of str or None
        One state a row.

    Raises
    ------
    ValueError
        When the states have neither shape.

    Examples
    --------
    >>> list(reduce_states([["value", "suppressed"], ["value", "zero"]], (2, 2)))
    ['suppressed', 'value']
    """
    if given is None:
        return None
    states = np.asarray(given, dtype=object)
    if states.shape == shape:
        return _reduce(states)
    if states.shape == shape[:-1]:
        return states
    raise ValueError(
        f"The states have the shape {states.shape}, and the figures {shape}. Give one state a "
        "figure, or one a row."
    )


def _reduce(states: States) -> States:
    joined = np.full(states.shape[:-1], "value", dtype=object)
    for state in reversed(MOST_SILENT_FIRST):
        joined[np.asarray((states == state).any(axis=-1), dtype=np.bool_)] = state
    return joined


def summarise_states(states: States) -> States:
    """Give the state of numbers that are made of what there is of a row of the last axis.

    Parameters
    ----------
    states : numpy.ndarray of str
        States of the inputs, shape (..., inputs).

    Returns
    -------
    numpy.ndarray of str
        ``suppressed`` with the first suppressed input, because the number would tell it; blank
        only with the last, because a blank is merely left out.

    Examples
    --------
    >>> told = np.array([["value", "suppressed"], ["value", "no_data"]], dtype=object)
    >>> list(summarise_states(told))
    ['suppressed', 'value']
    """
    joined = np.full(states.shape[:-1], "value", dtype=object)
    for name in ("no_data", "not_applicable"):
        joined[np.asarray((states == name).all(axis=-1), dtype=np.bool_)] = name
    joined[np.asarray((states == "suppressed").any(axis=-1), dtype=np.bool_)] = "suppressed"
    return joined


def summarise_given(given: ArrayLike | None, shape: tuple[int, ...]) -> States | None:
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
    return summarise_states(states)


def blank_unusable(given: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.bool_]:
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
