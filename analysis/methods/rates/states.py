"""States of a number that is made of several: the most silent of them counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    States = NDArray[np.object_]

# What is withheld wins over what is blank: a blank invites to fill it in from elsewhere.
MOST_SILENT_FIRST = ("suppressed", "no_data", "not_applicable")


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
