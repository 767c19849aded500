"""Reading what a method is given: numbers in, clear sentences for what cannot be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


def read_counts(values: ArrayLike, name: str = "counts") -> FloatArray:
    """Read counts of cases; a blank is NaN and stays one.

    Parameters
    ----------
    values : array_like
        Counts, any shape. Half counts are let through: averages of registers have them.
    name : str
        How the caller names them, for the sentence of an error.

    Returns
    -------
    numpy.ndarray
        A copy as floats, same shape.

    Raises
    ------
    ValueError
        When a value is negative or infinite, or when they are no numbers.

    Examples
    --------
    >>> read_counts([3, None, 0])
    array([ 3., nan,  0.])
    """
    numbers = _read_numbers(values, name)
    wrong = np.isinf(numbers) | (numbers < 0)
    if wrong.any():
        raise ValueError(
            f"{name} holds {numbers[wrong][0]:g}, and a count is a number from 0 up. Leave a cell "
            "blank (NaN) where no figure is known."
        )
    return numbers


def read_exposure(values: ArrayLike, name: str = "population") -> FloatArray:
    """Read what cases are related to: persons, or persons and years; zero is let through.

    Parameters
    ----------
    values : array_like
        Persons, any shape.
    name : str
        How the caller names them, for the sentence of an error.

    Returns
    -------
    numpy.ndarray
        A copy as floats, same shape.

    Raises
    ------
    ValueError
        When a value is negative or infinite, or when they are no numbers.

    Examples
    --------
    >>> read_exposure([98104, 0])
    array([98104.,     0.])
    """
    return read_counts(values, name)


def read_values(values: ArrayLike, name: str = "values") -> FloatArray:
    """Read figures of any sign; a blank is NaN and stays one.

    Parameters
    ----------
    values : array_like
        Figures, any shape.
    name : str
        How the caller names them, for the sentence of an error.

    Returns
    -------
    numpy.ndarray
        A copy as floats, same shape.

    Raises
    ------
    ValueError
        When a value is infinite, or when they are no numbers.

    Examples
    --------
    >>> read_values([-2, 0.5])
    array([-2. ,  0.5])
    """
    numbers = _read_numbers(values, name)
    if np.isinf(numbers).any():
        raise ValueError(
            f"{name} holds an infinite number, and a figure is finite. Leave a cell blank (NaN) "
            "where no figure is known."
        )
    return numbers


def check_same_shape(**arrays: FloatArray) -> None:
    """Refuse arrays that do not belong together.

    Parameters
    ----------
    **arrays : numpy.ndarray
        By the names under which the caller knows them.

    Raises
    ------
    ValueError
        When their shapes differ.

    Examples
    --------
    >>> check_same_shape(counts=np.zeros(3), population=np.ones(3))
    """
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1:
        said = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"The shapes differ: {said}. Each method wants one value of each kind for the same "
            "area and period; align the tables first."
        )


def check_level(level: float) -> float:
    """Refuse a confidence level that is none.

    Parameters
    ----------
    level : float
        Share of intervals that shall hold the true value, such as 0.95.

    Returns
    -------
    float
        The same level.

    Raises
    ------
    ValueError
        When the level does not lie between 0 and 1.

    Examples
    --------
    >>> check_level(0.95)
    0.95
    """
    if not 0 < level < 1:
        raise ValueError(
            f"A confidence level of {level} was asked for, and it lies between 0 and 1: write "
            "0.95 for 95 %."
        )
    return level


def _read_numbers(values: ArrayLike | Sequence[object], name: str) -> FloatArray:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise ValueError(
            f"{name} cannot be read as numbers: {fault}. Give numbers, and NaN or None for a blank."
        ) from fault
